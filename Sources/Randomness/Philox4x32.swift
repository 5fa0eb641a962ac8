/// The counter-based generator Philox 4x32 with ten rounds.
///
/// A block of 128 random bits is a pure function of a 128-bit counter and a 64-bit key, so any
/// element of any stream is computed where it is needed and no state is carried.
///
/// Reference: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011, section 3.3.
public struct Philox4x32: Sendable, Hashable {
  static let multiplier0: UInt32 = 0xD251_1F53
  static let multiplier1: UInt32 = 0xCD9E_8D57
  static let weyl0: UInt32 = 0x9E37_79B9
  static let weyl1: UInt32 = 0xBB67_AE85
  static let roundCount = 10

  /// The two words of the key.
  public let key: SIMD2<UInt32>

  /// A generator with the given two key words.
  public init(key: SIMD2<UInt32>) {
    self.key = key
  }

  /// The generator of a stream: the low word of the key first.
  public init(_ key: StreamKey) {
    self.init(
      key: SIMD2(
        UInt32(truncatingIfNeeded: key.bits), UInt32(truncatingIfNeeded: key.bits >> 32)))
  }

  /// The four random words at `counter`.
  public func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<Self.roundCount {
      let p0 = UInt64(Self.multiplier0) &* UInt64(c[0])
      let p1 = UInt64(Self.multiplier1) &* UInt64(c[2])
      c = SIMD4(
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: p0))
      k = Self.nextKey(k)
    }
    return c
  }

  /// The key of the next round.
  @inline(__always)
  static func nextKey(_ key: SIMD2<UInt32>) -> SIMD2<UInt32> { key &+ SIMD2(weyl0, weyl1) }

  /// The four random words of block number `index` of draw number `draw`.
  public func block(index: UInt64, draw: UInt64) -> SIMD4<UInt32> {
    block(
      SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: draw), UInt32(truncatingIfNeeded: draw >> 32)))
  }
}
