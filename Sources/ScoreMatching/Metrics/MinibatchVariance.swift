import Expressions
import Settings

/// How much a training loss or its gradient varies from minibatch to minibatch.
///
///     Var ℓ_B(θ)   or   tr Cov ∇_θ ℓ_B(θ) = Σᵢ Var ∂ℓ_B/∂θᵢ
///
/// over minibatches B of rows that are drawn independently, with new directions and noise for each, at
/// the learned parameters θ. Both fall as 1 over the rows of a minibatch.
public struct MinibatchVariance: Sendable {
  /// What varies.
  public enum Quantity: Sendable, Hashable {
    /// The loss.
    case loss
    /// Its gradient in all parameters.
    case gradient
  }

  /// Which of the two.
  public let quantity: Quantity
  /// The loss that the trial minimises.
  public let loss: TrainingLoss
  /// Rows of a minibatch, as in training.
  public let batch: Int
  /// The number of minibatches.
  public let count: Int
  private let trial: SettingValue
  private let target: (any Target)?

  /// The variance for a trial; nil for one that is not trained by minibatches.
  ///
  /// - Parameters:
  ///   - quantity: what varies.
  ///   - settings: those of the metric.
  ///   - trial: the complete settings of the trial.
  ///   - target: the distribution of the data, nil where it is not known.
  init?(
    _ quantity: Quantity, _ settings: SettingValue, trial: SettingValue, target: (any Target)?
  ) {
    guard let loss = TrainingLoss(trial), trial.has("training.batch"),
      target != nil || !loss.needsTargetScore, loss.contrast == nil
    else { return nil }
    self.quantity = quantity
    self.loss = loss
    batch = trial.integer("training.batch")
    count = settings.integer("minibatches")
    self.trial = trial
    self.target = target
  }

  /// What is computed for each minibatch: the arrays whose elements vary.
  ///
  /// - Parameter d: the number of coordinates.
  public func outputs(dimension d: Int) -> [Tensor] {
    let model = Models.make(for: trial, dimension: d)
    let x = Tensor.rows(Minimisation.dataName, [batch, d])
    let exact = loss.needsTargetScore ? target?.score(x) : nil
    let (value, gradients) = valueAndGradients(
      of: { loss(model.subject(at: $0), at: x, target: exact) }, at: model.states)
    return quantity == .loss ? [value] : gradients
  }

  /// The sum over elements of their variances over minibatches, gathered one minibatch at a time; it can be kept
  /// between any two, to the last bit.
  public struct Gathering: Sendable, Codable {
    /// Minibatches that were taken in.
    public private(set) var count = 0
    @Exact private var means: [Double] = []
    @Exact private var squares: [Double] = [0]

    /// Nothing yet.
    public init() {}

    /// Takes in the elements of one minibatch.
    public mutating func add(_ values: [Double]) {
      if means.isEmpty { means = [Double](repeating: 0, count: values.count) }
      count += 1
      for (index, value) in values.enumerated() {
        let change = value - means[index]
        means[index] += change / Double(count)
        squares[0] += change * (value - means[index])
      }
    }

    /// The sum of the unbiased variances; its relative error is about √(2/minibatches) for one element.
    public var variance: Double { squares[0] / Double(count - 1) }
  }

  static let settings = [
    Setting(
      "minibatches", .integer(2...1_000_000), default: .number(1000), unit: "minibatches",
      "minibatches that the variance is taken over, as large as in training")
  ]
}

extension Metric {
  /// ``MinibatchVariance`` of the loss or of its gradient.
  ///
  ///     Var ℓ_B(θ),   tr Cov ∇_θ ℓ_B(θ)
  ///
  /// The unit is that of the loss squared; for the gradient parameters count as numbers.
  ///
  /// - Parameter variance: of what, over how many minibatches.
  /// - Complexity: as many training steps as minibatches.
  ///
  /// Reference: Song, Garg, Shi & Ermon, UAI 2019, section 3.2 compares losses by it.
  public static func variance(_ variance: MinibatchVariance) -> Metric {
    let what = variance.quantity == .loss ? "the training loss" : "its gradient, summed,"
    return Metric(
      unit: dataUnit(toThe: 2 * variance.loss.unitPower),
      "variance of \(what) over \(variance.count) minibatches of \(variance.batch) rows",
      .minibatches(variance))
  }

  /// What the variance over minibatches is exactly, where data are normal and the score is linear.
  ///
  ///     Var ℓ_B(θ),   tr Cov ∇_θ ℓ_B(θ)
  ///
  /// - Parameters:
  ///   - quantity: of the loss, or of its gradient.
  ///   - trial: the complete settings of the trial.
  /// - Throws: where no closed form is known: see ``LinearScoreVariance``.
  /// - Complexity: O(d⁴), once.
  ///
  /// Reference: ``LinearScoreVariance`` derives it.
  public static func exactVariance(
    _ quantity: MinibatchVariance.Quantity, trial: SettingValue
  ) throws(MetricAbsence) -> Metric {
    let exact = try LinearScoreVariance(trial)
    let loss = try TrainingLoss(trial).orAbsent("nothing is trained by minibatches")
    let what = quantity == .loss ? "the training loss" : "its gradient, summed,"
    return Metric(
      unit: dataUnit(toThe: 2 * loss.unitPower),
      "variance of \(what) over minibatches, in closed form",
      .closedForm(work: exact.work(of: quantity)) { exact.variance(of: quantity, at: $0) })
  }
}
