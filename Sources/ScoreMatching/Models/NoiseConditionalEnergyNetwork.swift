import Expressions
import Settings

/// Models the energy of the data at every noise level; the score of each is minus its gradient.
///
///     E(x, σ; θ) = ‖x‖²/2r² + (σ_d/σ) f(x/r, σ)   denoiser
///     E(x, σ; θ) = f(x, σ)/σ                       inverse-sigma
///
/// so that the score has the form of ``Preconditioning`` with F = -∇f. The normaliser depends on
/// σ, which the energy leaves free. Its score without a noise level is that at the smallest one
/// that its loss trains.
public struct NoiseConditionalEnergyNetwork: NoiseConditionalModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "noise-conditional-energy-mlp",
    "a perceptron that is the energy at every noise level; scores are minus its gradient",
    NoiseConditioning.settings)

  public let dimension: Int
  /// The network, d → 1.
  public let conditioning: NoiseConditioning
  /// The σ of the energy without noise level.
  public var smallestScale = NoiseRange.defaultSmallest

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    self.dimension = dimension
    conditioning = NoiseConditioning(settings, inputs: dimension, outputs: 1)
  }

  public var parameters: [Parameter] { conditioning.parameters }

  public var architecture: String { "\(Self.declaration.name)-\(conditioning.label)" }

  public var structure: [SettingValue.Member] {
    conditioning.structure(Self.declaration.name, dimension)
  }

  /// The energy at noise level σ up to a constant, [..., d] → [...]; σ broadcasts against x
  /// without its last axis.
  public func energy(_ x: Tensor, _ sigma: Tensor, _ theta: [Tensor]) -> Tensor {
    let output = conditioning(x, sigma.column, theta)
    let f = output.reshape(Array(output.shape.dropLast())) / sigma
    switch conditioning.preconditioning {
    case .inverseSigma: return f
    case .denoiser:
      let r = conditioning.radius(sigma)
      return f * .fill(conditioning.dataScale) + dot(x, x) / (2 * square(r))
    }
  }

  /// The score at noise level σ, [..., d] → [..., d].
  public func score(_ x: Tensor, _ sigma: Tensor, _ theta: [Tensor]) -> Tensor {
    -gradient(of: { sum(energy($0, sigma, theta)) }, at: x)  // rows are independent
  }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    score(x, .fill(smallestScale), theta)
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? {
    { x in energy(x, .fill(smallestScale), theta) }
  }

  public func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction? {
    { x, sigma in score(x, sigma, theta) }
  }
}
