import Settings

/// The definitions of what settings may say: one for each dotted path, called as the path.
struct SchemaSettings {
  private let vocabulary: Vocabulary

  init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// A definition of every setting, then `base`.
  var definitions: [SchemaText.Member] {
    let settings = vocabulary.entries.map { entry in
      SchemaText.Member(name: entry.path, value: definition(of: entry))
    }
    let names = vocabulary.paths.filter { !$0.contains(".") && $0 != "repeat" }
    let base = object(names.map { ($0, $0) }).describing(
      "Settings of every trial, by key, unless an axis says otherwise; what stands nowhere has its "
        + "default.")
    return settings + [SchemaText.Member(name: "base", value: base)]
  }

  private func definition(of entry: Vocabulary.Entry) -> SchemaText {
    let kinds = entry.candidates.map { schema(of: $0.setting.kind, at: entry.path) }
    // A default is given where it does not depend on the variant in force.
    let defaults = entry.candidates.map(\.setting.defaultValue)
    let isCommon = !entry.isType && defaults.allSatisfy { $0 == defaults[0] }
    let current = isCommon ? defaults[0] : nil
    return SchemaText.union(kinds).describing(Self.completeDescription(of: entry), default: current)
  }

  /// A setting in a sentence: what it is, its unit, when it applies.
  static func description(of entry: Vocabulary.Entry) -> String {
    sentence(entry, [entry.applicability().map { "; \($0)" } ?? ""])
  }

  /// A setting in a sentence, with its defaults where variants have different ones.
  private static func completeDescription(of entry: Vocabulary.Entry) -> String {
    let defaults = differingDefaults(of: entry).map { "; by default \($0)" } ?? ""
    return sentence(entry, [defaults, entry.applicability().map { "; \($0)" } ?? ""])
  }

  private static func sentence(_ entry: Vocabulary.Entry, _ clauses: [String]) -> String {
    entry.setting.summary + (entry.setting.unit.map { " (\($0))" } ?? "") + clauses.joined()
  }

  /// "0.001 with adam and rmsprop, 0.01 with sgd"; nil where all variants have one default.
  private static func differingDefaults(of entry: Vocabulary.Entry) -> String? {
    var groups: [(value: SettingValue, variants: [String])] = []
    for candidate in entry.candidates {
      guard let value = candidate.setting.defaultValue,
        case .variant(_, let name) = candidate.requirements.last
      else { continue }
      if let index = groups.firstIndex(where: { $0.value == value }) {
        if !groups[index].variants.contains(name) { groups[index].variants.append(name) }
      } else {
        groups.append((value, [name]))
      }
    }
    guard groups.count > 1 else { return nil }
    return groups.map { group in
      group.value.canonicalJSON + " with " + SettingKind.enumerated(group.variants, last: "and")
    }.joined(separator: ", ")
  }

  /// The schema of a kind whose members, if any, are settings with paths of their own.
  private func schema(of kind: SettingKind, at path: String) -> SchemaText {
    switch kind {
    case .optional(let inner):
      return .anyOf([schema(of: inner, at: path), .object(["type": .text("null")])])
    case .group(let settings):
      return object(children(Checker.withSelected(settings), of: path))
    case .variant(let variants):
      let settings = variants.flatMap { Checker.withSelected($0.settings) }
      return .anyOf([
        .reference(path + ".type"),
        object([("type", path + ".type")] + children(settings, of: path)),
      ])
    default:
      return Self.plain(kind)
    }
  }

  private func children(_ settings: [Setting], of path: String) -> [(name: String, path: String)] {
    var children: [(name: String, path: String)] = []
    for setting in settings where !children.contains(where: { $0.name == setting.name }) {
      children.append((setting.name, path + "." + setting.name))
    }
    return children
  }

  private func object(_ members: [(name: String, path: String)]) -> SchemaText {
    .closed(members.map { SchemaText.Member(name: $0.name, value: .reference($0.path)) })
  }

  /// The schema of a kind without members of its own.
  static func plain(_ kind: SettingKind) -> SchemaText {
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
      return .names(choices)
    case .selector(let variants):
      return .names(variants.map { Choice($0.name, $0.summary) })
    case .list(let element, let count):
      return .object([
        "type": .text("array"), "items": plain(element),
        "minItems": .number(Double(count.lowerBound)),
        "maxItems": count.upperBound < 1 << 53 ? .number(Double(count.upperBound)) : nil,
      ])
    case .optional(let inner):
      return .anyOf([plain(inner), .object(["type": .text("null")])])
    case .group, .variant:
      return .object(["type": .text("object")])
    }
  }
}
