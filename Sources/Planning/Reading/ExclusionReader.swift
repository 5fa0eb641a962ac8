import Settings

// Excludes and the conditions of `where`.

extension ExperimentReader {
  /// Reads the list of excludes.
  mutating func exclusions(_ node: JSONNode?, axes: [GridAxis]) -> [Exclusion] {
    let path = JSONPath() + "exclude"
    guard let node else { return [] }
    guard case .list(let nodes) = node.content else {
      checker.reportType(node, path, expected: "a list of { \"where\": …, \"because\": … }")
      return []
    }
    return nodes.enumerated().compactMap { index, node in
      exclusion(node, axes: axes, at: path + index)
    }
  }

  private mutating func exclusion(
    _ node: JSONNode, axes: [GridAxis], at path: JSONPath
  ) -> Exclusion? {
    guard case .object(let members) = node.content else {
      checker.reportType(node, path, expected: "{ \"where\": …, \"because\": … }")
      return nil
    }
    checkKeys(members, known: ["where", "because"], at: path, of: "an exclude")
    let because = text(node["because"]?.value, at: path + "because")
    guard let condition = node["where"]?.value else {
      checker.report(
        .missing, node.span.lowerBound..<node.span.lowerBound + 1, path,
        "an exclude without where", expected: "\"where\": { axis: value, … }")
      return nil
    }
    let conditions = conditions(condition, axes: axes, at: path + "where")
    return Exclusion(conditions: conditions, because: because)
  }

  /// Reads an object of conditions; mistakes leave their condition out.
  mutating func conditions(
    _ node: JSONNode, axes: [GridAxis], at path: JSONPath
  ) -> [Condition] {
    guard case .object(let members) = node.content else {
      checker.reportType(node, path, expected: "an object: { axis: value, … }")
      return []
    }
    if members.isEmpty {
      checker.report(
        .missing, node.span, path, "conditions that hold everywhere",
        expected: "at least one axis and its value")
    }
    return members.compactMap { condition($0, axes: axes, at: path + $0.name) }
  }

  private mutating func condition(
    _ member: JSONMember, axes: [GridAxis], at path: JSONPath
  ) -> Condition? {
    let names = axes.map(\.axis.name)
    guard let entry = vocabulary[member.name] else {
      checker.report(
        .unknownName, member.nameSpan, path,
        "no axis is called \(SettingValue.quoted(member.name))",
        expected: names.isEmpty ? nil : SettingKind.enumerated(names, last: "or"),
        nearest: nearestName(to: member.name, among: names) ?? vocabulary.nearest(to: member.name))
      return nil
    }
    let varies = names.contains { name in
      name == member.name || member.name.hasPrefix(name + ".") || name.hasPrefix(member.name + ".")
    }
    if !varies && !names.isEmpty {
      checker.report(
        .unused, member.nameSpan, path, "\(member.name) is not an axis: no trial differs in it",
        expected: SettingKind.enumerated(names, last: "or"))
      return nil
    }
    return test(member.value, of: entry, at: path).map { Condition(member.name, $0) }
  }

  private mutating func test(
    _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> Condition.Test? {
    let kinds = entry.candidates.map(\.setting.kind.unwrapped)
    let takesLists = kinds.contains { if case .list = $0 { true } else { false } }
    switch node.content {
    case .object(let members) where kinds.contains { $0.isNumeric }:
      return bounds(members, node, at: path)
    case .list(let nodes):
      let holdsLists = nodes.contains { if case .list = $0.content { true } else { false } }
      guard !takesLists || holdsLists else { break }
      if nodes.isEmpty {
        checker.report(.missing, node.span, path, "no value", expected: "at least one value")
      }
      let values = nodes.enumerated().compactMap { index, node in
        value(node, of: entry, at: path + index)
      }
      return values.isEmpty ? nil : .oneOf(values)
    default:
      break
    }
    return value(node, of: entry, at: path).map { .oneOf([$0]) }
  }

  private mutating func value(
    _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> SettingValue? {
    checker.value(
      node, of: entry.candidates.map(\.setting), at: path, settingPath: entry.path)
  }

  private mutating func bounds(
    _ members: [JSONMember], _ node: JSONNode, at path: JSONPath
  ) -> Condition.Test? {
    checkKeys(members, known: ["above", "below"], at: path, of: "a condition")
    func number(_ name: String) -> Double? {
      guard let node = node[name]?.value else { return nil }
      let value = checker.value(node, .real(.any), at: path + name, settingPath: "")
      return if case .number(let number) = value { number } else { nil }
    }
    let (above, below) = (number("above"), number("below"))
    if members.isEmpty {
      checker.report(
        .missing, node.span, path, "a condition that says nothing",
        expected: "{ \"above\": number }, { \"below\": number } or both")
    }
    if let above, let below, above >= below {
      checker.report(
        .conflict, node.span, path, "no number is above and below these",
        expected: "above less than below")
    }
    return .between(above: above, below: below)
  }
}
