import Expressions
import Settings

/// Stochastic gradient descent, with momentum where μ > 0.
///
///     b ← μ b + g,   θ ← θ - η b            (heavy ball)
///     b ← μ b + g,   θ ← θ - η (g + μ b)    (Nesterov)
///
/// The moment b starts at 0 and is not damped, as in the usual libraries.
///
/// Reference: Sutskever, Martens, Dahl & Hinton, ICML 2013, sections 2 and 7, with η taken out of
/// b.
public struct GradientDescent: Optimizer, Hashable {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "sgd", "stochastic gradient descent",
    [
      Optimizers.learningRate(1e-2),
      Optimizers.fraction("momentum", 0, "decay of the running sum of gradients"),
      Setting("nesterov", .boolean, default: .boolean(false), "look ahead along the momentum"),
      Optimizers.schedule,
    ])

  let rate: LearningRate
  let momentum: Double
  let nesterov: Bool

  /// The optimiser that its settings describe.
  public init(_ settings: SettingValue) {
    rate = LearningRate(settings)
    momentum = settings.real("momentum")
    nesterov = settings.boolean("nesterov")
  }

  public func stateVariables(for parameters: [Parameter]) -> [StateVariable] {
    momentum == 0 ? [] : parameters.map { $0.moment("sgd.b") }
  }

  public func update(_ parameters: [Parameter], gradients: [Tensor]) -> [Assignment] {
    let eta = Tensor.scalar(Optimizers.learningRateName)
    guard momentum > 0 else {
      return zip(parameters, gradients).map { Assignment($0.name, $0.state - eta * $1) }
    }
    let mu = Tensor.fill(momentum)
    let results = zip(parameters, gradients).map { parameter, g in
      let b = parameter.moment("sgd.b")
      let bNew = mu * b.tensor + g
      let direction = nesterov ? g + mu * bNew : bNew
      return (
        Assignment(parameter.name, parameter.state - eta * direction), Assignment(b.name, bNew)
      )
    }
    return results.map(\.0) + results.map(\.1)
  }

  public func scalars(at step: Int, of total: Int) -> [ScalarValue] {
    [rate.scalar(at: step, of: total)]
  }
}
