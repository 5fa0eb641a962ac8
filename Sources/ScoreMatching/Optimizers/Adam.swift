import Expressions
import Settings

/// Adam: steps scaled by running means of the gradient and of its square.
///
///     m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²
///     θ ← θ - η [ m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + ε) + λ θ ]
///
/// With weight decay λ > 0 it is AdamW: the decay is not seen by the moments.
///
/// References: Kingma & Ba, ICLR 2015, algorithm 1, arXiv:1412.6980; Loshchilov & Hutter, ICLR
/// 2019, algorithm 2, arXiv:1711.05101.
public struct Adam: Optimizer, Hashable {
  /// Adam's name in an experiment file and its settings.
  public static let declaration = Variant(
    "adam", "Adam", [Optimizers.learningRate(1e-3)] + moments + [Optimizers.schedule])

  /// AdamW's name in an experiment file and its settings.
  public static let decoupledDeclaration = Variant(
    "adamw", "Adam with decoupled weight decay",
    [Optimizers.learningRate(1e-3)] + moments
      + [
        Setting(
          "weight_decay", .real(.nonNegative), default: .number(0.01),
          "decay of the parameters, times the learning rate at each step"),
        Optimizers.schedule,
      ])

  private static let moments = [
    Optimizers.fraction("beta1", 0.9, "decay of the running mean of gradients"),
    Optimizers.fraction("beta2", 0.999, "decay of the running mean of squared gradients"),
    Optimizers.epsilon,
  ]

  let rate: LearningRate
  let beta1: Double
  let beta2: Double
  let epsilon: Double
  /// The decoupled weight decay λ, nil for plain Adam.
  let weightDecay: Double?

  /// The optimiser that its settings describe.
  public init(_ settings: SettingValue) {
    rate = LearningRate(settings)
    beta1 = settings.real("beta1")
    beta2 = settings.real("beta2")
    epsilon = settings.real("epsilon")
    weightDecay = settings.has("weight_decay") ? settings.real("weight_decay") : nil
  }

  public func stateVariables(for parameters: [Parameter]) -> [StateVariable] {
    parameters.map { $0.moment("adam.m") } + parameters.map { $0.moment("adam.v") }
  }

  public func update(_ parameters: [Parameter], gradients: [Tensor]) -> [Assignment] {
    let eta = Tensor.scalar(Optimizers.learningRateName)
    let (c1, c2) = (Tensor.scalar("adam.correction1"), Tensor.scalar("adam.correction2"))
    let results = zip(parameters, gradients).map { parameter, g in
      let (m, v) = (parameter.moment("adam.m"), parameter.moment("adam.v"))
      let mNew = .fill(beta1) * m.tensor + .fill(1 - beta1) * g
      let vNew = .fill(beta2) * v.tensor + .fill(1 - beta2) * square(g)
      // The scalars first: one multiplication a step, not one a parameter.
      let move = (eta * c1) * mNew / (squareRoot(c2 * vNew) + .fill(epsilon))
      let theta = parameter.state
      let decayed =
        weightDecay == nil ? theta : theta - (eta * Tensor.scalar("weight_decay")) * theta
      return (
        Assignment(parameter.name, decayed - move), Assignment(m.name, mNew),
        Assignment(v.name, vNew)
      )
    }
    return results.map(\.0) + results.map(\.1) + results.map(\.2)
  }

  public func scalars(at step: Int, of total: Int) -> [ScalarValue] {
    let decay = weightDecay.map { [ScalarValue("weight_decay", $0)] } ?? []
    return [
      rate.scalar(at: step, of: total),
      ScalarValue("adam.correction1", 1 / (1 - Real.power(beta1, Double(step)))),
      ScalarValue("adam.correction2", 1 / (1 - Real.power(beta2, Double(step)))),
    ] + decay
  }
}
