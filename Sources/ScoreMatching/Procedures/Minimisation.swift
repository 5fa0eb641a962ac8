import Expressions
import Settings

/// Minimising a loss over minibatches by a first-order method.
///
/// Rows of the batch come in as `Tensor.rows("x", [batch, d])`, the exact score there, where the
/// loss needs it, as `Tensor.rows("target", [batch, d])`.
public struct Minimisation: Sendable {
  /// The input that carries the rows of a batch.
  public static let dataName = "x"
  /// The input that carries the exact score at those rows.
  public static let targetName = "target"

  /// What is minimised.
  public let loss: TrainingLoss
  /// What is fitted.
  public let model: any ScoreModel
  /// How and for how long.
  public let training: Training

  /// Minimising a loss of a model's parameters.
  public init(_ loss: TrainingLoss, of model: any ScoreModel, _ training: Training) {
    self.loss = loss
    self.model = model
    self.training = training
  }

  /// The batch as an input, [batch, d].
  public var data: Tensor { .rows(Self.dataName, [training.batch, model.dimension]) }

  /// The exact score at the batch as an input, [batch, d]; nil where the loss does not need it.
  public var target: Tensor? {
    loss.needsTargetScore ? .rows(Self.targetName, [training.batch, model.dimension]) : nil
  }

  /// One step: gradient, clipping, the optimiser's update, the running average of parameters.
  ///
  /// Its outputs are `loss` on the batch and `gradient_norm`, the Euclidean norm of the gradient in
  /// all parameters before clipping.
  ///
  /// - Complexity: about three evaluations of the loss.
  public var step: Step {
    let parameters = model.parameters
    let (value, gradients) = valueAndGradients(
      of: { theta in
        loss(model.subject(at: theta), at: data, target: target)
      }, at: model.states)
    let norm = squareRoot(
      gradients.map { sum(square($0)) }.dropFirst().reduce(
        gradients.first.map { sum(square($0)) } ?? 0, +))
    let update = training.optimizer.update(parameters, gradients: clipped(gradients, norm: norm))
    let average = training.average.map { _ in ParameterAverage(parameters) }
    return Step(
      states: parameters.map { StateVariable($0.name, $0.shape, initial: .parameter($0.name)) }
        + training.optimizer.stateVariables(for: parameters) + (average?.stateVariables ?? []),
      assignments: update + (average?.update(Array(update.prefix(parameters.count))) ?? []),
      outputs: [
        Step.Output(name: "loss", value: value), Step.Output(name: "gradient_norm", value: norm),
      ],
      evaluated: average?.stateVariables.map(\.name) ?? parameters.map(\.name))
  }

  /// The scalar inputs of ``step`` at a step, counted from 1.
  public func scalars(at step: Int) -> [ScalarValue] {
    loss.scalars + training.optimizer.scalars(at: step, of: training.stepCount)
      + (training.clip.map { [ScalarValue("clip", $0)] } ?? [])
      + (training.average.map { [ScalarValue(ParameterAverage.decayName, $0)] } ?? [])
  }

  /// The gradients scaled down together where their common norm is above the threshold.
  private func clipped(_ gradients: [Tensor], norm: Tensor) -> [Tensor] {
    guard training.clip != nil else { return gradients }
    let factor = minimum(1, Tensor.scalar("clip") / norm)
    return gradients.map { factor * $0 }
  }
}

/// A running average of the parameters, which is evaluated in their place.
///
///     a ← α a + (1 - α) θ,   a = θ before the first step
///
/// Reference: Song & Ermon, NeurIPS 2020, section 3.4, arXiv:2006.09011.
struct ParameterAverage {
  static let decayName = "ema"

  let stateVariables: [StateVariable]

  init(_ parameters: [Parameter]) {
    stateVariables = parameters.map {
      StateVariable("ema.\($0.name)", $0.shape, initial: .parameter($0.name))
    }
  }

  /// The averages after the parameters' own assignments.
  func update(_ parameters: [Assignment]) -> [Assignment] {
    let alpha = Tensor.scalar(Self.decayName)
    return zip(stateVariables, parameters).map { average, parameter in
      Assignment(average.name, alpha * average.tensor + (1 - alpha) * parameter.value)
    }
  }
}
