import Expressions
import Randomness

/// The normal law of one number, conditioned on lying between two bounds.
///
///     p(x) = φ((x - μ)/σ) / (σ (Φ(b) - Φ(a))),   a = (lower - μ)/σ,  b = (upper - μ)/σ
struct TruncatedNormalLaw: Sendable, Hashable {
  /// μ, before truncation.
  let mean: Double
  /// σ, before truncation.
  let scale: Double
  /// The bounds.
  let support: Support

  private var a: Double { (support.lower - mean) / scale }
  private var b: Double { (support.upper - mean) / scale }

  /// ln(Φ(b) - Φ(a)): how likely the untruncated law is to lie inside.
  var logMass: Double { Self.logMass(a, b) }

  /// A draw, by rejection; no bound is so far out that the chance to accept falls below about a half.
  ///
  /// Reference: Robert, "Simulation of truncated normal variables", Statistics and Computing 5 (1995),
  /// 121-125.
  func sample(using generator: inout RandomGenerator) -> Double {
    let z = a > 0 ? Self.tail(a, b, &generator) : b < 0 ? -Self.tail(-b, -a, &generator) : nil
    let standard = z ?? Self.centre(a, b, &generator)
    // Rounding may carry a draw over the bound that it lies at.
    return min(max(mean + scale * standard, support.lower), support.upper)
  }

  /// A draw of N(0, 1) between a ≤ 0 and b ≥ 0.
  private static func centre(_ a: Double, _ b: Double, _ generator: inout RandomGenerator) -> Double
  {
    if b - a > (2 * Double.pi).squareRoot() {
      while true {
        let z = generator.normal()
        if a <= z, z <= b { return z }
      }
    }
    while true {
      let z = a + (b - a) * generator.uniform()
      if Real.log(generator.uniform()) <= -z * z / 2 { return z }
    }
  }

  /// A draw of N(0, 1) between a > 0 and b.
  private static func tail(_ a: Double, _ b: Double, _ generator: inout RandomGenerator) -> Double {
    let rate = (a + (a * a + 4).squareRoot()) / 2
    if (b - a) * rate < 1 {  // nearly flat there: uniform proposals
      while true {
        let z = a + (b - a) * generator.uniform()
        if Real.log(generator.uniform()) <= (a * a - z * z) / 2 { return z }
      }
    }
    while true {
      let z = a - Real.log(generator.uniform()) / rate
      if z <= b, Real.log(generator.uniform()) <= -(z - rate) * (z - rate) / 2 { return z }
    }
  }

  /// ln(Φ(b) - Φ(a)), without underflow however far out the bounds are.
  static func logMass(_ a: Double, _ b: Double) -> Double {
    if b < 0 { return logMass(-b, -a) }
    guard a > 0 else {
      let inside = Real.errorFunction(b / 2.squareRoot()) - Real.errorFunction(a / 2.squareRoot())
      return Real.log(inside / 2)
    }
    let (near, far) = (logUpperTail(a), logUpperTail(b))
    return near + Real.log(1 - Real.exp(far - near))
  }

  /// ln(1 - Φ(x)) for x > 0.
  private static func logUpperTail(_ x: Double) -> Double {
    if x == .infinity { return -.infinity }
    if x < 8 { return Real.log(Real.complementaryErrorFunction(x / 2.squareRoot()) / 2) }
    // φ(x)/x (1 - 1/x² + 3/x⁴ - 15/x⁶ + …): at 8 the first term left out is below 1e-9 with ten terms.
    var (term, series) = (1.0, 1.0)
    for k in 1...10 {
      term *= -Double(2 * k - 1) / (x * x)
      series += term
    }
    return -x * x / 2 - Real.log(x * (2 * Double.pi).squareRoot()) + Real.log(series)
  }
}
