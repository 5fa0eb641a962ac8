import Settings

/// The JSON Schema of experiment files, made from the catalogue.
///
/// Editors complete and check a file by it as it is written. It accepts every file that the planner
/// accepts; what depends on two places at once (an axis that applies to nothing, a combination without
/// meaning) only the planner sees.
public enum Schema {
  /// The schema of the experiments that a catalogue allows, JSON Schema 2020-12.
  public static func json(for catalogue: Catalogue) -> String {
    let vocabulary = Vocabulary(catalogue)
    let definitions = SchemaDefinitions(vocabulary, catalogue)
    let schema = SchemaText.object([
      "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
      "title": .text("ScoreSweep experiment"),
      "description": .text("A grid of score-matching trials; // comments are allowed."),
      "allowComments": .value(.boolean(true)),
      "type": .text("object"),
      "required": .list([.text("name"), .text("grid")]),
      "additionalProperties": .value(.boolean(false)),
      "properties": topProperties(definitions),
      "$defs": definitions.text,
    ])
    return schema.rendered() + "\n"
  }

  private static func topProperties(_ definitions: SchemaDefinitions) -> SchemaText {
    .object([
      "$schema": .object(["type": .text("string"), "description": .text("this schema's file")]),
      "name": fileWord.adding(["description": .text("the name of the results file")]),
      "title": .object(["type": .text("string"), "description": .text("a title for people")]),
      "seed": .object([
        "type": .text("integer"), "minimum": .number(0), "maximum": .number(0x1p53 - 1),
        "default": .number(0), "description": .text("the seed of all randomness"),
      ]),
      "base": definitions.base.adding([
        "description": .text("what every trial says unless an axis says otherwise")
      ]),
      "grid": definitions.grid.adding(["description": .text("what varies: the product of these")]),
      "exclude": .object([
        "type": .text("array"), "description": .text("combinations to leave out"),
        "items": .object([
          "type": .text("object"), "required": .list([.text("where")]),
          "additionalProperties": .value(.boolean(false)),
          "properties": .object([
            "where": reference("where"),
            "because": .object(["type": .text("string"), "description": .text("the reason")]),
          ]),
        ]),
      ]),
      "metrics": .object([
        "type": .text("array"), "description": .text("what is measured in every trial"),
        "items": reference("metric"),
      ]),
      "tables": .object([
        "type": .text("array"), "description": .text("tables of the results"),
        "items": table,
      ]),
    ])
  }

  /// A reference to a definition.
  static func reference(_ name: String) -> SchemaText {
    .object(["$ref": .text("#/$defs/\(name)")])
  }

  private static var fileWord: SchemaText {
    .object([
      "type": .text("string"), "pattern": .text("^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"),
    ])
  }

  private static func names(_ description: String) -> SchemaText {
    .object(["type": .text("string"), "description": .text(description)])
  }

  private static func words<Word: CaseIterable & RawRepresentable>(
    _: Word.Type, _ description: String
  ) -> SchemaText where Word.RawValue == String {
    .object([
      "enum": .list(Word.allCases.map { .text($0.rawValue) }), "description": .text(description),
    ])
  }

  private static var table: SchemaText {
    let direction = TableSpecification.Direction.self
    return .object([
      "type": .text("object"),
      "required": .list(["name", "rows", "columns", "value"].map { .text($0) }),
      "additionalProperties": .value(.boolean(false)),
      "properties": .object([
        "name": fileWord,
        "title": names("the caption"),
        "rows": names("the axis that runs down"),
        "columns": names("the axis that runs across"),
        "value": names("the metric or recorded quantity in the cells"),
        "statistic": words(
          TableSpecification.Statistic.self, "what a cell says of its trials"),
        "select": .object([
          "type": .text("object"), "required": .list([.text("over"), .text("by")]),
          "additionalProperties": .value(.boolean(false)),
          "properties": .object([
            "over": .object([
              "anyOf": .list([
                .object(["type": .text("string")]),
                .object([
                  "type": .text("array"), "minItems": .number(1),
                  "items": .object(["type": .text("string")]),
                ]),
              ]),
              "description": .text("the axes whose best value is taken"),
            ]),
            "by": names("the metric that decides, measured on validation data"),
            "best": words(direction, "which end of it is best"),
          ]),
        ]),
        "best": words(direction, "which end is marked as best"),
        "where": reference("where"),
      ]),
    ])
  }
}
