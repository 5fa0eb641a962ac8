import Expressions
import Randomness
import Settings

/// A crescent that two parameters move, so that two pairs of them have one likelihood.
///
///     x = (r cos a + ¼, r sin a) + (-|θ₁ + θ₂|, -θ₁ + θ₂)/√2,   a uniform in ±π/2,  r ~ N(0.1, 0.01²)
///
/// With (u, v) = x less the shift and ¼ and ρ its length, ln p = ln N(±ρ; 0.1, 0.01²) - ln πρ, the sign that
/// of u. The ends of the crescent move with θ: there is no Fisher information.
///
/// Reference: Greenberg, Nonnenmacher & Macke, ICML 2019, arXiv:1905.07488.
public struct TwoMoonsSimulator: Simulator, Hashable {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "two-moons-simulator", "simulator of a crescent: two parameters, two maxima of the likelihood",
    Simulators.settings)

  private static let radius = (mean: 0.1, scale: 0.01)

  /// The one there is.
  public init() {}

  public var parameterCount: Int { 2 }
  public var dimension: Int { 2 }

  public func draw(at theta: [Double], using generator: inout RandomGenerator) -> [Double] {
    let angle = Double.pi * (generator.uniform() - 0.5)
    let r = Self.radius.mean + Self.radius.scale * generator.normal()
    let shift = Self.shift(theta)
    return [r * Real.cosine(angle) + 0.25 + shift[0], r * Real.sine(angle) + shift[1]]
  }

  public func logLikelihood(of x: [Double], at theta: [Double]) -> Double {
    let (_, _, r) = Self.polar(x, theta)
    let z = (r - Self.radius.mean) / Self.radius.scale
    return -z * z / 2 - Real.log(2 * .pi) / 2 - Real.log(Self.radius.scale)
      - Real.log(.pi * r.magnitude)
  }

  public func score(of x: [Double], at theta: [Double]) -> [Double] {
    let (u, v, r) = Self.polar(x, theta)
    // The slope of ln p along the radius, then the gradient in x, then less the shift's Jacobian.
    let slope = -(r - Self.radius.mean) / (Self.radius.scale * Self.radius.scale) - 1 / r
    let (gu, gv) = (slope * u / r, slope * v / r)
    let root = 0.5.squareRoot()
    let side = theta[0] + theta[1] < 0 ? -root : root
    return [side * gu + root * gv, side * gu - root * gv]
  }

  public func squaredError(of estimate: [Double], to truth: [Double]) -> Double {
    [truth, [-truth[1], -truth[0]]].map { other in
      zip(estimate, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }.min() ?? .nan
  }

  private static func shift(_ theta: [Double]) -> [Double] {
    let root = 0.5.squareRoot()
    return [-(theta[0] + theta[1]).magnitude * root, (theta[1] - theta[0]) * root]
  }

  /// The point of the crescent at rest and its radius, below 0 on the far side.
  private static func polar(_ x: [Double], _ theta: [Double]) -> (u: Double, v: Double, r: Double) {
    let shift = shift(theta)
    let (u, v) = (x[0] - shift[0] - 0.25, x[1] - shift[1])
    let length = (u * u + v * v).squareRoot()
    return (u, v, u < 0 ? -length : length)
  }
}
