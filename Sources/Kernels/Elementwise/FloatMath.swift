internal import CCPU

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ccpu_float: ElementaryVector {
  typealias Mask = ccpu_float_mask
  private typealias Bits = ccpu_float_bits

  static var roundingShift: Float { 0x1.8p23 }
  static var logTwo: (high: Float, low: Float) { (0x1.62e430p-1, -0x1.05c610p-29) }
  static var halfPi: (high: Float, middle: Float, low: Float) {
    (0x1.921fb6p+0, -0x1.777a5cp-25, -0x1.ee59dap-50)
  }
  static var exponentialRange: (lowest: Float, highest: Float) { (-104, 89) }
  static var saturation: (tanh: Float, erf: Float) { (10, 4) }
  static var linearRange: Float { 0x1p-25 }
  static var angleRange: Float { 100_000 }

  @inline(__always)
  static func isLess(_ x: Self, _ y: Self) -> Mask {
    ccpu_less_float(x, y)
  }

  @inline(__always)
  static func isEqual(_ x: Self, _ y: Self) -> Mask {
    ccpu_equal_float(x, y)
  }

  @inline(__always)
  static func choose(_ mask: Mask, _ a: Self, _ b: Self) -> Self {
    ccpu_choose_float(mask, a, b)
  }

  @inline(__always)
  static func magnitude(_ x: Self) -> Self {
    unsafeBitCast(unsafeBitCast(x, to: Bits.self) & 0x7FFF_FFFF, to: Self.self)
  }

  @inline(__always)
  static func withSign(of y: Self, _ x: Self) -> Self {
    let sign = unsafeBitCast(y, to: Bits.self) & ~0x7FFF_FFFF
    let value = unsafeBitCast(x, to: Bits.self) & 0x7FFF_FFFF
    return unsafeBitCast(sign | value, to: Self.self)
  }

  @inline(__always)
  static func powerOfTwo(_ n: Self) -> Self {
    let bits = unsafeBitCast(n + roundingShift, to: Bits.self)
    return unsafeBitCast((bits &<< 23) &+ 0x3F80_0000, to: Self.self)
  }

  /// r + r² P(r); relative error of e^r - 1: 2⁻²⁵·⁵.
  @inline(__always)
  static func reducedExpMinusOne(_ r: Self) -> Self {
    let square = r * r
    let even = polynomial(square, 0x1p-1, 0x1.5555aep-5, 0x1.6c0c3cp-10)
    let odd = polynomial(square, 0x1.555554p-3, 0x1.110868p-7, 0x1.be6814p-13)
    return r.plus(square, times: even.plus(r, times: odd))
  }

  @inline(__always)
  static func splitExponent(_ x: Self) -> (mantissa: Self, exponent: Self) {
    let bits = unsafeBitCast(x, to: Bits.self)
    // Bias chosen so that the field is n + 127 for mantissas counted from √½.
    let field = (bits &+ (0x3F80_0000 &- 0x3F35_04F3)) &>> 23
    let mantissa = unsafeBitCast(bits &- (field &<< 23) &+ 0x3F80_0000, to: Self.self)
    let exponent = unsafeBitCast(field | 0x4B00_0000, to: Self.self) - (0x1p23 + 127)
    return (mantissa, exponent)
  }

  /// -f²/2 + f³ P(f); relative error of log(1 + f): 2⁻²⁷.
  @inline(__always)
  static func reducedLogTail(_ f: Self) -> Self {
    let square = f * f
    let even = polynomial(square, 0x1.555554p-2, 0x1.99a00ap-3, 0x1.22d9f8p-3, 0x1.055c40p-3)
    let odd = polynomial(square, -0x1.000228p-2, -0x1.547246p-3, -0x1.0d8518p-3, -0x1.38b852p-4)
    return (square * -0.5).plus(square * f, times: even.plus(f, times: odd))
  }

  /// Relative errors: sine 2⁻²⁷, cosine 2⁻³².
  @inline(__always)
  static func quarterTurn(_ r: Self, quadrant: Self, phase: Int) -> Self {
    let z = r * r
    let sine = r.plus(
      r * z, times: polynomial(z, -0x1.555546p-3, 0x1.11073ap-7, -0x1.99438ap-13))
    let cosine = (1 - 0.5 * z).plus(
      z * z, times: polynomial(z, 0x1.55554ap-5, -0x1.6c0c32p-10, 0x1.99eb4cp-16))
    let turns = unsafeBitCast(quadrant, to: Bits.self) &+ UInt32(truncatingIfNeeded: phase)
    // All ones where the turn is odd. (Comparing integer vectors runs lane by lane.)
    let isOdd = 0 &- (turns & 1)
    let magnitude =
      (unsafeBitCast(cosine, to: Bits.self) & isOdd)
      | (unsafeBitCast(sine, to: Bits.self) & ~isOdd)
    let sign = (turns & 2) &<< 30
    return unsafeBitCast(magnitude ^ sign, to: Self.self)
  }

  static func anySine(_ x: Float) -> Float { Float(sin(Double(x))) }

  static func anyCosine(_ x: Float) -> Float { Float(cos(Double(x))) }

  static func power(_ x: Float, _ y: Float) -> Float { Float(pow(Double(x), Double(y))) }

  /// Relative error of erf: 2⁻²⁹.
  @inline(__always)
  static func reducedErf(_ square: Self) -> Self {
    let fourth = square * square
    let even = polynomial(fourth, 0.12837917, 0x1.ce2cf8p-4, 0x1.5405b0p-8, 0x1.496a02p-14)
    let odd = polynomial(fourth, -0x1.81273ep-2, -0x1.b7f90cp-6, -0x1.a3f6f0p-11)
    return even.plus(square, times: odd)
  }

  /// Relative error of erf: 2⁻²⁷.
  @inline(__always)
  static func scaledErfc(_ a: Self) -> Self {
    // Not in even and odd parts: up to a = 4 these are large and cancel.
    let upper = polynomial(
      a, -0x1.0a4da2p-1, 0x1.da2102p-3, -0x1.2bcebap-4, 0x1.f97d70p-7, -0x1.fa5758p-10,
      0x1.c5c558p-14)
    let two = splat(0x1.ba3f22p-1).plus(a, times: upper)
    let one = splat(-0x1.149042p+0).plus(a, times: two)
    return splat(0x1.fc15dep-1).plus(a, times: one)
  }
}
