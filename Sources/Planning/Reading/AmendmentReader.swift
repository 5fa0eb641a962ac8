import Settings

// What the command line changes: --set PATH=VALUES and --only PATH=TEST.

extension ExperimentReader {
  /// One `--set`: a setting and what it is set to.
  struct Change {
    /// The setting's path, `repeat` or `seed`.
    let name: String
    let spot: Spot
    let place: Place
    /// Whether several values are said one by one, so that they make an axis.
    let isList: Bool
  }

  /// Reads what `--set` says; what cannot be read is reported.
  mutating func readChanges() {
    for text in amendments.set {
      guard let (change, source) = change(text, option: "--set", form: "PATH=VALUES") else {
        continue
      }
      let isKnown = vocabulary[change.name] != nil || change.name == "seed"
      guard isKnown else {
        reading(source) { reader in
          reader.checker.report(
            .unknownName, change.spot.span, JSONPath(),
            "no setting is called \(SettingValue.quoted(change.name))",
            expected: "a setting's name or dotted path",
            nearest: reader.vocabulary.nearest(to: change.name))
        }
        continue
      }
      changes.removeAll { $0.name == change.name }  // the last one counts
      changes.append(change)
    }
  }

  /// Reads what `--only` says.
  mutating func selection(axes: [String]) -> [Condition] {
    amendments.only.flatMap { text -> [Condition] in
      guard let (change, source) = change(text, option: "--only", form: "PATH=TEST") else {
        return []
      }
      let member = JSONMember(
        name: change.name, nameSpan: change.spot.span, value: change.place.node)
      let node = JSONNode(content: .object([member]), span: 0..<source.bytes.count)
      return reading(source) { reader in
        reader.conditions(node, axes: axes, at: JSONPath())
      }
    }
  }

  /// Splits `sigma=0.1,0.2` into its name and its value.
  private mutating func change(
    _ text: String, option: String, form: String
  ) -> (Change, SourceText)? {
    let bytes = Array(text.utf8)
    let source = SourceText(bytes, name: option)
    return reading(source) { reader in
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0,
        equals + 1 < bytes.count
      else {
        reader.checker.report(
          .syntax, 0..<max(1, bytes.count), JSONPath(), "not of the form \(form)",
          expected: "for example \(option) loss=dsm,ssm")
        return nil
      }
      let name = String(decoding: bytes[..<equals], as: UTF8.self)
      let path = JSONPath() + name
      let pieces = Self.pieces(bytes, from: equals + 1)
      var nodes: [JSONNode] = []
      for piece in pieces {
        guard let node = Self.node(bytes, piece) else {
          reader.checker.report(
            .syntax, piece, path, "this is not JSON", expected: "words or JSON, separated by commas"
          )
          return nil
        }
        nodes.append(node)
      }
      let node =
        nodes.count == 1
        ? nodes[0] : JSONNode(content: .list(nodes), span: equals + 1..<bytes.count)
      let change = Change(
        name: name, spot: Spot(source: source, span: 0..<equals, path: path),
        place: Place(source: source, node: node, path: path), isList: nodes.count > 1)
      return (change, source)
    }
  }

  /// The parts between commas that stand outside of brackets and quotes.
  private static func pieces(_ bytes: [UInt8], from start: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var (first, depth, isQuoted, isEscaped) = (start, 0, false, false)
    for (place, byte) in bytes.enumerated().dropFirst(start) {
      if isQuoted {
        isQuoted = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        pieces.append(first..<place)
        first = place + 1
      default: break
      }
    }
    return pieces + [first..<bytes.count]
  }

  /// A piece as JSON, or as a word without quotes; nil where it is neither.
  private static func node(_ bytes: [UInt8], _ piece: Range<Int>) -> JSONNode? {
    // Blanks before the piece keep its place.
    let blanks = [UInt8](repeating: UInt8(ascii: " "), count: piece.lowerBound)
    let document = JSONReader.read(SourceText(blanks + bytes[piece], name: ""))
    if document.diagnostics.isEmpty { return document.root }
    let blank = UInt8(ascii: " ")
    let trimmed = bytes[piece].drop { $0 == blank }
    let end = trimmed.lastIndex { $0 != blank }.map { $0 + 1 } ?? trimmed.startIndex
    let piece = trimmed.startIndex..<end
    let word = String(decoding: bytes[piece], as: UTF8.self)
    let isWord = !word.isEmpty && !word.contains { "[]{}\"".contains($0) }
    return isWord ? JSONNode(content: .text(word), span: piece) : nil
  }
}
