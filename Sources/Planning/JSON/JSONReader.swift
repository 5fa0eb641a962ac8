/// What reading a file gave: its value as far as it could be understood, and every mistake of syntax.
struct JSONDocument: Sendable {
  let root: JSONNode
  let diagnostics: [Diagnostic]
  /// False where a mistake may have shifted what follows (a bracket or quote left open): looking for
  /// unknown keys in such a value would report what is not there.
  let isTrusted: Bool
}

/// Reads JSON with `//` comments, keeping every value's place and going on after mistakes.
///
/// After a mistake the reader assumes the most likely intention (a comma left out, a key without
/// quotes) and continues, so that one pass reports them all. Depth is limited, so that no file can
/// overflow the stack.
///
/// Source: RFC 8259, with comments added.
struct JSONReader {
  /// How deep lists and objects may stand in each other.
  static let depthLimit = 64
  /// After so many mistakes the file is something else than an experiment.
  static let diagnosticLimit = 200

  let source: SourceText
  let bytes: [UInt8]
  var at = 0
  var isTrusted = true
  private(set) var diagnostics: [Diagnostic] = []
  /// The path of the value being read; rendered only when a mistake is reported.
  private var path: [PathPart] = []
  /// The brackets that are open, with their offsets.
  private var openers: [(bracket: UInt8, offset: Int)] = []
  /// An unclosed text has swallowed the comma that would follow it.
  var commaMayBeSwallowed = false

  private enum PathPart {
    case name(String)
    case index(Int)
  }

  /// Reads a whole file.
  static func read(_ source: SourceText) -> JSONDocument {
    var reader = JSONReader(source: source)
    let root = reader.document()
    return JSONDocument(
      root: root, diagnostics: reader.diagnostics.sorted(), isTrusted: reader.isTrusted)
  }

  private init(source: SourceText) {
    self.source = source
    bytes = source.bytes
  }

  /// The byte at the cursor, nil at the end and after too many mistakes.
  var current: UInt8? {
    at < bytes.count && diagnostics.count < Self.diagnosticLimit ? bytes[at] : nil
  }

  /// Notes a mistake.
  mutating func report(
    _ kind: Diagnostic.Kind, _ span: Range<Int>, _ message: String, expected: String? = nil,
    nearest: String? = nil, remedy: String? = nil
  ) {
    guard diagnostics.count < Self.diagnosticLimit else { return }
    let place = path.reduce(JSONPath()) { path, part in
      switch part {
      case .name(let name): path + name
      case .index(let index): path + index
      }
    }
    diagnostics.append(
      Diagnostic(
        kind, in: source, at: span, path: place.description, message, expected: expected,
        nearest: nearest, remedy: remedy))
  }

  private mutating func document() -> JSONNode {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      report(.syntax, 0..<2, "the file is UTF-16", remedy: "Save it as UTF-8.")
      isTrusted = false
      return JSONNode(content: .invalid, span: 0..<bytes.count)
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      at = 3  // a byte order mark says nothing in UTF-8
    }
    reportInvalidUTF8()
    skipBlank()
    guard current != nil else {
      report(
        .syntax, bytes.count..<bytes.count, "the file says nothing", expected: "an experiment",
        remedy: "Begin with { \"name\": …, \"base\": { … }, \"grid\": { … } }.")
      return JSONNode(content: .invalid, span: 0..<bytes.count)
    }
    let root = value()
    skipBlank()
    if current != nil && isTrusted {  // after a slip of a bracket it would only be its consequence
      report(.syntax, at..<at + 1, "more text after the end of the value", expected: "nothing")
      isTrusted = false
    }
    return root
  }

  /// Reads a value at the cursor; where none stands there, says so and consumes nothing.
  mutating func value() -> JSONNode {
    let start = at
    switch current {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard openers.count < Self.depthLimit else { return tooDeep() }
      return bytes[at] == UInt8(ascii: "{") ? object() : list()
    case UInt8(ascii: "\""):
      let content = text()
      return node(.text(content), from: start)
    case UInt8(ascii: "'"):
      let content = singleQuotedText()
      return node(.text(content), from: start)
    case let byte? where Self.isNumberPart(byte) && !Self.isLetter(byte):
      let content = number()
      return node(content, from: start)
    case let byte? where Self.isLetter(byte):
      let content = word()
      return node(content, from: start)
    case nil, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"):
      report(.syntax, at..<at, "a value is missing")
      return node(.invalid, from: start)
    default:
      unexpectedCharacter()
      return node(.invalid, from: start)
    }
  }

  private func node(_ content: JSONNode.Content, from start: Int) -> JSONNode {
    JSONNode(content: content, span: start..<at)
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    default: false
    }
  }
}

// MARK: - Lists and objects

extension JSONReader {
  private mutating func list() -> JSONNode {
    let start = open()
    var elements: [JSONNode] = []
    while continues(UInt8(ascii: "]")) {
      path.append(.index(elements.count))
      elements.append(value())
      path.removeLast()
      separator(before: UInt8(ascii: "]"))
    }
    return node(.list(elements), from: start)
  }

  private mutating func object() -> JSONNode {
    let start = open()
    var members: [JSONMember] = []
    var starts: [String: Int] = [:]  // looked up only, never iterated
    while continues(UInt8(ascii: "}")) {
      let keyStart = at
      guard let name = key() else {
        separator(before: UInt8(ascii: "}"))
        continue
      }
      let nameSpan = keyStart..<at
      path.append(.name(name))
      colon(after: name)
      let value = value()
      if let first = starts[name] {
        let line = source.position(of: first).line
        report(
          .duplicateKey, nameSpan, "\"\(name)\" is said twice", expected: "each key once",
          remedy: "The first stands on line \(line); remove one of the two.")
      } else {
        starts[name] = keyStart
        members.append(JSONMember(name: name, nameSpan: nameSpan, value: value))
      }
      path.removeLast()
      separator(before: UInt8(ascii: "}"))
    }
    return node(.object(members), from: start)
  }

  private mutating func open() -> Int {
    openers.append((bytes[at], at))
    at += 1
    return at - 1
  }

  /// Whether another element stands at the cursor; consumes the closing bracket where it does not.
  private mutating func continues(_ closer: UInt8) -> Bool {
    while true {
      skipBlank()
      switch current {
      case closer:
        at += 1
        openers.removeLast()
        return false
      case nil:
        reportUnclosed(until: "the end of the file", span: at..<at)
        openers.removeLast()
        return false
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        let found = bytes[at]
        let opener = found == UInt8(ascii: "]") ? UInt8(ascii: "[") : UInt8(ascii: "{")
        let name = Character(Unicode.Scalar(found))
        reportUnclosed(until: "'\(name)'", span: at..<at + 1)
        openers.removeLast()
        // If a bracket further out waits for this one, this list was left open; else it is a slip.
        if !openers.contains(where: { $0.bracket == opener }) { at += 1 }
        return false
      case UInt8(ascii: ","):
        report(.syntax, at..<at + 1, "a value is missing before this comma")
        at += 1
      case UInt8(ascii: ":") where closer == UInt8(ascii: "]"):
        report(
          .syntax, at..<at + 1, "a list has no keys", expected: "a comma",
          remedy: "Write { } around keys and values.")
        isTrusted = false
        at += 1
      default:
        return true
      }
    }
  }

  private mutating func reportUnclosed(until end: String, span: Range<Int>) {
    guard let opener = openers.last, diagnostics.count < Self.diagnosticLimit else { return }
    let (line, column) = source.position(of: opener.offset)
    let closer = opener.bracket == UInt8(ascii: "[") ? "]" : "}"
    let bracket = Character(Unicode.Scalar(opener.bracket))
    // At the end of the file every open bracket is unclosed; the innermost says it for all, and one
    // that is too deep says more than that.
    let last = diagnostics.last
    if span.isEmpty && (last?.kind == .depth || last?.message.hasSuffix(end) == true) {
      return
    }
    isTrusted = false
    report(
      .syntax, span, "'\(bracket)' of line \(line), column \(column) is still open at \(end)",
      expected: "'\(closer)'")
  }

  /// Consumes the comma after an element, and says so where it is missing or too many.
  private mutating func separator(before closer: UInt8) {
    let end = at
    let swallowed = commaMayBeSwallowed
    commaMayBeSwallowed = false
    skipBlank()
    switch current {
    case UInt8(ascii: ","):
      let comma = at
      at += 1
      skipBlank()
      if current == closer {
        report(
          .syntax, comma..<comma + 1, "a comma before the closing bracket",
          remedy: "Remove the comma.")
      }
    case nil, UInt8(ascii: "]"), UInt8(ascii: "}"):
      break
    case UInt8(ascii: ";"):
      report(.syntax, at..<at + 1, "';' between values", expected: "a comma")
      at += 1
    case UInt8(ascii: ":") where closer == UInt8(ascii: "]"):
      break  // a key in a list: reported where the list goes on
    default:
      guard !swallowed else { return }
      let bracket = Character(Unicode.Scalar(closer))
      report(
        .syntax, end..<end, "a comma is missing here", expected: "',' or '\(bracket)'")
    }
  }

  /// Reads a key; nil where something else stands there, which is reported and passed over.
  private mutating func key() -> String? {
    let start = at
    switch bytes[at] {
    case UInt8(ascii: "\""):
      return text()
    case UInt8(ascii: "'"):
      return singleQuotedText()
    case let byte where Self.isLetter(byte):
      let name = identifier()
      report(
        .syntax, start..<at, "a key without quotes", remedy: "Write \"\(name)\".")
      return name
    default:
      isTrusted = false
      if bytes[at] < 0x80 && bytes[at] >= 0x20 {
        let stray = value()
        report(.syntax, stray.span, "\(stray.typeName) where a key should be", expected: "a key")
        if at == start { at += 1 }
      } else {
        unexpectedCharacter()
      }
      return nil
    }
  }

  private mutating func colon(after name: String) {
    let end = at
    skipBlank()
    switch current {
    case UInt8(ascii: ":"):
      at += 1
    case UInt8(ascii: "="):
      report(.syntax, at..<at + 1, "'=' after a key", expected: "':'")
      at += 1
    default:
      report(.syntax, end..<end, "':' is missing after the key", expected: "':' and a value")
    }
    skipBlank()
  }

  /// Passes over brackets that stand too deep, without recursion.
  private mutating func tooDeep() -> JSONNode {
    let start = at
    report(
      .depth, at..<at + 1, "more than \(Self.depthLimit) lists and objects in each other",
      remedy: "An experiment needs fewer than ten; is this another kind of file?")
    isTrusted = false
    var depth = 0
    while let byte = current {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "\""):
        at += 1
        while let inner = current, inner != UInt8(ascii: "\""), inner != UInt8(ascii: "\n") {
          at += inner == UInt8(ascii: "\\") ? 2 : 1
        }
      default: break
      }
      at = min(at + 1, bytes.count)
      if depth == 0 { break }
    }
    return node(.invalid, from: start)
  }
}
