import Settings

/// The definition of the rules that make the values of an axis.
enum SchemaGenerators {
  /// One rule: its key, its three numbers and what it makes.
  private struct Rule {
    let name: String
    let form: String
    let meaning: String
    let example: [Double]
    /// What the three numbers may be: one list, or alternatives.
    let numbers: [[SchemaText]]
  }

  /// `generator`.
  static var definition: SchemaText.Member {
    let forms = rules.map { rule in
      let alternatives = rule.numbers.map {
        SchemaText.object(["prefixItems": .list($0)])
      }
      let numbers = SchemaText.object([
        "type": .text("array"), "minItems": .number(3), "maxItems": .number(3),
        "description": .text("\(rule.form): \(rule.meaning)"),
        "examples": .list([.value(.list(rule.example.map { .number($0) }))]),
      ])
      let value =
        alternatives.count == 1
        ? numbers.merging(alternatives[0]) : numbers.adding(["anyOf": .list(alternatives)])
      return SchemaText.closed(
        [SchemaText.Member(name: rule.name, value: value)], required: [rule.name])
    }
    let value = SchemaText.anyOf(forms).describing(
      "A rule that makes values: "
        + SettingKind.enumerated(rules.map { "{\"\($0.name)\": \($0.form)}" }, last: "or") + ".")
    return SchemaText.Member(name: "generator", value: value)
  }

  private static var rules: [Rule] {
    let any = SchemaSettings.plain(.real(.any))
    let positive = SchemaSettings.plain(.real(.positive))
    let negative = SchemaSettings.plain(.real(RealRange(to: 0, includesUpper: false)))
    let count = SchemaSettings.plain(.integer(2...ExperimentReader.valueLimit))
    let exponent = SchemaSettings.plain(.integer(-1000...1000))
    return [
      Rule(
        name: "linear", form: "[first, last, count]", meaning: "equal steps, both ends included",
        example: [0, 1, 5], numbers: [[any, any, count]]),
      Rule(
        name: "geometric", form: "[first, last, count]",
        meaning: "equal ratios, both ends included", example: [0.01, 1, 5],
        numbers: [[positive, positive, count], [negative, negative, count]]),
      Rule(
        name: "powers", form: "[base, first exponent, last exponent]",
        meaning: "the powers of a number", example: [2, 4, 8],
        numbers: [[positive, exponent, exponent]]),
      Rule(
        name: "range", form: "[first, last, step]",
        meaning: "from first by steps, last included where a step hits it", example: [1, 9, 2],
        numbers: [[any, any, positive], [any, any, negative]]),
    ]
  }
}
