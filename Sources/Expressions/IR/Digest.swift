/// A 128-bit structural fingerprint: equal digests are taken as the same expression.
///
/// Computed from primitive, shape and operands alone, so it is the same in every process (Swift's
/// own hashes are seeded per process). With 2¹²⁸ values the chance that any two of a million
/// different expressions collide is below 10⁻²⁶.
public struct Digest: Sendable, Hashable, Comparable {
  /// The upper 64 bits.
  public let high: UInt64
  /// The lower 64 bits.
  public let low: UInt64

  /// An order without meaning, the same in every process.
  public static func < (left: Digest, right: Digest) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// Builds a ``Digest`` word by word: two lanes with different odd multipliers, crossed at each word
/// and finished by MurmurHash3's 64-bit finaliser.
struct DigestBuilder {
  private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var second: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private var count: UInt64 = 0

  mutating func combine(_ word: UInt64) {
    count &+= 1
    first = Self.mix(first ^ word) &+ second
    second = Self.mix(second &+ (word &* 0x8765_4321_9ABC_DEF1)) ^ (first &<< 17 | first &>> 47)
  }

  mutating func combine(_ value: Int) { combine(UInt64(bitPattern: Int64(value))) }

  mutating func combine(_ value: Double) { combine(value.bitPattern) }

  mutating func combine(_ values: [Int]) {
    combine(values.count)
    for value in values { combine(value) }
  }

  mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      combine(bytes.count)
      for byte in bytes { combine(UInt64(byte)) }
    }
  }

  mutating func combine(_ digest: Digest) {
    combine(digest.high)
    combine(digest.low)
  }

  func finish() -> Digest {
    Digest(high: Self.mix(first ^ count), low: Self.mix(second &+ first))
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    var mixed = word
    mixed = (mixed ^ (mixed &>> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ (mixed &>> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return mixed ^ (mixed &>> 33)
  }
}
