import Expressions
import Settings

/// Models a normal density with every mean and every covariance.
///
///     ln p(x; θ) = -½ ‖(x - μ) L‖² + Σᵢ ln |Lᵢᵢ| - (d/2) ln 2π,   s(x; θ) = -(x - μ) L Lᵀ
///
/// The precision P = L Lᵀ is given by its lower-triangular factor, `precision.factor` L [d, d], so that P
/// is symmetric and positive definite whatever a gradient step makes of L, and ln det P needs no
/// factorisation. What L holds above its diagonal is not used and stays 0. The other ways are worse:
/// under the natural parameters P μ and P score matching is a quadratic, but a step may leave the positive
/// definite matrices; with exp(aᵢᵢ) for Lᵢᵢ score matching has a false minimum at aᵢᵢ = -∞, where a
/// line search can end.
///
/// At the start μ = 0 and P = I. Data far from that take many iterations: standardise them.
public struct GaussianModel: ScoreModel {
  /// Its name in an experiment file; it has no settings.
  public static let declaration = Variant(
    "gaussian", "a normal density with full covariance, by its mean and precision; normalised")

  public let dimension: Int

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) { self.init(dimension: dimension) }

  /// The model on points of the given dimension.
  public init(dimension: Int) { self.dimension = dimension }

  public var parameters: [Parameter] {
    [
      Parameter("mean", [dimension], initial: .zeros),
      Parameter("precision.factor", [dimension, dimension], initial: .diagonal(1)),
    ]
  }

  /// d numbers of the mean and d(d + 1)/2 of the factor.
  public var parameterCount: Int { dimension + dimension * (dimension + 1) / 2 }

  public var structure: [SettingValue.Member] {
    [
      SettingValue.Member("model", .text("gaussian")),
      SettingValue.Member("dimension", .number(Double(dimension))),
    ]
  }

  public var architecture: String { "gaussian-model-\(dimension)" }

  /// The normalised log density, [..., d] → [...].
  public func logDensity(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let constant = Double(dimension) / 2 * Real.log(2 * .pi)
    return -energy(x, theta) + sum(log(square(einsum("aa->a", theta[1])))) / 2
      - .fill(constant)
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  public func logDensity(at theta: [Tensor]) -> EnergyFunction? { { logDensity($0, theta) } }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let factor = factor(theta[1])
    return -matmul(matmul(x - theta[0], factor), transpose(factor))
  }

  private func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let z = matmul(x - theta[0], factor(theta[1]))
    return dot(z, z) / 2
  }

  /// L, its upper part cut off.
  private func factor(_ l: Tensor) -> Tensor {
    let d = dimension
    return l * .literal((0..<d * d).map { $0 / d >= $0 % d ? 1 : 0 }, [d, d])
  }
}
