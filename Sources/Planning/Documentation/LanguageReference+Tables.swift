import Settings

extension LanguageReference {
  /// The generators, each with an example and what comes of it.
  static var generators: String {
    Markdown.table(
      ["generator", "meaning", "for example", "is"],
      Generator.allCases.map { generator in
        let (meaning, numbers) = example(of: generator)
        let written = numbers.map(SettingValue.canonicalNumber).joined(separator: ", ")
        let values = generator.values(numbers).map(SettingValue.canonicalNumber)
        return [
          Markdown.code(generator.form), meaning,
          Markdown.code("{\"\(generator.rawValue)\": [\(written)]}"),
          values.joined(separator: ", "),
        ]
      })
  }

  private static func example(of generator: Generator) -> (meaning: String, numbers: [Double]) {
    switch generator {
    case .linear: ("equal steps", [0.1, 0.3, 3])
    case .geometric: ("equal ratios", [2, 32, 5])
    case .powers: ("powers of a number", [10, -3, -1])
    case .range: ("one step at a time; the last where it is hit", [10, 50, 20])
    }
  }

  /// The bounds of a condition, rows of a table.
  static var bounds: String {
    let rows = Condition.Bound.Relation.allCases.map { relation in
      let meaning =
        switch relation {
        case .above: "numbers above x"
        case .below: "numbers below x"
        case .atLeast: "x and numbers above it"
        case .atMost: "x and numbers below it"
        }
      return "| \(Markdown.code("{ \"\(relation.rawValue)\": x }")) | \(meaning) |"
    }
    return rows.joined(separator: "\n")
  }
}
