import Settings

// Excludes and the conditions of `where`.

extension ExperimentReader {
  /// Reads the list of excludes of a grid, or of the whole experiment.
  ///
  /// - Parameter names: what conditions may be about: the axes of the grid.
  mutating func exclusions(
    _ node: JSONNode?, axes names: [String], at path: JSONPath
  ) -> [Exclusion] {
    let path = path + "exclude"
    guard let node else { return [] }
    guard case .list(let nodes) = node.content else {
      checker.reportType(node, path, expected: "a list of { \"where\": …, \"because\": … }")
      return []
    }
    return nodes.enumerated().compactMap { index, node in
      exclusion(node, axes: names, at: path + index)
    }
  }

  private mutating func exclusion(
    _ node: JSONNode, axes names: [String], at path: JSONPath
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
    let conditions = conditions(condition, axes: names, at: path + "where")
    return Exclusion(conditions: conditions, because: because)
  }

  /// Reads an object of conditions; mistakes leave their condition out.
  mutating func conditions(
    _ node: JSONNode, axes names: [String], at path: JSONPath
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
    return members.compactMap { condition($0, axes: names, at: path + $0.name) }
  }

  private mutating func condition(
    _ member: JSONMember, axes names: [String], at path: JSONPath
  ) -> Condition? {
    guard let entry = vocabulary[member.name] else {
      checker.report(
        .unknownName, member.nameSpan, path,
        "no axis is called \(SettingValue.quoted(member.name))",
        expected: names.isEmpty ? nil : SettingKind.enumerated(names, last: "or"),
        nearest: nearestName(to: member.name, among: names) ?? vocabulary.nearest(to: member.name))
      return nil
    }
    let varies = member.name == "repeat" || names.contains { $0.isRelated(to: member.name) }
    // An axis with a mistake is reported where it stands.
    if !varies && !names.isEmpty && !mentionedAxes.contains(member.name) {
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
    case .object(let members) where node["not"] != nil:
      checkKeys(members, known: ["not"], at: path, of: "a negation")
      guard let inner = node["not"]?.value else { return nil }
      if case .object = inner.content, kinds.contains(where: { $0.isNumeric }) {
        checker.reportType(inner, path + "not", expected: "a value or a list of values")
        return nil
      }
      if inner["not"] != nil {
        checker.reportType(
          inner, path + "not", expected: "a value or a list of values",
          remedy: "Not what is not so is what is so: write that.")
        return nil
      }
      guard case .oneOf(let values) = test(inner, of: entry, at: path + "not") else { return nil }
      return .noneOf(values)
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
    let known = Condition.Bound.Relation.allCases.map(\.rawValue)
    checkKeys(members, known: known + ["not"], at: path, of: "a condition")
    if members.isEmpty {
      checker.report(
        .missing, node.span, path, "a condition that says nothing",
        expected: SettingKind.enumerated(known.map { "{ \"\($0)\": number }" }, last: "or"))
    }
    let bounds = members.compactMap { member -> Condition.Bound? in
      guard let relation = Condition.Bound.Relation(rawValue: member.name) else { return nil }
      return limit(member.value, at: path + member.name).map { Condition.Bound(relation, $0) }
    }
    reportEmptyRange(bounds, node, at: path)
    return .within(bounds)
  }

  /// A number, or the path of another setting that is one.
  private mutating func limit(_ node: JSONNode, at path: JSONPath) -> Condition.Bound.Limit? {
    guard case .text(let name) = node.content else {
      if case .number(let number) = checker.value(node, .real(.any), at: path, settingPath: "") {
        return .number(number)
      }
      return nil
    }
    guard let entry = vocabulary[name] else {
      checker.report(
        .unknownName, node.span, path, "no setting is called \(SettingValue.quoted(name))",
        expected: "a number, or the name or dotted path of a setting",
        nearest: vocabulary.nearest(to: name))
      return nil
    }
    guard entry.candidates.contains(where: { $0.setting.kind.unwrapped.isNumeric }) else {
      checker.report(
        .wrongType, node.span, path, "\(name) is no number",
        expected: "a number, or the name or dotted path of a setting that is one")
      return nil
    }
    return .setting(name)
  }

  private mutating func reportEmptyRange(
    _ bounds: [Condition.Bound], _ node: JSONNode, at path: JSONPath
  ) {
    var (lower, upper) = (-Double.infinity, Double.infinity)
    var isOpen = false
    for bound in bounds {
      guard case .number(let number) = bound.limit else { continue }
      switch bound.relation {
      case .above, .atLeast: lower = max(lower, number)
      case .below, .atMost: upper = min(upper, number)
      }
      if bound.relation == .above || bound.relation == .below { isOpen = true }
    }
    guard lower > upper || (lower == upper && isOpen) else { return }
    let isPlain = bounds.allSatisfy { $0.relation == .above || $0.relation == .below }
    checker.report(
      .conflict, node.span, path,
      isPlain ? "no number is above and below these" : "no number is within these bounds",
      expected: isPlain ? "above less than below" : "a lower bound less than the upper one")
  }
}
