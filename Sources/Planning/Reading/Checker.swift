import Settings

/// Holds values of the file against the kinds that the catalogue declares, collecting the mistakes.
struct Checker {
  /// The file at hand: the experiment, one that it includes, or the command line.
  var source: SourceText
  var diagnostics: [Diagnostic] = []
  /// The variants that the experiment names at a path of the settings, in base or on an axis; nil where
  /// it names none.
  var typesInUse: (String) -> [String]? = { _ in nil }

  /// Notes a mistake.
  mutating func report(
    _ kind: Diagnostic.Kind, _ span: Range<Int>, _ path: JSONPath, _ message: String,
    expected: String? = nil, nearest: String? = nil, remedy: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(
        kind, in: source, at: span, path: path.description, message, expected: expected,
        nearest: nearest, remedy: remedy))
  }

  /// Reports a value of another type than the one that belongs there.
  mutating func reportType(
    _ node: JSONNode, _ path: JSONPath, expected: String, remedy: String? = nil
  ) {
    guard !node.isInvalid else { return }
    report(
      .wrongType, node.span, path, "found \(node.typeName)", expected: expected,
      remedy: remedy)
  }

  /// Checks a value against every declaration of a setting and accepts what one of them takes.
  ///
  /// - Returns: the value, nil where it is a mistake (which is then reported).
  mutating func value(
    _ node: JSONNode, of candidates: [Setting], at path: JSONPath, settingPath: String
  ) -> SettingValue? {
    let before = diagnostics
    var first: [Diagnostic]?
    for candidate in candidates {
      diagnostics = before
      let value = value(node, candidate.kind, at: path, settingPath: settingPath)
      if diagnostics.count == before.count { return value }
      first = first ?? diagnostics
    }
    diagnostics = first ?? before
    return nil
  }

  /// Checks a value against a kind.
  mutating func value(
    _ node: JSONNode, _ kind: SettingKind, at path: JSONPath, settingPath: String
  ) -> SettingValue? {
    switch (kind, node.content) {
    case (_, .invalid):
      return nil
    case (.optional, .null):
      return .null
    case (.optional(let inner), _):
      let count = diagnostics.count
      let value = value(node, inner, at: path, settingPath: settingPath)
      if diagnostics.count == count + 1, diagnostics[count].path == path.description {
        diagnostics[count] = diagnostics[count].expecting(kind.expectation)
      }
      return value
    case (.boolean, .boolean(let flag)):
      return .boolean(flag)
    case (.text, .text(let text)):
      return .text(text)
    case (.integer, .number(let number)), (.real, .number(let number)):
      guard kind.accepts(.number(number)) else {
        let word = SettingValue.canonicalNumber(number)
        let isWhole = number.rounded() == number
        if case .integer = kind, !isWhole {
          report(.wrongType, node.span, path, "\(word) is not whole", expected: kind.expectation)
        } else {
          report(
            .outOfRange, node.span, path, "\(word) is out of range", expected: kind.expectation)
        }
        return nil
      }
      return .number(number)
    case (.choice(let choices), .text(let name)):
      guard choices.contains(where: { $0.name == name }) else {
        reportUnknown(name, node, path, among: choices.map(\.name), kind)
        return nil
      }
      return .text(name)
    case (.selector(let variants), .text(let name)):
      guard variants.contains(where: { $0.name == name }) else {
        reportUnknown(name, node, path, among: variants.map(\.name), kind)
        return nil
      }
      return .text(name)
    case (.variant(let variants), .text(let name)):
      guard variants.contains(where: { $0.name == name }) else {
        reportUnknown(name, node, path, among: variants.map(\.name), kind)
        return nil
      }
      return .object([SettingValue.Member("type", .text(name))])
    case (.variant(let variants), .object(let members)):
      return variant(members, variants, at: path, settingPath: settingPath)
    case (.group(let settings), .object(let members)):
      let known = Self.withSelected(settings)
      return object(members, known: known, elsewhere: [], at: path, settingPath: settingPath)
    case (.list(let element, let count), .list(let nodes)):
      return list(nodes, node.span, of: element, count: count, kind, path, settingPath)
    default:
      let isNumber = if case .number = node.content { true } else { false }
      let isText =
        if case .text(let text) = node.content, Double(text) != nil { true } else { false }
      switch kind {
      case .integer where isText, .real where isText:
        reportType(node, path, expected: kind.expectation, remedy: "Remove the quotes.")
      case .text where isNumber:
        reportType(node, path, expected: kind.expectation, remedy: "Write it in quotes.")
      default:
        reportType(node, path, expected: kind.expectation)
      }
      return nil
    }
  }

  private mutating func reportUnknown(
    _ name: String, _ node: JSONNode, _ path: JSONPath, among known: [String], _ kind: SettingKind
  ) {
    report(
      .outOfRange, node.span, path, "\(SettingValue.quoted(name)) is not one of its values",
      expected: kind.expectation, nearest: nearestName(to: name, among: known))
  }

  private mutating func list(
    _ nodes: [JSONNode], _ span: Range<Int>, of element: SettingKind, count: ClosedRange<Int>,
    _ kind: SettingKind, _ path: JSONPath, _ settingPath: String
  ) -> SettingValue? {
    guard count.contains(nodes.count) else {
      let found = nodes.count == 1 ? "a list of 1 value" : "a list of \(nodes.count) values"
      report(.outOfRange, span, path, found, expected: kind.expectation)
      return nil
    }
    let values = nodes.enumerated().map { index, node in
      value(node, element, at: path + index, settingPath: settingPath)
    }
    let sound = values.compactMap { $0 }
    return sound.count == values.count ? .list(sound) : nil
  }
}

extension Diagnostic {
  /// The same mistake with other words for what would be right.
  func expecting(_ expected: String) -> Diagnostic {
    Diagnostic(
      kind: kind, file: file, line: line, column: column, width: width, path: path,
      message: message, expected: expected, nearest: nearest, remedy: remedy,
      sourceLine: sourceLine)
  }
}
