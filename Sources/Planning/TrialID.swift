import Settings

/// What identifies a trial: 128 bits of the SHA-256 of its settings in canonical form.
///
/// It depends on what the trial is, never on its position, on the order of keys, axes and values, on
/// how numbers are written or on whether defaults are spelt out.
public struct TrialID: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64

  /// The first 128 bits of a digest.
  init(_ digest: SIMD8<UInt32>) {
    high = UInt64(digest[0]) << 32 | UInt64(digest[1])
    low = UInt64(digest[2]) << 32 | UInt64(digest[3])
  }

  /// Reads the 32 hexadecimal digits that ``description`` writes; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let digits = text.utf8
    guard digits.count == 32, digits.allSatisfy({ Self.isHexDigit($0) }),
      let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.high = high
    self.low = low
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}

extension TrialID: CustomStringConvertible {
  /// 32 lowercase hexadecimal digits.
  public var description: String {
    String(decoding: hexDigits, as: UTF8.self)
  }

  /// The digits of ``description`` as UTF-8.
  var hexDigits: [UInt8] {
    var digits: [UInt8] = []
    digits.reserveCapacity(32)
    for word in [high, low] {
      for shift in stride(from: UInt64(60), through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: word >> shift) & 15
        digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + (digit - 10))
      }
    }
    return digits
  }
}

extension TrialID: Comparable {
  /// The order of the hexadecimal digits.
  public static func < (one: TrialID, other: TrialID) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }
}
