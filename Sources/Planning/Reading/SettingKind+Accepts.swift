import Settings

extension SettingKind {
  /// Whether a plain value (no group, no variant) belongs to the kind.
  func accepts(_ value: SettingValue) -> Bool {
    switch (self, value) {
    case (.optional, .null): true
    case (.optional(let kind), _): kind.accepts(value)
    case (.boolean, .boolean), (.text, .text): true
    case (.integer(let range), .number(let number)):
      // Beyond 2^53 neighbouring whole numbers are one Double: what was written is not what is meant.
      number.magnitude <= 0x1p53 && Int(exactly: number).map(range.contains) ?? false
    case (.real(let range), .number(let number)): range.contains(number)
    case (.choice(let choices), .text(let name)): choices.contains { $0.name == name }
    case (.selector(let variants), .text(let name)): variants.contains { $0.name == name }
    case (.list(let kind, let count), .list(let values)):
      count.contains(values.count) && values.allSatisfy(kind.accepts)
    default: false
    }
  }
}
