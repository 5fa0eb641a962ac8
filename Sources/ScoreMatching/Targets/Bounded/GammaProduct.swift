import Expressions
import Randomness
import Settings

/// Independent coordinates with gamma laws on the half-line; of shape 1 they are exponential.
///
///     ln p(x) = Σᵢ (α - 1) ln xᵢ - β xᵢ + α ln β - ln Γ(α),   ∇ ln p(x)ᵢ = (α - 1)/xᵢ - β
public struct GammaProduct: Target {
  /// Independent exponential coordinates.
  public static let exponential = Variant(
    "exponential", "independent exponential coordinates on the half-line, in any dimension",
    [rateSetting] + Targets.counts, neighbours: [Targets.dimensionSetting])

  /// Independent gamma coordinates.
  public static let declaration = Variant(
    "gamma", "independent gamma coordinates on the half-line, in any dimension",
    [
      Setting(
        "shape", .real(.positive), default: .number(2),
        "the power of x in the density, plus 1; below 1 the density is infinite at 0"),
      rateSetting,
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  private static let rateSetting = Setting(
    "rate", .real(.positive), default: .number(1), unit: "1/(data units)",
    "how fast the density falls: 1/mean of the exponential law")

  public let dimension: Int
  /// α.
  public let shape: Double
  /// β.
  public let rate: Double

  /// The distribution that the value of `data` describes; without a `shape` it is exponential.
  public init(_ settings: SettingValue, dimension: Int) {
    self.init(
      shape: settings.has("shape") ? settings.real("shape") : 1, rate: settings.real("rate"),
      dimension: dimension)
  }

  /// Independent coordinates of one shape and rate.
  public init(shape: Double, rate: Double, dimension: Int) {
    self.shape = shape
    self.rate = rate
    self.dimension = dimension
  }

  public var support: Support { .nonNegative }

  public func logDensity(_ x: Tensor) -> Tensor {
    let constant = Double(dimension) * (shape * Real.log(rate) - Real.logGamma(shape))
    let linear = -.fill(rate) * sum(x, axes: [-1]) + .fill(constant) + support.logIndicator(x)
    // Outside, |x| keeps the sum from becoming NaN.
    return shape == 1 ? linear : linear + .fill(shape - 1) * sum(log(absolute(x)), axes: [-1])
  }

  public func score(_ x: Tensor) -> Tensor {
    shape == 1 ? .fill(-rate, x.shape) : .fill(shape - 1) / x - .fill(rate)
  }

  public func smoothed(by sigma: Double) -> (any Target)? { nil }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    (0..<count * dimension).map { _ in
      shape == 1 ? -Real.log(generator.uniform()) / rate : generator.gamma(shape: shape) / rate
    }
  }

  public var naturalParameters: NaturalParameters? {
    NaturalParameters(
      dimension: dimension, linear: { _ in -rate }, logarithm: { _ in shape - 1 })
  }
}
