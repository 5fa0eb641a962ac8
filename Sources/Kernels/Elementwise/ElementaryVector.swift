/// A vector on which the elementary functions are computed, all lanes at once.
///
/// The requirements are what depends on the precision: polynomials, split constants and the
/// handling of exponent bits. The functions themselves are written once, below. The polynomials
/// are minimax fits made for this module in 300-bit arithmetic by the algorithm of Remez; each
/// states the relative error of the function that it serves.
protocol ElementaryVector: KernelVector {
  /// Comparison results as bits, all ones or all zeros in a lane.
  associatedtype Mask

  /// 1.5 times 2 to the number of fraction bits: added to a small number, it leaves the nearest
  /// integer in the low bits of the sum. (A conversion lane by lane costs a hundred times more.)
  static var roundingShift: Scalar { get }

  /// log 2 as a sum of two numbers.
  static var logTwo: (high: Scalar, low: Scalar) { get }

  /// π/2 as a sum of three numbers.
  static var halfPi: (high: Scalar, middle: Scalar, low: Scalar) { get }

  /// Between these the exponential neither overflows nor vanishes; beyond them it does.
  static var exponentialRange: (lowest: Scalar, highest: Scalar) { get }

  /// tanh and erf are 1 to working precision from here on.
  static var saturation: (tanh: Scalar, erf: Scalar) { get }

  /// Below this |x|, the odd functions with slope 1 at zero equal x to working precision.
  static var linearRange: Scalar { get }

  /// Up to this |x|, three parts of π/2 reduce an angle accurately.
  static var angleRange: Scalar { get }

  /// Where x < y. (The generic comparisons of SIMD run lane by lane, and so does the choice by
  /// `replacing` inside a large loop, hence these three.)
  static func isLess(_ x: Self, _ y: Self) -> Mask

  /// Where x = y.
  static func isEqual(_ x: Self, _ y: Self) -> Mask

  /// |x|, by clearing the sign bit.
  static func magnitude(_ x: Self) -> Self

  /// |x| with the sign bit of `y`.
  static func withSign(of y: Self, _ x: Self) -> Self

  /// a where the mask is set, b elsewhere.
  static func choose(_ mask: Mask, _ a: Self, _ b: Self) -> Self

  /// 2ⁿ for an integer-valued n whose power is a normal number.
  static func powerOfTwo(_ n: Self) -> Self

  /// e^r - 1 for |r| ≤ ½ log 2.
  static func reducedExpMinusOne(_ r: Self) -> Self

  /// A positive normal x as m · 2ⁿ with √½ ≤ m < √2.
  static func splitExponent(_ x: Self) -> (mantissa: Self, exponent: Self)

  /// log(1 + f) - f for √½ ≤ 1 + f < √2.
  static func reducedLogTail(_ f: Self) -> Self

  /// Sine or cosine of r, |r| ≤ π/4, as the low bits of `quadrant` (already shifted by
  /// `roundingShift`) plus `phase` say: sin r, cos r, -sin r, -cos r.
  static func quarterTurn(_ r: Self, quadrant: Self, phase: Int) -> Self

  /// The sine of one angle of any size.
  static func anySine(_ x: Scalar) -> Scalar

  /// The cosine of one angle of any size.
  static func anyCosine(_ x: Scalar) -> Scalar

  /// C's pow.
  static func power(_ x: Scalar, _ y: Scalar) -> Scalar

  /// erf(x)/x - 1 as a function of x², for |x| ≤ 1.
  static func reducedErf(_ square: Self) -> Self

  /// exp(a²) erfc(a) for 1 ≤ a ≤ saturation.
  static func scaledErfc(_ a: Self) -> Self
}

extension ElementaryVector {
  // The sums of c[i] xⁱ by Horner's rule. Longer polynomials are written as an even and an odd
  // part, E(x²) + x O(x²): as many operations, half the latency, which is what bounds the
  // functions that nest several of them.

  @inline(__always)
  static func polynomial(_ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar) -> Self {
    splat(c0).plus(x, times: splat(c1).plus(x, times: splat(c2)))
  }

  @inline(__always)
  static func polynomial(
    _ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar, _ c3: Scalar
  ) -> Self {
    splat(c0).plus(x, times: polynomial(x, c1, c2, c3))
  }

  @inline(__always)
  static func polynomial(
    _ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar, _ c3: Scalar, _ c4: Scalar
  ) -> Self {
    splat(c0).plus(x, times: polynomial(x, c1, c2, c3, c4))
  }

  @inline(__always)
  static func polynomial(
    _ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar, _ c3: Scalar, _ c4: Scalar, _ c5: Scalar
  ) -> Self {
    splat(c0).plus(x, times: polynomial(x, c1, c2, c3, c4, c5))
  }

  @inline(__always)
  static func splat(_ x: Scalar) -> Self { Self(repeating: x) }

  @inline(__always)
  static var one: Self { Self(repeating: 1) }

  /// The smaller of x and a bound; NaN stays.
  @inline(__always)
  private static func atMost(_ bound: Scalar, _ x: Self) -> Self {
    choose(isLess(splat(bound), x), splat(bound), x)
  }

  /// The larger of x and a bound; NaN stays.
  @inline(__always)
  private static func atLeast(_ bound: Scalar, _ x: Self) -> Self {
    choose(isLess(x, splat(bound)), splat(bound), x)
  }

  /// x itself where |x| is so small that an odd function of slope 1 equals it; keeps -0.
  @inline(__always)
  private static func linearNearZero(_ x: Self, _ result: Self) -> Self {
    choose(isLess(magnitude(x), splat(linearRange)), x, result)
  }

  /// n, the integer nearest to x / log 2, and r = x - n log 2.
  @inline(__always)
  private static func reduceByLogTwo(_ x: Self) -> (n: Self, r: Self) {
    let shift = splat(roundingShift)
    let n = shift.plus(x, times: splat(1.4426950408889634073599)) - shift
    let high = x.plus(n, times: splat(-logTwo.high))
    return (n, high.plus(n, times: splat(-logTwo.low)))
  }

  /// eˣ, by 2ⁿ in two factors so that subnormal results are rounded once and the largest finite
  /// ones do not overflow on the way.
  @inline(__always)
  static func exp(_ x: Self) -> Self {
    expInRange(atLeast(exponentialRange.lowest, atMost(exponentialRange.highest, x)))
  }

  @inline(__always)
  private static func expInRange(_ x: Self) -> Self {
    let (n, r) = reduceByLogTwo(x)
    let shift = splat(roundingShift)
    let half = shift.plus(n, times: splat(0.5)) - shift
    return (one + reducedExpMinusOne(r)) * powerOfTwo(half) * powerOfTwo(n - half)
  }

  /// (eˣ - 1) / 2, from 2ⁿ⁻¹ (e^r - 1) + (2ⁿ⁻¹ - ½): half of it, since 2ⁿ itself may overflow
  /// where the result does not.
  @inline(__always)
  private static func halfExpMinusOne(_ x: Self) -> Self {
    let (n, r) = reduceByLogTwo(x)
    let scale = powerOfTwo(n - one)
    return (scale - splat(0.5)).plus(scale, times: reducedExpMinusOne(r))
  }

  /// e^-60 is nothing beside 1 in either precision, hence the lower bound.
  @inline(__always)
  static func expMinusOne(_ x: Self) -> Self {
    let half = halfExpMinusOne(atLeast(-60, atMost(exponentialRange.highest, x)))
    return linearNearZero(x, half + half)
  }

  /// n log 2 + log(1 + f).
  @inline(__always)
  private static func logSum(exponent n: Self, _ f: Self) -> Self {
    let small = f + reducedLogTail(f).plus(n, times: splat(logTwo.low))
    return small.plus(n, times: splat(logTwo.high))
  }

  @inline(__always)
  static func log(_ x: Self) -> Self {
    let digits = splat(Scalar(Scalar.significandBitCount + 1))
    let isTiny = isLess(x, splat(.leastNormalMagnitude))
    let (m, n) = splitExponent(choose(isTiny, x * powerOfTwo(digits), x))
    let finite = logSum(exponent: choose(isTiny, n - digits, n), m - one)
    // NaN and +∞ stay, which is what not being less than ∞ means.
    let result = choose(isLess(x, splat(.infinity)), finite, x)
    let positive = choose(isLess(x, Self()), splat(.nan), result)
    return choose(isEqual(x, Self()), splat(-.infinity), positive)
  }

  /// log(1 + x) for 0 < 1 + x < ∞, NaN for NaN: the part of x that 1 + x rounds away is added
  /// to the reduced argument, which is x itself near zero. (2¹⁻ⁿ / 2, since 2⁻ⁿ may be subnormal.)
  @inline(__always)
  private static func logOnePlusInRange(_ x: Self) -> Self {
    let u = one + x
    let lost = x - (u - one)
    let (m, n) = splitExponent(u)
    return logSum(exponent: n, (m - one) + lost * powerOfTwo(one - n) * splat(0.5))
  }

  @inline(__always)
  static func logOnePlus(_ x: Self) -> Self {
    let result = linearNearZero(x, logOnePlusInRange(x))
    let bounded = choose(isEqual(x, splat(.infinity)), x, result)
    let defined = choose(isLess(x, -one), splat(.nan), bounded)
    return choose(isEqual(x, -one), splat(-.infinity), defined)
  }

  /// log(1 + z) for 0 ≤ z ≤ 1, NaN for NaN: 1 + z is at most halved to come below √2.
  @inline(__always)
  private static func logOnePlusOfUnit(_ z: Self) -> Self {
    let isHalved = isLess(splat(0.4142135623730950488), z)
    let f = choose(isHalved, splat(0.5) * (z - one), z)
    let low = choose(isHalved, splat(logTwo.low), Self())
    let high = choose(isHalved, splat(logTwo.high), Self())
    return (f + (reducedLogTail(f) + low)) + high
  }

  /// tanh |x| = t / (t + 1) with t = (e^2|x| - 1) / 2.
  ///
  /// The sign comes last. If x were chosen after it, both would become one masked instruction of
  /// AVX-512, whose truth table LLVM gets wrong up to Swift 6.3 (llvm-project 157929).
  @inline(__always)
  static func tanh(_ x: Self) -> Self {
    let magnitude = magnitude(x)
    let a = atMost(saturation.tanh, magnitude)
    let t = halfExpMinusOne(a + a)
    return withSign(of: x, linearNearZero(magnitude, t / (t + one)))
  }

  /// By e^-|x|, which cannot overflow; for negative x the small numerator keeps its digits.
  @inline(__always)
  static func sigmoid(_ x: Self) -> Self { sigmoid(x, decay: decay(x)) }

  /// The same, given the exponential.
  @inline(__always)
  static func sigmoid(_ x: Self, decay z: Self) -> Self {
    choose(isLess(x, Self()), z, one) / (one + z)
  }

  /// max(x, 0) + log(1 + e^-|x|), given the exponential: half of the chain at a time leaves
  /// more of it to overlap with its neighbours.
  @inline(__always)
  static func softplus(_ x: Self, decay z: Self) -> Self {
    choose(isLess(Self(), x), x, Self()) + logOnePlusOfUnit(z)
  }

  /// e^-|x|.
  @inline(__always)
  static func decay(_ x: Self) -> Self {
    expInRange(atLeast(exponentialRange.lowest, -magnitude(x)))
  }

  /// x + x P(x²) up to 1, 1 - exp(-x²) Q(|x|) from there.
  @inline(__always)
  static func erf(_ x: Self) -> Self {
    let magnitude = magnitude(x)
    let a = atMost(saturation.erf, magnitude)
    let far = one - expInRange(-a * a) * scaledErfc(a)
    let near = x.plus(x, times: reducedErf(x * x))
    return choose(isLess(magnitude, one), near, withSign(of: x, far))
  }

  /// The sine (`phase` 0) or cosine (`phase` 1) of angles up to ``angleRange``.
  @inline(__always)
  private static func trigonometric(_ x: Self, phase: Int) -> Self {
    let shift = splat(roundingShift)
    let shifted = shift.plus(x, times: splat(0.63661977236758134307554))
    let n = shifted - shift
    let high = x.plus(n, times: splat(-halfPi.high))
    let middle = high.plus(n, times: splat(-halfPi.middle))
    let r = middle - n * splat(halfPi.low)
    return quarterTurn(r, quadrant: shifted, phase: phase)
  }

  @inline(__always)
  static func sine(_ x: Self) -> Self { linearNearZero(x, trigonometric(x, phase: 0)) }

  @inline(__always)
  static func cosine(_ x: Self) -> Self { trigonometric(x, phase: 1) }

  @inline(__always)
  static func minimum(_ x: Self, _ y: Self) -> Self {
    let smaller = choose(isLess(y, x), y, x)
    return choose(isEqual(y, y), smaller, y)
  }

  @inline(__always)
  static func maximum(_ x: Self, _ y: Self) -> Self {
    let larger = choose(isLess(x, y), y, x)
    return choose(isEqual(y, y), larger, y)
  }

  /// The sign of ±0 is the zero itself.
  @inline(__always)
  static func sign(_ x: Self) -> Self {
    choose(isLess(Self(), x), one, choose(isLess(x, Self()), -one, x))
  }
}
