/// From random words to draws in Double, four lanes at a time.
enum DoubleDraws {
  typealias Vector = SIMD4<Double>
  typealias Bits = SIMD4<UInt64>

  /// An odd multiple of 2⁻⁵³ between 0 and 1.
  @inline(__always)
  static func uniform(_ bits: Bits) -> Vector {
    unsafeBitCast((bits &>> 12) | 0x3FF0_0000_0000_0000, to: Vector.self) - 1 + 0x1p-53
  }

  /// Two independent normal draws from two words, by the method of Box and Muller.
  ///
  /// The radius reaches 8.57: the law of |z| beyond has probability 1e-17.
  @inline(__always)
  static func normals(_ first: Bits, _ second: Bits) -> (Vector, Vector) {
    let radius = squareRoot(-2 * log(uniform(first)))
    let (sine, cosine) = turn(second)
    return (radius * cosine, radius * sine)
  }

  /// The logarithm of 0 < u ≤ 1, u a normal number: log m + n log 2 with √½ ≤ m < √2, and with
  /// s = f / (2 + f), f = m - 1, log m = 2 s + s³ P(s²) of relative error 2⁻⁵⁹.
  @inline(__always)
  static func log(_ u: Vector) -> Vector {
    let bits = unsafeBitCast(u, to: Bits.self)
    let field = (bits &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)) &>> 52
    let m = unsafeBitCast(bits &- (field &<< 52) &+ 0x3FF0_0000_0000_0000, to: Vector.self)
    let n = unsafeBitCast(field | 0x4330_0000_0000_0000, to: Vector.self) - (0x1p52 + 1023)
    let f = m - 1
    let s = f / (2 + f)
    let z = s * s
    var p = Vector(repeating: 0x1.2f02ea9432750p-3)
    p = Vector(repeating: 0x1.39a1fb3bbf636p-3).addingProduct(p, z)
    p = Vector(repeating: 0x1.74663c5605a0ap-3).addingProduct(p, z)
    p = Vector(repeating: 0x1.c71c5216477c2p-3).addingProduct(p, z)
    p = Vector(repeating: 0x1.24924941e0bc8p-2).addingProduct(p, z)
    p = Vector(repeating: 0x1.999999997feebp-2).addingProduct(p, z)
    p = Vector(repeating: 0x1.5555555555592p-1).addingProduct(p, z)
    let halfSquare = 0.5 * f * f
    let tail = s * (halfSquare + z * p) - halfSquare
    return (f + (tail + n * 0x1.abc9e3b39803fp-56)) + n * 0x1.62e42fefa39efp-1
  }

  @inline(__always)
  private static func squareRoot(_ x: Vector) -> Vector {
    // The bound only tells the compiler that no lane is negative, which makes it one instruction.
    var root = x
    for lane in 0..<4 { root[lane] = (x[lane] > 0x1p-120 ? x[lane] : 0x1p-120).squareRoot() }
    return root
  }

  /// Sine and cosine of a uniform angle: the two high bits choose the quarter, the next 52 an
  /// angle in [-π/4, π/4), on which minimax polynomials have relative error 2⁻⁵⁶.
  @inline(__always)
  static func turn(_ bits: Bits) -> (sine: Vector, cosine: Vector) {
    let fraction = ((bits &<< 2) &>> 12) | 0x3FF0_0000_0000_0000
    let r = (unsafeBitCast(fraction, to: Vector.self) - 1.5) * 0x1.921fb54442d18p+0
    let z = r * r
    var s = Vector(repeating: 0x1.5d8fa30271d3dp-33)
    s = Vector(repeating: -0x1.ae5e59f5a1ed0p-26).addingProduct(s, z)
    s = Vector(repeating: 0x1.71de356713315p-19).addingProduct(s, z)
    s = Vector(repeating: -0x1.a01a019bfd1a4p-13).addingProduct(s, z)
    s = Vector(repeating: 0x1.111111110f7cap-7).addingProduct(s, z)
    s = Vector(repeating: -0x1.5555555555548p-3).addingProduct(s, z)
    let sine = r + r * z * s
    var c = Vector(repeating: -0x1.8fa467fe5e91dp-37)
    c = Vector(repeating: 0x1.1ee9d7572c5bbp-29).addingProduct(c, z)
    c = Vector(repeating: -0x1.27e4f7ea3f563p-22).addingProduct(c, z)
    c = Vector(repeating: 0x1.a01a019c839d1p-16).addingProduct(c, z)
    c = Vector(repeating: -0x1.6c16c16c14f8ap-10).addingProduct(c, z)
    c = Vector(repeating: 0x1.555555555554bp-5).addingProduct(c, z)
    let cosine = (1 - 0.5 * z) + z * z * c
    // Turning by a quarter exchanges the two and changes one sign.
    let isOdd = 0 &- ((bits &>> 62) & 1)
    let sineBits = unsafeBitCast(sine, to: Bits.self)
    let cosineBits = unsafeBitCast(cosine, to: Bits.self)
    let sineSign = bits & 0x8000_0000_0000_0000
    let cosineSign = (bits ^ (bits &<< 1)) & 0x8000_0000_0000_0000
    return (
      unsafeBitCast(
        ((cosineBits & isOdd) | (sineBits & ~isOdd)) ^ sineSign, to: Vector.self),
      unsafeBitCast(
        ((sineBits & isOdd) | (cosineBits & ~isOdd)) ^ cosineSign, to: Vector.self)
    )
  }
}
