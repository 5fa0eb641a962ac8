import Expressions
import Settings

/// A first-order method: new parameters and new moments from parameters, moments and gradients.
///
/// The learning rate, the weight decay and what depends on the step are scalar inputs, so that
/// trials which differ only in them share a program.
public protocol Optimizer: Sendable {
  /// The moments it keeps for the given parameters, all 0 at the start: `adam.m.layer0.weight`.
  func stateVariables(for parameters: [Parameter]) -> [StateVariable]

  /// One step of the method.
  ///
  /// - Parameters:
  ///   - parameters: what is learned.
  ///   - gradients: the loss's gradient in each parameter, of its shape.
  /// - Returns: the new value of each parameter, in order, then of each moment.
  func update(_ parameters: [Parameter], gradients: [Tensor]) -> [Assignment]

  /// The scalar inputs of ``update(_:gradients:)`` at a step, counted from 1.
  func scalars(at step: Int, of total: Int) -> [ScalarValue]
}

/// The optimisers that an experiment can name.
public enum Optimizers {
  /// Every optimiser, in the order of documentation.
  public static let declarations: [Variant] = [
    Adam.declaration, Adam.decoupledDeclaration, GradientDescent.declaration, RMSProp.declaration,
  ]

  /// The optimiser that its settings describe.
  public static func make(_ settings: SettingValue) -> any Optimizer {
    switch settings.text("type") {
    case "adam", "adamw": return Adam(settings)
    case "sgd": return GradientDescent(settings)
    case "rmsprop": return RMSProp(settings)
    case let type: preconditionFailure("training.optimizer.type: \(type) is not declared")
    }
  }

  /// The scalar input that carries the learning rate of the step.
  static let learningRateName = "learning_rate"

  static func learningRate(_ value: Double) -> Setting {
    Setting(
      "learning_rate", .real(.positive), default: .number(value), "step size before the schedule")
  }

  static let schedule = Setting(
    "schedule", .variant(Schedule.declarations), default: .object(["type": .text("constant")]),
    "how the learning rate changes over training")

  static let epsilon = Setting(
    "epsilon", .real(.positive), default: .number(1e-8),
    "added to the root of the second moment")

  static func fraction(_ name: String, _ value: Double, _ summary: String) -> Setting {
    Setting(
      name, .real(RealRange(from: 0, to: 1, includesUpper: false)), default: .number(value), summary
    )
  }
}

/// The learning rate of an optimiser and its schedule.
struct LearningRate: Sendable, Hashable {
  let initial: Double
  let schedule: Schedule

  init(_ settings: SettingValue) {
    initial = settings.real("learning_rate")
    schedule = Schedule(settings["schedule"] ?? .null)
  }

  func scalar(at step: Int, of total: Int) -> ScalarValue {
    ScalarValue(Optimizers.learningRateName, initial * schedule.factor(at: step, of: total))
  }
}

extension Parameter {
  /// The parameter as state.
  var state: Tensor { .state(name, shape) }

  /// A moment of this parameter: `adam.m.layer0.weight`, of the parameter's shape, 0 at the start.
  func moment(_ kind: String) -> StateVariable {
    StateVariable("\(kind).\(name)", shape, initial: .zeros)
  }
}
