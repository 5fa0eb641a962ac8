internal import CCPU

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ccpu_double: ElementaryVector {
  typealias Mask = ccpu_double_mask
  private typealias Bits = ccpu_double_bits

  static var roundingShift: Double { 0x1.8p52 }
  static var logTwo: (high: Double, low: Double) {
    (0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)
  }
  static var halfPi: (high: Double, middle: Double, low: Double) {
    (0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110)
  }
  static var exponentialRange: (lowest: Double, highest: Double) { (-746, 710) }
  static var saturation: (tanh: Double, erf: Double) { (20, 6) }
  static var linearRange: Double { 0x1p-54 }
  static var angleRange: Double { 1_000_000 }

  @inline(__always)
  static func isLess(_ x: Self, _ y: Self) -> Mask {
    ccpu_less_double(x, y)
  }

  @inline(__always)
  static func isEqual(_ x: Self, _ y: Self) -> Mask {
    ccpu_equal_double(x, y)
  }

  @inline(__always)
  static func choose(_ mask: Mask, _ a: Self, _ b: Self) -> Self {
    ccpu_choose_double(mask, a, b)
  }

  @inline(__always)
  static func magnitude(_ x: Self) -> Self {
    unsafeBitCast(unsafeBitCast(x, to: Bits.self) & 0x7FFF_FFFF_FFFF_FFFF, to: Self.self)
  }

  @inline(__always)
  static func withSign(of y: Self, _ x: Self) -> Self {
    let sign = unsafeBitCast(y, to: Bits.self) & ~0x7FFF_FFFF_FFFF_FFFF
    let value = unsafeBitCast(x, to: Bits.self) & 0x7FFF_FFFF_FFFF_FFFF
    return unsafeBitCast(sign | value, to: Self.self)
  }

  @inline(__always)
  static func powerOfTwo(_ n: Self) -> Self {
    let bits = unsafeBitCast(n + roundingShift, to: Bits.self)
    return unsafeBitCast((bits &<< 52) &+ 0x3FF0_0000_0000_0000, to: Self.self)
  }

  /// r + r² P(r); relative error of e^r - 1: 2⁻⁵⁸.
  @inline(__always)
  static func reducedExpMinusOne(_ r: Self) -> Self {
    let square = r * r
    let even = polynomial(
      square, 0x1p-1, 0x1.5555555555581p-5, 0x1.6c16c16bfba9fp-10, 0x1.a01a0246f0b67p-16,
      0x1.27e3615a7d9fbp-22, 0x1.21d5fd14a122cp-29)
    let odd = polynomial(
      square, 0x1.5555555555555p-3, 0x1.1111111110cf1p-7, 0x1.a01a01a63ede9p-13,
      0x1.71de1222b8ffep-19, 0x1.af2fdaf93991ap-26)
    return r.plus(square, times: even.plus(r, times: odd))
  }

  @inline(__always)
  static func splitExponent(_ x: Self) -> (mantissa: Self, exponent: Self) {
    let bits = unsafeBitCast(x, to: Bits.self)
    // Bias chosen so that the field is n + 1023 for mantissas counted from √½.
    let field = (bits &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)) &>> 52
    let mantissa = unsafeBitCast(
      bits &- (field &<< 52) &+ 0x3FF0_0000_0000_0000, to: Self.self)
    let exponent =
      unsafeBitCast(field | 0x4330_0000_0000_0000, to: Self.self) - (0x1p52 + 1023)
    return (mantissa, exponent)
  }

  /// With s = f / (2 + f), log(1 + f) = 2 s + s³ P(s²), from which f cancels as
  /// -(f²/2 - s (f²/2 + s² P)); relative error of log(1 + f): 2⁻⁵⁹.
  @inline(__always)
  static func reducedLogTail(_ f: Self) -> Self {
    let s = f / (2 + f)
    let z = s * s
    let square = z * z
    let even = polynomial(
      square, 0x1.5555555555592p-1, 0x1.24924941e0bc8p-2, 0x1.74663c5605a0ap-3,
      0x1.2f02ea9432750p-3)
    let odd = polynomial(
      square, 0x1.999999997feebp-2, 0x1.c71c5216477c2p-3, 0x1.39a1fb3bbf636p-3)
    let halfSquare = 0.5 * f * f
    let sum = halfSquare.plus(z, times: even.plus(z, times: odd))
    return (-halfSquare).plus(s, times: sum)
  }

  /// Relative errors: sine 2⁻⁵⁶, cosine 2⁻⁵⁹.
  @inline(__always)
  static func quarterTurn(_ r: Self, quadrant: Self, phase: Int) -> Self {
    let z = r * r
    let square = z * z
    let sineEven = polynomial(
      square, -0x1.5555555555548p-3, -0x1.a01a019bfd1a4p-13, -0x1.ae5e59f5a1ed0p-26)
    let sineOdd = polynomial(
      square, 0x1.111111110f7cap-7, 0x1.71de356713315p-19, 0x1.5d8fa30271d3dp-33)
    let sine = r.plus(r * z, times: sineEven.plus(z, times: sineOdd))
    let cosineEven = polynomial(
      square, 0x1.555555555554bp-5, 0x1.a01a019c839d1p-16, 0x1.1ee9d7572c5bbp-29)
    let cosineOdd = polynomial(
      square, -0x1.6c16c16c14f8ap-10, -0x1.27e4f7ea3f563p-22, -0x1.8fa467fe5e91dp-37)
    let tail = cosineEven.plus(z, times: cosineOdd)
    // 1 - z/2 is rounded; what it loses is small but counts where the cosine is near √½.
    let half = 0.5 * z
    let most = 1 - half
    let lost = (1 - most) - half
    let cosine = most + lost.plus(square, times: tail)
    let turns = unsafeBitCast(quadrant, to: Bits.self) &+ UInt64(truncatingIfNeeded: phase)
    // All ones where the turn is odd. (Comparing integer vectors runs lane by lane.)
    let isOdd = 0 &- (turns & 1)
    let magnitude =
      (unsafeBitCast(cosine, to: Bits.self) & isOdd)
      | (unsafeBitCast(sine, to: Bits.self) & ~isOdd)
    let sign = (turns & 2) &<< 62
    return unsafeBitCast(magnitude ^ sign, to: Self.self)
  }

  static func anySine(_ x: Double) -> Double { sin(x) }

  static func anyCosine(_ x: Double) -> Double { cos(x) }

  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

  /// Relative error of erf: 2⁻⁵⁶.
  @inline(__always)
  static func reducedErf(_ square: Self) -> Self {
    let fourth = square * square
    let even = polynomial(
      fourth, 0.12837916709551257, 0x1.ce2f21a040d16p-4, 0x1.565bccf92aef5p-8,
      0x1.f9a2baa80abf0p-14, 0x1.b97fd346ecf69p-20, 0x1.d71af6e857f22p-27)
    let odd = polynomial(
      fourth, -0x1.812746b0379bdp-2, -0x1.b82ce311fa921p-6, -0x1.c02db03dcd1aep-11,
      -0x1.f4ca4d6071e67p-17, -0x1.5c07236e0b9e9p-23, -0x1.abae014943e0dp-31)
    return even.plus(square, times: odd)
  }

  /// A polynomial in (a - 3) / (a + 3); relative error of erf: 2⁻⁵⁷.
  @inline(__always)
  static func scaledErfc(_ a: Self) -> Self {
    let t = (a - 3) / (a + 3)
    let square = t * t
    let even = polynomial(
      square, 0x1.6e9827d2297c4p-3, 0x1.f6ff203f5c1b1p-3, 0x1.258b1752f267bp-4,
      0x1.17dd21765a658p-8, -0x1.308d3df1b567dp-11, 0x1.b0b16f28b7599p-14)
    let odd = polynomial(
      square, -0x1.4e102b9d05594p-2, -0x1.336ffbe88bdd4p-3, -0x1.8fa4d0c1b5fa6p-6,
      0x1.75f5a607277d9p-11, 0x1.41938eb39aefbp-14, 0x1.003d242f76e7ap-16)
    return even.plus(t, times: odd)
  }
}
