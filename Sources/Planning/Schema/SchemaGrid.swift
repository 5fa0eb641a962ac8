import Settings

/// The definitions of what varies: axes, generators, zips, `for`, `also`.
///
/// For each dotted path: `axis:path`, its values on an axis; the tests of `where` are
/// ``SchemaConditions``.
struct SchemaGrid {
  private let vocabulary: Vocabulary
  private let entries: [Vocabulary.Entry]

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    entries = vocabulary.entries.filter { $0.path != "repeat" }
  }

  /// All definitions, axes first.
  var definitions: [SchemaText.Member] {
    let axes = entries.map { entry in
      SchemaText.Member(name: "axis:\(entry.path)", value: axis(entry))
    }
    return axes
      + [
        SchemaGenerators.definition,
        SchemaText.Member(name: "grid", value: grid),
        SchemaText.Member(name: "axes", value: axesOnly),
        SchemaText.Member(name: "zip", value: zip),
        SchemaText.Member(name: "for", value: refinements),
        SchemaText.Member(name: "exclude", value: exclusions),
        SchemaText.Member(name: "also", value: union),
      ] + SchemaConditions(vocabulary).definitions
  }

  /// At least one of some keys must be said.
  static func requiredAny(_ keys: [String]) -> SchemaText {
    .list(keys.map { .object(["required": .list([.text($0)])]) })
  }

  // MARK: - Axes

  private func axis(_ entry: Vocabulary.Entry) -> SchemaText {
    let value = SchemaText.reference(entry.path)
    let description = "Values of \(entry.path): " + SchemaSettings.description(of: entry)
    if entry.takesLists {
      let null = entry.takesNull ? [SchemaText.object(["type": .text("null")])] : []
      return .union([.listsOf(value)] + null).describing(description)
    }
    guard entry.isNumeric else { return SchemaText.oneOrMore(value).describing(description) }
    let one = [value, SchemaText.reference("generator")]
    return .anyOf(one + [.array(of: .anyOf(one))]).describing(description)
  }

  private var axisMembers: [SchemaText.Member] {
    entries.map { SchemaText.Member(name: $0.path, value: .reference("axis:\($0.path)")) }
  }

  private var grid: SchemaText {
    let count = SchemaSettings.plain(.integer(1...ExperimentReader.valueLimit)).describing(
      "How often each combination is run, each time with other random draws.", default: .number(1))
    let members = axisMembers + [SchemaText.Member(name: "repeat", value: count)]
    return SchemaText.closed(members).adding(["minProperties": .number(1)]).describing(
      "What varies: the product of these axes, each a setting's name or dotted path with its values: "
        + "one value, a list, or for numbers a generator. An axis does not multiply the trials that "
        + "it does not apply to.",
      examples: [
        .object([
          "loss": .list([.text("ssm"), .text("dsm")]),
          "sigma": .list([.number(0.1), .number(0.3)]),
          "repeat": .number(3),
        ])
      ])
  }

  private var axesOnly: SchemaText {
    SchemaText.closed(axisMembers).adding(["minProperties": .number(1)]).describing(
      "Axes, each a setting's name or dotted path with its values.")
  }

  private var zip: SchemaText {
    let group = SchemaText.closed(axisMembers).adding(["minProperties": .number(2)]).describing(
      "Two or more axes with equally many values: the first values go together, the second ones, …")
    return SchemaText.object([
      "type": .text("object"), "minProperties": .number(1),
      "propertyNames": .object(["pattern": .text(SchemaText.fileWordPattern)]),
      "additionalProperties": group,
    ]).describing(
      "Axes that vary together: a name of your choice for each such group, which is one factor of the "
        + "product.",
      examples: [
        .object([
          "noise": .object([
            "sigma": .list([.number(0.1), .number(0.3)]),
            "training.optimizer.learning_rate": .list([.number(1e-3), .number(3e-3)]),
          ])
        ])
      ])
  }

  // MARK: - Parts of the union

  private var refinements: SchemaText {
    let members = [
      SchemaText.Member(name: "where", value: .reference("where")),
      SchemaText.Member(
        name: "base",
        value: SchemaText.reference("base").describing("Settings of these combinations.")),
      SchemaText.Member(
        name: "grid",
        value: SchemaText.reference("axes").describing("Further axes of these combinations.")),
      SchemaText.Member(name: "zip", value: .reference("zip")),
      SchemaText.Member(name: "for", value: .reference("for")),
    ]
    let item = SchemaText.closed(members, required: ["where"])
      .adding(["anyOf": Self.requiredAny(["base", "grid", "zip"])])
    return SchemaText.array(of: item, atLeast: 0).describing(
      "Further axes and settings for the combinations of the grid that meet conditions: learning rates "
        + "of one optimizer only. Those inside another `for` see its axes too.")
  }

  private var exclusions: SchemaText {
    let members = [
      SchemaText.Member(name: "where", value: .reference("where")),
      SchemaText.Member(name: "because", value: .plainText("The reason, which the plan repeats.")),
    ]
    return SchemaText.array(of: .closed(members, required: ["where"]), atLeast: 0).describing(
      "Combinations to leave out.")
  }

  private var union: SchemaText {
    let members = [
      SchemaText.Member(
        name: "name", value: SchemaText.fileWord.describing("A name for the sub-grid.")),
      SchemaText.Member(
        name: "base",
        value: SchemaText.reference("base").describing(
          "Settings laid over those of the experiment.")
      ),
      SchemaText.Member(
        name: "grid",
        value: SchemaText.reference("grid").describing(
          "The axes of the sub-grid; those of the experiment's grid are not among them unless said "
            + "again. repeat is the experiment's unless said.")),
      SchemaText.Member(name: "zip", value: .reference("zip")),
      SchemaText.Member(name: "for", value: .reference("for")),
      SchemaText.Member(name: "exclude", value: .reference("exclude")),
    ]
    let item = SchemaText.closed(members)
      .adding(["anyOf": Self.requiredAny(["base", "grid", "zip"])])
    return SchemaText.array(of: item).describing(
      "Further sub-grids: their trials are added to those of the grid, each trial once.")
  }
}
