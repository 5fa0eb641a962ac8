import Settings

/// The definitions that the schema refers to: one for each dotted path, and a few shared ones.
struct SchemaDefinitions {
  private let vocabulary: Vocabulary
  private let catalogue: Catalogue

  init(_ vocabulary: Vocabulary, _ catalogue: Catalogue) {
    self.vocabulary = vocabulary
    self.catalogue = catalogue
  }

  /// The value of `$defs`.
  var text: SchemaText {
    var members = vocabulary.entries.filter { $0.path != "repeat" }
      .map { SchemaText.Member(name: $0.path, value: definition(of: $0)) }
    members.append(SchemaText.Member(name: "metric", value: metric))
    members.append(SchemaText.Member(name: "where", value: conditions))
    members.append(SchemaText.Member(name: "bounds", value: bounds))
    members.append(SchemaText.Member(name: "generator", value: generator))
    return .object(members)
  }

  /// The schema of `base`.
  var base: SchemaText {
    let names = vocabulary.paths.filter { !$0.contains(".") && $0 != "repeat" }
    return object(names.map { ($0, $0) })
  }

  /// The schema of `grid`: every setting by its path, and `repeat`.
  var grid: SchemaText {
    let count = SchemaText.object([
      "type": .text("integer"), "minimum": .number(1),
      "maximum": .number(Double(ExperimentReader.valueLimit)),
      "description": .text("how often each combination is run, with other random draws"),
    ])
    var members = vocabulary.entries.filter { $0.path != "repeat" }.map { entry in
      let value = Schema.reference(entry.path)
      var forms = [value, array(of: value)]
      if isNumeric(entry) { forms.append(Schema.reference("generator")) }
      return SchemaText.Member(name: entry.path, value: .object(["anyOf": .list(forms)]))
    }
    members.append(SchemaText.Member(name: "repeat", value: count))
    return .object([
      "type": .text("object"), "minProperties": .number(1),
      "additionalProperties": .value(.boolean(false)), "properties": .object(members),
    ])
  }

  private var conditions: SchemaText {
    let members = vocabulary.entries.map { entry -> SchemaText.Member in
      let value =
        entry.path == "repeat"
        ? SchemaText.object(["type": .text("integer")]) : Schema.reference(entry.path)
      var forms = [value, array(of: value)]
      if isNumeric(entry) { forms.append(Schema.reference("bounds")) }
      return SchemaText.Member(name: entry.path, value: .object(["anyOf": .list(forms)]))
    }
    return .object([
      "type": .text("object"), "minProperties": .number(1),
      "additionalProperties": .value(.boolean(false)), "properties": .object(members),
    ])
  }

  private var bounds: SchemaText {
    let number = SchemaText.object(["type": .text("number")])
    return .object([
      "type": .text("object"), "minProperties": .number(1),
      "additionalProperties": .value(.boolean(false)),
      "properties": .object(["above": number, "below": number]),
    ])
  }

  private var generator: SchemaText {
    let forms = Generator.allCases.map { generator in
      SchemaText.object([
        "type": .text("object"), "required": .list([.text(generator.rawValue)]),
        "additionalProperties": .value(.boolean(false)),
        "properties": .object([
          SchemaText.Member(
            name: generator.rawValue,
            value: .object([
              "type": .text("array"), "minItems": .number(3), "maxItems": .number(3),
              "prefixItems": .list(generator.kinds.map { plain($0) }),
              "description": .text(generator.form),
            ]))
        ]),
      ])
    }
    return .object(["oneOf": .list(forms)])
  }

  private var metric: SchemaText {
    var members = [
      SchemaText.Member(
        name: "type", value: names(catalogue.metrics.map { Choice($0.name, $0.summary) }))
    ]
    var settings: [Setting] = []
    for setting in catalogue.metrics.flatMap(\.settings)
    where !settings.contains(where: { $0.name == setting.name }) {
      settings.append(setting)
    }
    for setting in settings {
      let alternatives = catalogue.metrics.flatMap(\.settings).filter { $0.name == setting.name }
      members.append(
        SchemaText.Member(name: setting.name, value: union(alternatives.map { plain($0.kind) })))
    }
    return .object([
      "anyOf": .list([
        names(catalogue.metrics.map { Choice($0.name, $0.summary) }),
        .object([
          "type": .text("object"), "required": .list([.text("type")]),
          "additionalProperties": .value(.boolean(false)), "properties": .object(members),
        ]),
      ])
    ])
  }

  // MARK: - One setting

  private func definition(of entry: Vocabulary.Entry) -> SchemaText {
    let kinds = entry.candidates.map { schema(of: $0.setting.kind, at: entry.path) }
    let setting = entry.setting
    let unit = setting.unit.map { " (\($0))" } ?? ""
    let condition = entry.applicability().map { "; \($0)" } ?? ""
    let current = entry.isType ? nil : setting.defaultValue.map { SchemaText.value($0) }
    return union(kinds).adding([
      "description": .text(setting.summary + unit + condition), "default": current,
    ])
  }

  /// The schema of a kind whose members, if any, are settings with paths of their own.
  private func schema(of kind: SettingKind, at path: String) -> SchemaText {
    switch kind {
    case .optional(let inner):
      return .object([
        "anyOf": .list([schema(of: inner, at: path), .object(["type": .text("null")])])
      ])
    case .group(let settings):
      return object(children(Checker.withSelected(settings), of: path))
    case .variant(let variants):
      let settings = variants.flatMap { Checker.withSelected($0.settings) }
      return .object([
        "anyOf": .list([
          names(variants.map { Choice($0.name, $0.summary) }),
          object([("type", path + ".type")] + children(settings, of: path)),
        ])
      ])
    default:
      return plain(kind)
    }
  }

  private func children(_ settings: [Setting], of path: String) -> [(name: String, path: String)] {
    var children: [(name: String, path: String)] = []
    for setting in settings where !children.contains(where: { $0.name == setting.name }) {
      children.append((setting.name, path + "." + setting.name))
    }
    return children
  }

  /// The schema of a kind without members of its own.
  private func plain(_ kind: SettingKind) -> SchemaText {
    switch kind {
    case .boolean:
      return .object(["type": .text("boolean")])
    case .text:
      return .object(["type": .text("string")])
    case .integer(let range):
      let limit = 1 << 53
      return .object([
        "type": .text("integer"),
        "minimum": .number(Double(max(range.lowerBound, -limit))),
        "maximum": .number(Double(min(range.upperBound, limit))),
      ])
    case .real(let range):
      let lower = range.lower.isFinite ? SchemaText.number(range.lower) : nil
      let upper = range.upper.isFinite ? SchemaText.number(range.upper) : nil
      return .object([
        "type": .text("number"),
        "minimum": range.includesLower ? lower : nil,
        "exclusiveMinimum": range.includesLower ? nil : lower,
        "maximum": range.includesUpper ? upper : nil,
        "exclusiveMaximum": range.includesUpper ? nil : upper,
      ])
    case .choice(let choices):
      return names(choices)
    case .selector(let variants):
      return names(variants.map { Choice($0.name, $0.summary) })
    case .list(let element, let count):
      return .object([
        "type": .text("array"), "items": plain(element),
        "minItems": .number(Double(count.lowerBound)),
        "maxItems": count.upperBound < 1 << 53 ? .number(Double(count.upperBound)) : nil,
      ])
    case .optional(let inner):
      return .object(["anyOf": .list([plain(inner), .object(["type": .text("null")])])])
    case .group, .variant:
      return .object(["type": .text("object")])
    }
  }

  private func names(_ choices: [Choice]) -> SchemaText {
    let constants = choices.map { choice in
      SchemaText.object([
        "const": .text(choice.name),
        "description": choice.summary.isEmpty ? nil : .text(choice.summary),
      ])
    }
    return .object(["oneOf": .list(constants)])
  }

  private func object(_ members: [(name: String, path: String)]) -> SchemaText {
    .object([
      "type": .text("object"), "additionalProperties": .value(.boolean(false)),
      "properties": .object(
        members.map { SchemaText.Member(name: $0.name, value: Schema.reference($0.path)) }),
    ])
  }

  private func array(of value: SchemaText) -> SchemaText {
    .object(["type": .text("array"), "minItems": .number(1), "items": value])
  }

  private func union(_ schemas: [SchemaText]) -> SchemaText {
    var distinct: [SchemaText] = []
    for schema in schemas where !distinct.contains(schema) {
      distinct.append(schema)
    }
    return distinct.count == 1 ? distinct[0] : .object(["anyOf": .list(distinct)])
  }

  private func isNumeric(_ entry: Vocabulary.Entry) -> Bool {
    entry.candidates.contains { $0.setting.kind.unwrapped.isNumeric }
  }
}
