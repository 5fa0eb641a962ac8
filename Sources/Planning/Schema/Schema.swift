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
    let schema = SchemaText.object([
      "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
      "title": .text("ScoreSweep experiment"),
      "description": .text("A grid of score-matching trials; // comments are allowed."),
      "allowComments": .value(.boolean(true)),
      "type": .text("object"),
      "required": .list([.text("name")]),
      "anyOf": SchemaGrid.requiredAny(["grid", "zip", "also"]),
      "additionalProperties": .value(.boolean(false)),
      "properties": topProperties,
      "$defs": .object(
        SchemaSettings(vocabulary).definitions + SchemaGrid(vocabulary).definitions
          + SchemaTables(catalogue).definitions),
    ])
    return schema.rendered() + "\n"
  }

  private static var topProperties: SchemaText {
    let file = SchemaText.object(["type": .text("string"), "pattern": .text("^[^/]")])
    return .object([
      "$schema": .object([
        "type": .text("string"), "description": .text("The file of this schema, for editors."),
      ]),
      "name": .fileWord.describing(
        "The name of the experiment and of its results file, results/NAME.h5."),
      "title": .plainText("A title for people; the name where it is absent."),
      "seed": .object([
        "type": .text("integer"), "minimum": .number(0), "maximum": .number(0x1p53 - 1),
        "default": .number(0),
        "description": .text("The seed of all randomness; another seed makes other trials."),
      ]),
      "include": .anyOf([file, .array(of: file, atLeast: 0)]).describing(
        "Other experiment files, relative to this one, whose base, seed and metrics hold where this "
          + "file says nothing; of several the last one wins. Their grids are not taken.",
        examples: [.text("common.json")]),
      "base": .reference("base"),
      "grid": .reference("grid"),
      "zip": .reference("zip"),
      "for": .reference("for"),
      "exclude": .reference("exclude").describing(
        "Combinations to leave out, of the grid and of every sub-grid of also."),
      "also": .reference("also"),
      "metrics": .reference("metrics"),
      "tables": .reference("tables"),
    ])
  }
}
