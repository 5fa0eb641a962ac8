// Texts, numbers and words.

extension JSONReader {
  /// Reads a text in double quotes at the cursor.
  mutating func text() -> String {
    let start = at
    at += 1
    var content: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        escape(into: &content)
      case 0x0a, 0x0d:
        reportUnclosedText(from: start)
        return String(decoding: content, as: UTF8.self)
      case 0..<0x20:
        let name = Self.codePoint(UInt32(byte))
        let remedy = byte == 0x09 ? "Write \\t for a tab." : nil
        report(.syntax, at..<at + 1, "control character \(name) in a text", remedy: remedy)
        at += 1
      default:
        content.append(byte)
        at += 1
      }
    }
    reportUnclosedText(from: start)
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func reportUnclosedText(from start: Int) {
    report(.syntax, start..<at, "a text is not closed on its line", expected: "'\"'")
    isTrusted = false
    commaMayBeSwallowed = true
  }

  /// Reads a text in single quotes, which JSON does not have, up to the next one on the line.
  mutating func singleQuotedText() -> String {
    let start = at
    at += 1
    var content: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "'"), byte != 0x0a {
      content.append(byte)
      at += 1
    }
    if current == UInt8(ascii: "'") { at += 1 }
    report(
      .syntax, start..<at, "a text in single quotes", expected: "double quotes")
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func escape(into content: inout [UInt8]) {
    let start = at
    at += 1
    guard let byte = current else { return }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0c)
    case UInt8(ascii: "n"): content.append(0x0a)
    case UInt8(ascii: "r"): content.append(0x0d)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): unicodeEscape(from: start, into: &content)
    default:
      if byte < 0x20 || byte >= 0x80 { at -= 1 }  // read again as what it is
      report(
        .syntax, start..<max(at, start + 1), "an escape that JSON does not have",
        expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
        remedy: "Write \\\\ for a backslash.")
    }
  }

  /// Reads the rest of `\uXXXX`, and of a surrogate pair.
  private mutating func unicodeEscape(from start: Int, into content: inout [UInt8]) {
    guard let unit = hexDigits() else {
      report(.syntax, start..<at, "\\u without four hexadecimal digits", expected: "\\uXXXX")
      return
    }
    var code = unit
    if (0xd800..<0xdc00).contains(unit), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    {
      let second = at
      at += 2
      if let low = hexDigits(), (0xdc00..<0xe000).contains(low) {
        code = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      } else {
        at = second
      }
    }
    guard code != 0, let scalar = Unicode.Scalar(code) else {
      let what = code == 0 ? "U+0000 in a text" : "half of a surrogate pair"
      report(
        .syntax, start..<at, what,
        remedy: code == 0 ? nil : "Write the character itself; the file is UTF-8.")
      content.append(contentsOf: "\u{fffd}".utf8)
      return
    }
    content.append(contentsOf: String(Character(scalar)).utf8)
  }

  private mutating func hexDigits() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        return nil
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }

  /// Reads a number, or what was meant as one.
  mutating func number() -> JSONNode.Content {
    let start = at
    while let byte = current, Self.isNumberPart(byte) { at += 1 }
    let token = String(decoding: bytes[start..<at], as: UTF8.self)
    guard Self.isJSONNumber(bytes[start..<at]) else {
      let meant = Self.repaired(token)
      report(
        .syntax, start..<at, "'\(token.prefix(40))' is not a number",
        expected: "a number such as 8, -0.5 or 1e-3", remedy: meant.map { "Write \($0)." })
      return .invalid
    }
    guard let number = Double(token), number.isFinite else {
      report(
        .unrepresentableNumber, start..<at, "\(token.prefix(40)) is too large for a number",
        expected: "at most 1.8e308")
      return .invalid
    }
    let mantissa = token.prefix { $0 != "e" && $0 != "E" }
    guard number != 0 || !mantissa.contains(where: { ("1"..."9").contains($0) }) else {
      report(
        .unrepresentableNumber, start..<at, "\(token.prefix(40)) is too small for a number",
        expected: "0, or at least 5e-324")
      return .invalid
    }
    return .number(number == 0 ? 0 : number)
  }

  static func isNumberPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: isLetter(byte)
    }
  }

  /// Whether a token follows the grammar of RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? (e …)?`.
  private static func isJSONNumber(_ token: ArraySlice<UInt8>) -> Bool {
    var rest = token
    func digits() -> Int {
      let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let leadsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !(leadsWithZero && whole > 1) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// What JSON writes for `.5`, `5.`, `+5`, `05` and `1_000`; nil for anything stranger.
  private static func repaired(_ token: String) -> String? {
    var text = token.filter { $0 != "_" }
    if text.hasPrefix("+") { text.removeFirst() }
    let isNegative = text.hasPrefix("-")
    if isNegative { text.removeFirst() }
    while text.hasPrefix("0"), text.dropFirst().first?.isWholeNumber == true { text.removeFirst() }
    if text.hasPrefix(".") { text = "0" + text }
    if text.hasSuffix(".") { text += "0" }
    text = (isNegative ? "-" : "") + text
    return isJSONNumber(ArraySlice(text.utf8)) ? text : nil
  }

  /// Reads `true`, `false`, `null`, or a word that JSON does not have.
  mutating func word() -> JSONNode.Content {
    let start = at
    let name = identifier()
    switch name {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    default: break
    }
    let lower = name.lowercased()
    if ["nan", "inf", "infinity"].contains(lower) {
      report(
        .unrepresentableNumber, start..<at, "JSON has no \(name)", expected: "a finite number")
    } else if let meant = ["true": "true", "false": "false", "none": "null", "nil": "null"][lower]
      ?? nearestName(to: name, among: ["true", "false", "null"])
    {
      report(.syntax, start..<at, "'\(name)' is not a JSON word", remedy: "Write \(meant).")
    } else {
      report(.syntax, start..<at, "a text without quotes", remedy: "Write \"\(name)\".")
    }
    return .invalid
  }

  /// Reads a word of letters, digits, `_`, `-` and `.`.
  mutating func identifier() -> String {
    let start = at
    while let byte = current, Self.isNumberPart(byte), byte != UInt8(ascii: "+") { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }
}
