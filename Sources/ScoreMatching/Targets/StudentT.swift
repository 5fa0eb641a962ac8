import Expressions
import Randomness
import Settings

/// The multivariate Student distribution with identity scale matrix: heavy tails.
///
///     ln p(x) = ln Γ((ν + d)/2) - ln Γ(ν/2) - (d/2) ln νπ - ((ν + d)/2) ln(1 + ‖x‖²/ν)
///     ∇ ln p(x) = -(ν + d) x / (ν + ‖x‖²)
///
/// Its variance is ν/(ν - 2) for ν > 2, else infinite; the score is bounded in any case. With noise
/// added it has no closed form.
public struct StudentT: Target {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "student-t", "multivariate Student distribution, heavy tails, in any dimension",
    [
      Setting(
        "degrees_of_freedom", .real(.positive), default: .number(5),
        "the fewer, the heavier the tails")
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  public let dimension: Int
  /// ν.
  public let degreesOfFreedom: Double

  /// The distribution that the value of `data` describes.
  public init(_ settings: SettingValue, dimension: Int) {
    self.init(degreesOfFreedom: settings.real("degrees_of_freedom"), dimension: dimension)
  }

  /// The distribution with ν degrees of freedom in d dimensions.
  public init(degreesOfFreedom: Double, dimension: Int) {
    self.degreesOfFreedom = degreesOfFreedom
    self.dimension = dimension
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    let (nu, d) = (degreesOfFreedom, Double(dimension))
    let constant = Real.logGamma((nu + d) / 2) - Real.logGamma(nu / 2) - d / 2 * Real.log(nu * .pi)
    return .fill(constant) - .fill((nu + d) / 2) * log(onePlus: dot(x, x) / .fill(nu))
  }

  public func score(_ x: Tensor) -> Tensor {
    let (nu, d) = (degreesOfFreedom, Double(dimension))
    return .fill(-(nu + d)) * x / (.fill(nu) + dot(x, x).expanded(at: x.rank - 1))
  }

  public func smoothed(by sigma: Double) -> (any Target)? { nil }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    (0..<count).flatMap { _ -> [Double] in
      let chiSquared = 2 * generator.gamma(shape: degreesOfFreedom / 2)
      let scale = (degreesOfFreedom / chiSquared).squareRoot()
      return (0..<dimension).map { _ in scale * generator.normal() }
    }
  }
}
