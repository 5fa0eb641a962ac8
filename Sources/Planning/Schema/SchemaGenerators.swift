import Settings

/// The definition of the rules that make the values of an axis.
enum SchemaGenerators {
  /// `generator`.
  static var definition: SchemaText.Member {
    let forms = Generator.allCases.map { generator in
      SchemaText.closed(
        [SchemaText.Member(name: generator.rawValue, value: numbers(of: generator))],
        required: [generator.rawValue])
    }
    let value = SchemaText.anyOf(forms).describing(
      "A rule that makes values: "
        + SettingKind.enumerated(Generator.allCases.map(\.form), last: "or") + ".")
    return SchemaText.Member(name: "generator", value: value)
  }

  private static func numbers(of generator: Generator) -> SchemaText {
    let alternatives = generator.alternatives.map { kinds in
      SchemaText.object(["prefixItems": .list(kinds.map(SchemaSettings.plain))])
    }
    let numbers = SchemaText.object([
      "type": .text("array"), "minItems": .number(3), "maxItems": .number(3),
      "description": .text("\(generator.form): \(generator.meaning)."),
      "examples": .list([.value(.list(generator.example.map { .number($0) }))]),
    ])
    return alternatives.count == 1
      ? numbers.merging(alternatives[0]) : numbers.adding(["anyOf": .list(alternatives)])
  }
}

extension Generator {
  /// What the three numbers may be together; the signs of some belong together.
  fileprivate var alternatives: [[SettingKind]] {
    let positive = SettingKind.real(.positive)
    let negative = SettingKind.real(RealRange(to: 0, includesUpper: false))
    return switch self {
    case .linear, .powers: [kinds]
    case .geometric: [[positive, positive, kinds[2]], [negative, negative, kinds[2]]]
    case .range: [[kinds[0], kinds[1], positive], [kinds[0], kinds[1], negative]]
    }
  }

  fileprivate var meaning: String {
    switch self {
    case .linear: "equal steps, both ends included"
    case .geometric: "equal ratios, both ends included"
    case .powers: "the powers of a number"
    case .range: "from first by steps, last included where a step hits it"
    }
  }

  fileprivate var example: [Double] {
    switch self {
    case .linear: [0, 1, 5]
    case .geometric: [0.01, 1, 5]
    case .powers: [2, 4, 8]
    case .range: [1, 9, 2]
    }
  }
}
