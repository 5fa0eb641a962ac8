/// Numbers that are coded to the last bit, NaN, infinities and -0 included: one text of 16 hexadecimal
/// digits for each.
///
/// What a trial is interrupted with goes through it: plain coding of an array takes an object for each
/// number, and not every format holds a NaN.
@propertyWrapper
public struct Exact: Sendable, Hashable, Codable {
  /// The numbers.
  public var wrappedValue: [Double]

  /// These numbers.
  public init(wrappedValue: [Double]) { self.wrappedValue = wrappedValue }

  /// Reads what ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    var values: [Double] = []
    values.reserveCapacity(text.utf8.count / 16)
    var (bits, count) = (UInt64(0), 0)
    for digit in text.utf8 {
      guard let value = Self.value(ofDigit: digit) else { throw Self.damaged(container) }
      bits = bits << 4 | value
      count += 1
      guard count == 16 else { continue }
      values.append(Double(bitPattern: bits))
      (bits, count) = (0, 0)
    }
    guard count == 0 else { throw Self.damaged(container) }
    wrappedValue = values
  }

  /// Writes one text.
  public func encode(to encoder: any Encoder) throws {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(16 * wrappedValue.count)
    for value in wrappedValue {
      for place in stride(from: 60, through: 0, by: -4) {
        text.append(digits[Int(value.bitPattern >> UInt64(place) & 15)])
      }
    }
    var container = encoder.singleValueContainer()
    try container.encode(String(decoding: text, as: UTF8.self))
  }

  private static func value(ofDigit digit: UInt8) -> UInt64? {
    switch digit {
    case 48...57: UInt64(digit - 48)
    case 97...102: UInt64(digit - 87)
    default: nil
    }
  }

  private static func damaged(_ container: any SingleValueDecodingContainer) -> DecodingError {
    .dataCorruptedError(in: container, debugDescription: "no numbers of 16 hexadecimal digits")
  }
}
