import Expressions

/// How much data a metric is made of.
public struct MetricExtents: Sendable, Hashable {
  /// Held-out rows.
  public let rowCount: Int
  /// Samples.
  public let sampleCount: Int
  /// The number of coordinates, d.
  public let dimension: Int

  /// So many held-out rows and samples.
  public init(rowCount: Int, sampleCount: Int, dimension: Int) {
    (self.rowCount, self.sampleCount) = (rowCount, sampleCount)
    self.dimension = dimension
  }
}

/// A number that says how good a model is, computed in Double from held-out data.
public struct Metric: Sendable {
  /// How the number comes about.
  public enum Quantity: Sendable {
    /// A scalar of means over rows, from the model and held-out data [n, d].
    case mean(@Sendable (Subject, Tensor) -> Tensor)
    /// Numbers for each row, each [n], and what is made of them, in the order they are given in.
    case rows(@Sendable (Subject, Tensor) -> [Tensor], @Sendable ([[Double]]) -> Double)
    /// What the training loss varies by over minibatches of held-out data.
    case minibatches(MinibatchVariance)
    /// A number that the parameters have, in the model's order, whatever the data, and its work.
    case closedForm(work: Double, @Sendable ([[Double]]) -> Double)
    /// What simulations of the model end with.
    case simulations(MetricSimulations)
    /// Rows and samples alone, and the work; throws what ``MetricData/checkpoint`` does.
    case data(
      work: @Sendable (MetricExtents) -> Double, @Sendable (MetricData) throws -> Double)
  }

  /// What plain loops cost, in operations of a matrix product: one number that is multiplied and added, and
  /// one that is compared in a sort.
  static let loopWork = (number: 15.0, comparison: 160.0)

  /// The unit of the number, "1" where it has none.
  public let unit: String
  /// What the number is, for the results file.
  public let longName: String

  /// How the number comes about.
  public let quantity: Quantity

  /// Why there is no number for a model at values of what is kept as state beside it, parameters first; a
  /// clause, nil where there is one. What is hindered is not computed, and NaN.
  public let hindrance: @Sendable (Subject, [[Double]]) -> String?

  init(
    unit: String, _ longName: String, _ quantity: Quantity,
    hindrance: @escaping @Sendable (Subject, [[Double]]) -> String? = { _, _ in nil }
  ) {
    self.unit = unit
    self.longName = longName
    self.quantity = quantity
    self.hindrance = hindrance
  }

  /// No normaliser to estimate.
  static func unnormalisable(_ model: Subject, _ values: [[Double]]) -> String? {
    model.normaliserDefect(values).map { "the fitted density has no normaliser: \($0)" }
  }

  /// A scalar of means over rows that needs the score alone.
  init(
    unit: String, _ longName: String,
    _ body: @escaping @Sendable (ScoreFunction, Tensor) -> Tensor
  ) {
    self.init(unit: unit, longName, .mean { body($0.score, $1) })
  }

  /// The unit of what has so many powers of the data's: "1", "data units", "1/(data units)^2".
  static func dataUnit(toThe power: Int) -> String {
    let size = power.magnitude
    let unit = size == 1 ? "data units" : "(data units)^\(size)"
    return power == 0 ? "1" : power > 0 ? unit : "1/" + unit
  }

  /// The random stream of the noise that some metrics add to the data.
  public static let noiseStream = "metric-noise"
}
