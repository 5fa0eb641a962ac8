import Expressions

/// A value that steps keep: a parameter, a moment, an average.
public struct StateVariable: Sendable, Hashable {
  /// What a state variable holds before the first step.
  public enum Initial: Sendable, Hashable {
    /// Zeros.
    case zeros
    /// The initial value of the model parameter of this name.
    case parameter(String)
  }

  /// The name of the state, as in `Tensor.state(name, shape)`.
  public let name: String
  /// Its extents.
  public let shape: Shape
  /// What it holds before the first step.
  public let initial: Initial

  /// A state variable of the given name, shape and first value.
  public init(_ name: String, _ shape: Shape, initial: Initial) {
    self.name = name
    self.shape = shape
    self.initial = initial
  }

  /// The state as an expression.
  public var tensor: Tensor { .state(name, shape) }
}

/// state ← value, computed from the states before the step.
public struct Assignment: Sendable, Hashable {
  /// The name of the state variable that is assigned.
  public let state: String
  /// Its value after the step.
  public let value: Tensor

  /// The assignment of a value to the state of this name.
  public init(_ state: String, _ value: Tensor) {
    self.state = state
    self.value = value
  }
}

/// One step of a procedure: new states from the old ones, data, random draws and scalars.
public struct Step: Sendable {
  /// A quantity that a step reports.
  public struct Output: Sendable, Hashable {
    /// What it is called: `loss`, `gradient_norm`.
    public let name: String
    /// Its expression, a scalar.
    public let value: Tensor
  }

  /// Everything that is kept between steps, model parameters first.
  public let states: [StateVariable]
  /// The new value of each state; all are computed before any is assigned.
  public let assignments: [Assignment]
  /// What the step reports.
  public let outputs: [Output]
  /// For each model parameter in order, the state to evaluate the model with: the parameter itself
  /// or its running average.
  public let evaluated: [String]
}
