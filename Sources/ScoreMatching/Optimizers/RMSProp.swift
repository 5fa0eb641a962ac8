import Expressions
import Settings

/// RMSProp: steps scaled by a running mean of the squared gradient.
///
///     v ← ρ v + (1 - ρ) g²,   θ ← θ - η g / (√v + ε)
///
/// Reference: Tieleman & Hinton, lecture 6.5 of "Neural networks for machine learning", 2012.
public struct RMSProp: Optimizer, Hashable {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "rmsprop", "RMSProp",
    [
      Optimizers.learningRate(1e-3),
      Optimizers.fraction("decay", 0.99, "decay of the running mean of squared gradients"),
      Optimizers.epsilon, Optimizers.schedule,
    ])

  let rate: LearningRate
  let decay: Double
  let epsilon: Double

  /// The optimiser that its settings describe.
  public init(_ settings: SettingValue) {
    rate = LearningRate(settings)
    decay = settings.real("decay")
    epsilon = settings.real("epsilon")
  }

  public func stateVariables(for parameters: [Parameter]) -> [StateVariable] {
    parameters.map { $0.moment("rmsprop.v") }
  }

  public func update(_ parameters: [Parameter], gradients: [Tensor]) -> [Assignment] {
    let eta = Tensor.scalar(Optimizers.learningRateName)
    let results = zip(parameters, gradients).map { parameter, g in
      let v = parameter.moment("rmsprop.v")
      let vNew = .fill(decay) * v.tensor + .fill(1 - decay) * square(g)
      let direction = g / (squareRoot(vNew) + .fill(epsilon))
      return (
        Assignment(parameter.name, parameter.state - eta * direction), Assignment(v.name, vNew)
      )
    }
    return results.map(\.0) + results.map(\.1)
  }

  public func scalars(at step: Int, of total: Int) -> [ScalarValue] {
    [rate.scalar(at: step, of: total)]
  }
}
