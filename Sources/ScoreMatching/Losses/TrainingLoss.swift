import Expressions
import Settings

/// The loss that a trial minimises.
public struct TrainingLoss: Sendable {
  /// What it computes.
  public let objective: any Objective

  /// The loss that a trial's settings choose; nil for one that is not minimised.
  ///
  /// - Parameter trial: the complete settings of a trial.
  public init?(_ trial: SettingValue) {
    let name = trial.text("loss.type")
    guard let type = Losses.objectives.first(where: { $0.name == name }) else { return nil }
    objective = type.init(trial)
  }

  /// Whether the loss is given the exact score at the data.
  public var needsTargetScore: Bool { objective.needsTargetScore }

  /// The noise that the loss tells data from; nil for a loss of data alone.
  public var contrast: ContrastiveNoise? { objective.contrast }

  /// The power of the data's unit that the loss has.
  public var unitPower: Int { objective.unitPower }

  /// The random streams that the loss draws from.
  public var streams: [String] { objective.streams }

  /// The scalar inputs of the loss and their values.
  public var scalars: [ScalarValue] { objective.scalars }

  /// The loss of a model on rows, a scalar.
  ///
  /// - Parameters:
  ///   - model: what is fitted, at the parameters that the loss is a function of.
  ///   - x: data, [n, d].
  ///   - target: the exact score at the data, [n, d], where ``needsTargetScore`` says so.
  public func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor? = nil) -> Tensor {
    precondition(x.rank == 2, "loss: data need shape [n, d], found \(x.shape)")
    return objective(model, at: x, target: target)
  }
}
