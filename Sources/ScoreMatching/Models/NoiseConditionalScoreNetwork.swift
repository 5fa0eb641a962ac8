import Expressions
import Settings

/// Models the score of the data at every noise level, s(x, σ; θ) ≈ ∇ log (p * N(0, σ²I))(x).
///
/// The forms are those of ``Preconditioning``; its score without a noise level is that at the
/// smallest one that its loss trains.
public struct NoiseConditionalScoreNetwork: NoiseConditionalModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "noise-conditional-score-mlp", "a perceptron that is the score at every noise level",
    NoiseConditioning.settings)

  public let dimension: Int
  /// The network, d → d.
  public let conditioning: NoiseConditioning
  /// The σ of the score without noise level.
  public var smallestScale = NoiseRange.defaultSmallest

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    self.dimension = dimension
    conditioning = NoiseConditioning(settings, inputs: dimension, outputs: dimension)
  }

  public var parameters: [Parameter] { conditioning.parameters }

  public var architecture: String { "\(Self.declaration.name)-\(conditioning.label)" }

  public var structure: [SettingValue.Member] {
    conditioning.structure(Self.declaration.name, dimension)
  }

  /// The score at noise level σ, [..., d]; σ broadcasts against x without its last axis.
  public func score(_ x: Tensor, _ sigma: Tensor, _ theta: [Tensor]) -> Tensor {
    let sigma = sigma.column
    let f = conditioning(x, sigma, theta)
    switch conditioning.preconditioning {
    case .inverseSigma: return f / sigma
    case .denoiser:
      let r = conditioning.radius(sigma)
      return f * (.fill(conditioning.dataScale) / (sigma * r)) - x / square(r)
    }
  }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    score(x, .fill(smallestScale), theta)
  }

  public func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction? {
    { x, sigma in score(x, sigma, theta) }
  }
}
