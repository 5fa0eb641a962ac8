extension SettingValue {
  /// The one JSON text of this value: members sorted by name, no spaces, shortest numbers.
  ///
  /// Equal values have equal texts and the reverse, on every machine, so hashes are made of it. Whole
  /// numbers are written without a point, others with the fewest digits that read back the same
  /// Double; minus zero is zero.
  public var canonicalJSON: String {
    var bytes: [UInt8] = []
    appendCanonicalJSON(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the UTF-8 bytes of ``canonicalJSON``.
  public func appendCanonicalJSON(to bytes: inout [UInt8]) {
    switch self {
    case .null:
      bytes.append(contentsOf: "null".utf8)
    case .boolean(let flag):
      bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let number):
      bytes.append(contentsOf: Self.canonicalNumber(number).utf8)
    case .text(let text):
      Self.appendQuoted(text, to: &bytes)
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        value.appendCanonicalJSON(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.appendQuoted(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.appendCanonicalJSON(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// A number as canonical JSON writes it: `8`, `0.05`, `1e-12`, never `8.0` or `-0`.
  ///
  /// JSON has no word for NaN and infinities; they become `null`.
  public static func canonicalNumber(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    if number.magnitude < 0x1p53, let integer = Int(exactly: number) {
      return String(integer)
    }
    return number.description
  }

  /// Appends a text in double quotes, with the escapes that JSON demands and no others.
  public static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0a:
        bytes.append(contentsOf: "\\n".utf8)
      case 0x09:
        bytes.append(contentsOf: "\\t".utf8)
      case 0x0d:
        bytes.append(contentsOf: "\\r".utf8)
      case 0..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(contentsOf: SHA256.hex(CollectionOfOne(byte)).utf8)
      default:
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A text in double quotes, escaped as JSON demands.
  public static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendQuoted(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
