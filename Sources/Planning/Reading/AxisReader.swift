import Settings

// Axes: their lists of values, and the ways to generate values.

extension ExperimentReader {
  /// Reads an axis with all its values, nil where it has none that is sound.
  mutating func axis(_ member: JSONMember, at path: JSONPath) -> GridAxis? {
    mentionedAxes.insert(member.name)
    guard let entry = vocabulary[member.name] else {
      checker.report(
        .unknownName, member.nameSpan, path,
        "no setting is called \(SettingValue.quoted(member.name))",
        expected: "a setting's name or dotted path",
        nearest: vocabulary.nearest(to: member.name))
      return nil
    }
    if let node = member.value["values"]?.value, case .list = node.content,
      entry.candidates.allSatisfy({ !Self.takesKey("values", $0.setting.kind.unwrapped) })
    {
      checker.report(
        .unknownName, member.value.span, path, "the values of an axis stand for themselves",
        expected: "a value or a list of values",
        remedy: "Write \(SettingValue.quoted(member.name)): "
          + "\(node.plain?.canonicalJSON.replacing(",", with: ", ") ?? "[…]").")
      return nil
    }
    let values = axisValues(member.value, of: entry, at: path)
    guard !values.isEmpty else { return nil }
    return GridAxis(
      name: member.name, entry: entry, spot: spot(member.nameSpan, at: path),
      values: values.map(\.0), places: values.map(\.1))
  }

  private static func takesKey(_ name: String, _ kind: SettingKind) -> Bool {
    switch kind {
    case .group(let settings): settings.contains { $0.name == name }
    case .variant(let variants):
      variants.contains { $0.settings.contains { $0.name == name } }
    default: false
    }
  }

  private mutating func axisValues(
    _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> [(SettingValue, Place)] {
    let kinds = entry.candidates.map(\.setting.kind.unwrapped)
    let isNumeric = kinds.contains { $0.isNumeric }
    switch node.content {
    case .object(let members) where isNumeric:
      return generated(members, node, of: entry, at: path)
    case .list(let nodes):
      if nodes.isEmpty {
        checker.report(
          .gridSize, node.span, path, "an axis without values", expected: "at least one value",
          remedy: "Remove the axis, or give it a value.")
        return []
      }
      let takesLists = kinds.contains { if case .list = $0 { true } else { false } }
      let holdsLists = nodes.contains { if case .list = $0.content { true } else { false } }
      if takesLists && !holdsLists {
        let plain = node.plain?.canonicalJSON ?? "[…]"
        checker.report(
          .wrongType, node.span, path, "each value of \(entry.path) is itself a list",
          expected: "a list of lists", remedy: "Write [\(plain)] if this is the only one.")
        return []
      }
      return nodes.enumerated().flatMap { index, node -> [(SettingValue, Place)] in
        if isNumeric, case .object(let members) = node.content {
          return generated(members, node, of: entry, at: path + index)
        }
        return axisValue(node, of: entry, at: path + index).map { [$0] } ?? []
      }
    default:
      return axisValue(node, of: entry, at: path).map { [$0] } ?? []
    }
  }

  private mutating func axisValue(
    _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> (SettingValue, Place)? {
    let settings = entry.candidates.map(\.setting)
    return checker.value(node, of: settings, at: path, settingPath: entry.path).map { value in
      (value, place(node, at: path))
    }
  }

  private mutating func generated(
    _ members: [JSONMember], _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> [(SettingValue, Place)] {
    guard members.count == 1, let member = members.first,
      let generator = Generator(rawValue: member.name)
    else {
      let known = Generator.allCases.map(\.rawValue)
      let unknown = members.first { !known.contains($0.name) }
      checker.report(
        .unknownName, unknown?.nameSpan ?? node.span, path, "not a way to generate values",
        expected: "one of \(SettingKind.enumerated(Generator.allCases.map(\.form), last: "or"))",
        nearest: unknown.flatMap { nearestName(to: $0.name, among: known) })
      return []
    }
    guard !member.value.isInvalid else { return [] }
    let inner = path + member.name
    guard case .list(let nodes) = member.value.content else {
      checker.reportType(member.value, inner, expected: generator.form)
      return []
    }
    guard nodes.count == 3 else {
      checker.report(
        .wrongType, member.value.span, inner, "found \(nodes.count) numbers, not 3",
        expected: generator.form)
      return []
    }
    var numbers: [Double] = []
    for (index, argument) in nodes.enumerated() {
      let kind = generator.kinds[index]
      if case .number(let number) = checker.value(
        argument, kind, at: inner + index, settingPath: entry.path)
      {
        numbers.append(number)
      }
    }
    guard numbers.count == 3 else { return [] }
    if let problem = generator.problem(numbers) {
      checker.report(
        .outOfRange, member.value.span, inner, problem, expected: generator.form)
      return []
    }
    return accepted(generator.values(numbers), node, of: entry, at: path)
  }

  /// Generated values, rounded to whole numbers for settings that take no others.
  private mutating func accepted(
    _ numbers: [Double], _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> [(SettingValue, Place)] {
    let settings = entry.candidates.map(\.setting)
    let isWhole = settings.allSatisfy { setting in
      if case .integer = setting.kind.unwrapped { true } else { false }
    }
    var values: [(SettingValue, Place)] = []
    for number in numbers {
      let value = SettingValue.number(isWhole ? number.rounded() : number)
      guard settings.contains(where: { $0.kind.accepts(value) }) else {
        checker.report(
          .outOfRange, node.span, path, "this generates \(value.canonicalJSON), out of range",
          expected: entry.setting.kind.unwrapped.expectation)
        return []
      }
      values.append((value, place(node, at: path)))
    }
    return values
  }
}

extension SettingKind {
  /// Whether values are numbers.
  var isNumeric: Bool {
    switch self {
    case .integer, .real: true
    default: false
    }
  }
}
