import Expressions
import Settings

/// The nonlinearity between the layers of a network, applied to each element.
public enum Activation: String, Sendable, Hashable, CaseIterable {
  /// ln(1 + eˣ).
  case softplus
  /// The hyperbolic tangent.
  case tanh
  /// x / (1 + e⁻ˣ), also called Swish.
  case silu
  /// x where x > 0, else eˣ - 1; its second derivative jumps at 0.
  case elu
  /// max(x, 0); its second derivative is 0 almost everywhere.
  case relu

  /// The function of each element, shape kept.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .softplus: Expressions.softplus(x)
    case .tanh: Expressions.tanh(x)
    case .silu: x * sigmoid(x)
    // The exponential sees no positive argument, so that the branch not taken cannot overflow.
    case .elu: select(less(0, x), x, expMinusOne(minimum(x, 0)))
    case .relu: maximum(x, 0)
    }
  }

  /// Whether second derivatives carry information.
  public var hasSecondDerivative: Bool { self != .relu }

  static let choices = [
    Choice("softplus", "ln(1 + exp x), smooth; the choice of the sliced-score-matching papers"),
    Choice("tanh", "hyperbolic tangent, smooth and bounded"),
    Choice("silu", "x sigmoid(x), also called Swish"),
    Choice("elu", "x above 0, exp(x) - 1 below; the choice of NCSN"),
    Choice("relu", "max(x, 0); no second derivative, so denoising and explicit losses only"),
  ]
}
