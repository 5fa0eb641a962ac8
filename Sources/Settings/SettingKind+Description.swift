extension RealRange {
  /// The range in words: "above 0", "from 0 to 1", "from 0, below 1"; empty where there is no limit.
  public var words: String {
    var parts: [String] = []
    if lower > -.infinity {
      let bound = SettingValue.canonicalNumber(lower)
      parts.append(includesLower ? "from \(bound)" : "above \(bound)")
    }
    if upper < .infinity {
      let bound = SettingValue.canonicalNumber(upper)
      if !includesUpper {
        parts.append("below \(bound)")
      } else {
        parts.append(parts.isEmpty || !includesLower ? "at most \(bound)" : "to \(bound)")
      }
    }
    return parts.joined(separator: includesLower && includesUpper ? " " : ", ")
  }
}

extension SettingKind {
  /// What a value may be, a noun phrase: "a number above 0", "one of esm, ism or ssm".
  public var expectation: String {
    switch self {
    case .boolean: return "true or false"
    case .integer(let range):
      return "a whole number" + Self.words(of: range)
    case .real(let range):
      return "a number" + (range.words.isEmpty ? "" : " " + range.words)
    case .text: return "a text"
    case .choice(let choices): return Self.oneOf(choices.map(\.name))
    case .list(let kind, let count):
      return "a list of " + Self.words(of: count, each: kind)
    case .group(let settings):
      return "an object with " + Self.enumerated(settings.map(\.name), last: "and")
    case .variant(let variants):
      return Self.oneOf(variants.map(\.name)) + ", or an object with that type"
    case .selector(let variants): return Self.oneOf(variants.map(\.name))
    case .optional(let kind): return kind.expectation + ", or null"
    }
  }

  /// This kind without "or null".
  public var unwrapped: SettingKind {
    if case .optional(let kind) = self { kind.unwrapped } else { self }
  }

  /// Names as people list them: "esm, ism or ssm"; of more than twenty the first ones and the number.
  public static func enumerated(_ names: [String], last: String) -> String {
    guard names.count > 1 else { return names.first ?? "nothing" }
    guard names.count <= 20 else {
      return names.prefix(18).joined(separator: ", ") + ", … (\(names.count) in all)"
    }
    return names.dropLast().joined(separator: ", ") + " \(last) " + names[names.count - 1]
  }

  private static func oneOf(_ names: [String]) -> String {
    names.count == 1 ? names[0] : "one of " + enumerated(names, last: "or")
  }

  private static func words(of range: ClosedRange<Int>) -> String {
    // Beyond 2^53 a Double has no whole numbers of its own: such a bound is no limit.
    let limit = 1 << 53
    switch (range.lowerBound > -limit, range.upperBound < limit) {
    case (true, true): return " from \(range.lowerBound) to \(range.upperBound)"
    case (true, false): return ", at least \(range.lowerBound)"
    case (false, true): return ", at most \(range.upperBound)"
    case (false, false): return ""
    }
  }

  private static func words(of count: ClosedRange<Int>, each kind: SettingKind) -> String {
    let element = kind.expectation
    switch (count.lowerBound, count.upperBound) {
    case (0, 1_000...): return "values, each \(element)"
    case (let least, 1_000...): return "at least \(least) values, each \(element)"
    case (let least, let most) where least == most: return "\(least) values, each \(element)"
    case (let least, let most): return "\(least) to \(most) values, each \(element)"
    }
  }
}
