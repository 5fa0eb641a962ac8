import Settings

// The few shapes that the whole schema is made of.

extension SchemaText {
  /// A reference to a definition.
  static func reference(_ name: String) -> SchemaText {
    .object(["$ref": .text("#/$defs/\(name)")])
  }

  /// What any of some schemas takes.
  static func anyOf(_ schemas: [SchemaText]) -> SchemaText {
    .object(["anyOf": .list(schemas)])
  }

  /// What any of some schemas takes, each schema once.
  static func union(_ schemas: [SchemaText]) -> SchemaText {
    var distinct: [SchemaText] = []
    for schema in schemas where !distinct.contains(schema) {
      distinct.append(schema)
    }
    return distinct.count == 1 ? distinct[0] : .anyOf(distinct)
  }

  /// A list of values, at least so many.
  static func array(of value: SchemaText, atLeast count: Int = 1) -> SchemaText {
    .object([
      "type": .text("array"), "minItems": count > 0 ? .number(Double(count)) : nil, "items": value,
    ])
  }

  /// A value, or a list of at least one.
  static func oneOrMore(_ value: SchemaText) -> SchemaText {
    .anyOf([value, .array(of: value)])
  }

  /// Values that are themselves lists: one list among them tells them from a single value.
  static func listsOf(_ value: SchemaText) -> SchemaText {
    SchemaText.array(of: value).adding(["contains": .object(["type": .text("array")])])
  }

  /// An object with these keys and no others.
  static func closed(_ members: [Member], required: [String] = []) -> SchemaText {
    .object([
      "type": .text("object"),
      "required": required.isEmpty ? nil : .list(required.map { .text($0) }),
      "additionalProperties": .value(.boolean(false)), "properties": .object(members),
    ])
  }

  /// One of some names, each with what it means.
  static func names(_ choices: [Choice]) -> SchemaText {
    let constants = choices.map { choice in
      SchemaText.object([
        "const": .text(choice.name),
        "description": choice.summary.isEmpty ? nil : .text(choice.summary),
      ])
    }
    return .object(["oneOf": .list(constants)])
  }

  /// Any text, with what it is for.
  static func plainText(_ description: String) -> SchemaText {
    .object(["type": .text("string"), "description": .text(description)])
  }

  /// The words that may be part of a file's name.
  static let fileWordPattern = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"

  /// A word that may be part of a file's name.
  static var fileWord: SchemaText {
    .object(["type": .text("string"), "pattern": .text(fileWordPattern)])
  }

  /// This schema with words about it, a default and examples.
  func describing(
    _ description: String, default current: SettingValue? = nil, examples: [SettingValue] = []
  ) -> SchemaText {
    adding([
      "description": .text(description), "default": current.map { .value($0) },
      "examples": examples.isEmpty ? nil : .list(examples.map { .value($0) }),
    ])
  }
}
