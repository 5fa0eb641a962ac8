/// From random words to draws in Float, eight lanes at a time.
enum FloatDraws {
  typealias Vector = SIMD8<Float>
  typealias Words = SIMD8<UInt32>

  /// A multiple of 2⁻²⁴ from 2⁻²⁴ to 1 - 2⁻²⁴, odd multiples only.
  @inline(__always)
  static func uniform(_ words: Words) -> Vector {
    Vector(signed(words &>> 9)) * 0x1p-23 + 0x1p-24
  }

  /// Two independent normal draws from two words, by the method of Box and Muller.
  ///
  /// The radius reaches 6.66: the law of |z| beyond has probability 3e-11.
  @inline(__always)
  static func normals(_ first: Words, _ second: Words) -> (Vector, Vector) {
    let u = (Vector(signed(first &>> 1)) + 0.5) * 0x1p-31
    let radius = squareRoot(-2 * log(u))
    let (sine, cosine) = turn(second)
    return (radius * cosine, radius * sine)
  }

  /// +1 where bit number `bit` is 0, -1 where it is 1.
  @inline(__always)
  static func signs(_ words: Words, bit: UInt32) -> Vector {
    let sign = (words &<< Words(repeating: 31 &- bit)) & 0x8000_0000
    return unsafeBitCast(sign | 0x3F80_0000, to: Vector.self)
  }

  @inline(__always)
  private static func signed(_ words: Words) -> SIMD8<Int32> {
    SIMD8<Int32>(truncatingIfNeeded: words)
  }

  /// The logarithm of 0 < u ≤ 1, u a normal number: log m + n log 2 with √½ ≤ m < √2, from a
  /// minimax polynomial of relative error 2⁻²⁷.
  @inline(__always)
  static func log(_ u: Vector) -> Vector {
    let bits = unsafeBitCast(u, to: Words.self)
    let field = (bits &+ (0x3F80_0000 &- 0x3F35_04F3)) &>> 23
    let m = unsafeBitCast(bits &- (field &<< 23) &+ 0x3F80_0000, to: Vector.self)
    let n = unsafeBitCast(field | 0x4B00_0000, to: Vector.self) - (0x1p23 + 127)
    let f = m - 1
    var p = Vector(repeating: -0x1.38b852p-4)
    p = Vector(repeating: 0x1.055c40p-3).addingProduct(p, f)
    p = Vector(repeating: -0x1.0d8518p-3).addingProduct(p, f)
    p = Vector(repeating: 0x1.22d9f8p-3).addingProduct(p, f)
    p = Vector(repeating: -0x1.547246p-3).addingProduct(p, f)
    p = Vector(repeating: 0x1.99a00ap-3).addingProduct(p, f)
    p = Vector(repeating: -0x1.000228p-2).addingProduct(p, f)
    p = Vector(repeating: 0x1.555554p-2).addingProduct(p, f)
    let square = f * f
    let tail = (square * f) * p - 0.5 * square
    return (f + (tail + n * -0x1.05c610p-29)) + n * 0x1.62e430p-1
  }

  @inline(__always)
  private static func squareRoot(_ x: Vector) -> Vector {
    // The bound only tells the compiler that no lane is negative, which makes it one
    // instruction: x is 0 when u rounded to 1.
    var root = x
    for lane in 0..<8 { root[lane] = (x[lane] > 0x1p-60 ? x[lane] : 0x1p-60).squareRoot() }
    return root
  }

  /// Sine and cosine of a uniform angle: the two high bits choose the quarter, the others an
  /// angle in [-π/4, π/4), on which minimax polynomials have relative error 2⁻²⁷.
  @inline(__always)
  static func turn(_ words: Words) -> (sine: Vector, cosine: Vector) {
    let r = Vector(signed(words &<< 2)) * (0x1p-32 * 0x1.921fb6p+0)
    let z = r * r
    var s = Vector(repeating: -0x1.99438ap-13)
    s = Vector(repeating: 0x1.11073ap-7).addingProduct(s, z)
    s = Vector(repeating: -0x1.555546p-3).addingProduct(s, z)
    let sine = r + r * z * s
    var c = Vector(repeating: 0x1.99eb4cp-16)
    c = Vector(repeating: -0x1.6c0c32p-10).addingProduct(c, z)
    c = Vector(repeating: 0x1.55554ap-5).addingProduct(c, z)
    let cosine = (1 - 0.5 * z) + z * z * c
    // Turning by a quarter exchanges the two and changes one sign.
    let isOdd = 0 &- ((words &>> 30) & 1)
    let sineBits = unsafeBitCast(sine, to: Words.self)
    let cosineBits = unsafeBitCast(cosine, to: Words.self)
    let sineSign = words & 0x8000_0000
    let cosineSign = (words ^ (words &<< 1)) & 0x8000_0000
    return (
      unsafeBitCast(
        ((cosineBits & isOdd) | (sineBits & ~isOdd)) ^ sineSign, to: Vector.self),
      unsafeBitCast(
        ((sineBits & isOdd) | (cosineBits & ~isOdd)) ^ cosineSign, to: Vector.self)
    )
  }
}
