import Settings

/// The definitions of the conditions of `where`.
///
/// For each dotted path: `several:path`, a value or a list of them, and `test:path`.
struct SchemaConditions {
  private let vocabulary: Vocabulary

  init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// The tests of every setting, then `bounds` and `where`.
  var definitions: [SchemaText.Member] {
    let tests = vocabulary.entries.flatMap { entry in
      [
        SchemaText.Member(name: "several:\(entry.path)", value: several(entry)),
        SchemaText.Member(name: "test:\(entry.path)", value: test(entry)),
      ]
    }
    return tests
      + [
        SchemaText.Member(name: "bounds", value: bounds),
        SchemaText.Member(name: "where", value: conditions),
      ]
  }

  private func several(_ entry: Vocabulary.Entry) -> SchemaText {
    let value = SchemaText.reference(entry.path)
    return entry.takesLists ? .anyOf([value, .listsOf(value)]) : .oneOrMore(value)
  }

  private func test(_ entry: Vocabulary.Entry) -> SchemaText {
    let several = SchemaText.reference("several:\(entry.path)")
    let negation = SchemaText.closed(
      [SchemaText.Member(name: "not", value: several.describing("None of these values."))],
      required: ["not"])
    let forms = [several, negation] + (entry.isNumeric ? [.reference("bounds")] : [])
    return SchemaText.anyOf(forms).describing(
      "A value, a list of them, {\"not\": …}"
        + (entry.isNumeric ? " or bounds such as {\"above\": 16}" : "") + ". "
        + SchemaSettings.description(of: entry))
  }

  private var bounds: SchemaText {
    let paths = vocabulary.entries.filter(\.isNumeric).map { SchemaText.text($0.path) }
    let bound = SchemaText.anyOf([
      .object(["type": .text("number")]), .object(["enum": .list(paths)]),
    ])
    let words = [
      ("above", "Greater than this."), ("below", "Less than this."),
      ("at_least", "This or greater."), ("at_most", "This or less."),
    ]
    let members = words.map { name, meaning in
      SchemaText.Member(
        name: name,
        value: bound.describing(meaning + " A number, or the path of another number setting."))
    }
    return SchemaText.closed(members).adding(["minProperties": .number(1)]).describing(
      "Bounds that a number must keep, all of them.")
  }

  private var conditions: SchemaText {
    let members = vocabulary.entries.map { entry in
      SchemaText.Member(name: entry.path, value: .reference("test:\(entry.path)"))
    }
    return SchemaText.closed(members).adding(["minProperties": .number(1)]).describing(
      "Conditions on a trial's settings, defaults included; all must hold. What a trial does not have "
        + "meets no condition.",
      examples: [
        .object(["loss": .text("ism"), "dimension": .object(["above": .number(16)])])
      ])
  }
}

extension Vocabulary.Entry {
  /// Whether some of its values are numbers.
  var isNumeric: Bool {
    candidates.contains { $0.setting.kind.unwrapped.isNumeric }
  }

  /// Whether each of its values is itself a list.
  var takesLists: Bool {
    candidates.contains { candidate in
      if case .list = candidate.setting.kind.unwrapped { true } else { false }
    }
  }

  /// Whether null, for "none", is one of its values.
  var takesNull: Bool {
    candidates.contains { if case .optional = $0.setting.kind { true } else { false } }
  }
}
