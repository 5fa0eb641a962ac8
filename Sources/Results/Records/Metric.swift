/// One measured number of a trial.
public struct Metric: Sendable {
  /// The column it becomes: `fisher_divergence`.
  public var name: String
  /// What was measured; NaN where the computation gave NaN.
  public var value: Double
  /// A unit in the words of the CF conventions, "1" for a pure number.
  public var unit: String
  /// What a plot's axis would say.
  public var longName: String

  /// A measured number.
  public init(_ name: String, _ value: Double, unit: String = "1", longName: String = "") {
    self.name = name
    self.value = value
    self.unit = unit
    self.longName = longName
  }
}

extension Metric {
  /// The unit of a metric that several trials have; empty where theirs differ, as the variances of
  /// different losses do.
  public static func commonUnit(of metrics: some Sequence<Metric>) -> String {
    let units = Set(metrics.map(\.unit))
    return units.count == 1 ? units.first ?? "" : ""
  }
}

extension Metric: Equatable {
  /// Equal when the words are the same and the value has the same bits, so that NaN equals itself.
  public static func == (a: Metric, b: Metric) -> Bool {
    a.name == b.name && a.value.bitPattern == b.value.bitPattern && a.unit == b.unit
      && a.longName == b.longName
  }
}

/// One checkpoint of a trial's training.
public struct CurvePoint: Sendable {
  /// The optimiser step.
  public var step: Int
  /// The training loss.
  public var trainingLoss: Double
  /// The validation loss, NaN where there is none.
  public var validationLoss: Double
  /// The norm of the gradient.
  public var gradientNorm: Double

  /// A checkpoint.
  public init(step: Int, trainingLoss: Double, validationLoss: Double, gradientNorm: Double) {
    self.step = step
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.gradientNorm = gradientNorm
  }
}

extension CurvePoint: Equatable {
  /// Equal when every number has the same bits, so that NaN equals itself.
  public static func == (a: CurvePoint, b: CurvePoint) -> Bool {
    a.step == b.step
      && sameBits(
        [a.trainingLoss, a.validationLoss, a.gradientNorm],
        [b.trainingLoss, b.validationLoss, b.gradientNorm])
  }
}
