import Settings

// The grid: axes, their lists of values and the three ways to generate values.

extension ExperimentReader {
  /// The most values that one axis may generate, and the most repeats.
  static let valueLimit = 1_000_000

  /// Reads the axes, `repeat` last.
  mutating func grid(_ member: JSONMember?, of root: JSONNode) -> [GridAxis] {
    let path = JSONPath() + "grid"
    let remedy = "Write \"grid\": { \"repeat\": 1 } for a single trial."
    guard let member else {
      checker.report(
        .missing, root.span.lowerBound..<root.span.lowerBound + 1, JSONPath(),
        "the experiment has no grid", expected: "\"grid\": an object of axes", remedy: remedy)
      return []
    }
    guard case .object(let members) = member.value.content else {
      checker.reportType(member.value, path, expected: "an object of axes")
      return []
    }
    guard !members.isEmpty else {
      checker.report(
        .gridSize, member.value.span, path, "the grid is empty", expected: "at least one axis",
        remedy: remedy)
      return []
    }
    let axes = members.filter { $0.name != "repeat" }.compactMap { axis($0, at: path + $0.name) }
    reportOverlaps(axes)
    return axes + [repeats(member.value["repeat"], at: path + "repeat")]
  }

  private mutating func axis(_ member: JSONMember, at path: JSONPath) -> GridAxis? {
    guard let entry = vocabulary[member.name] else {
      checker.report(
        .unknownName, member.nameSpan, path,
        "no setting is called \(SettingValue.quoted(member.name))",
        expected: "a setting's name or dotted path",
        nearest: vocabulary.nearest(to: member.name))
      return nil
    }
    var values: [(value: SettingValue, place: GridAxis.Place, count: Int)] = []
    var indices: [SettingValue: Int] = [:]  // looked up only, never iterated
    for (value, place) in axisValues(member.value, of: entry, at: path) {
      if let index = indices[value] {
        values[index].count += 1
      } else {
        indices[value] = values.count
        values.append((value, place, 1))
      }
    }
    guard !values.isEmpty else { return nil }
    let axis = Axis(
      name: member.name, settings: values.map(\.value), unit: entry.setting.unit,
      summary: entry.setting.summary)
    return GridAxis(
      axis: axis, entry: entry, keySpan: member.nameSpan, path: path,
      places: values.map(\.place), multiplicities: values.map(\.count))
  }

  private mutating func axisValues(
    _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> [(SettingValue, GridAxis.Place)] {
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
      return nodes.enumerated().compactMap { index, node in
        axisValue(node, of: entry, at: path + index)
      }
    default:
      return axisValue(node, of: entry, at: path).map { [$0] } ?? []
    }
  }

  private mutating func axisValue(
    _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> (SettingValue, GridAxis.Place)? {
    let settings = entry.candidates.map(\.setting)
    return checker.value(node, of: settings, at: path, settingPath: entry.path).map { value in
      (value, GridAxis.Place(node: node, path: path))
    }
  }

  private mutating func generated(
    _ members: [JSONMember], _ node: JSONNode, of entry: Vocabulary.Entry, at path: JSONPath
  ) -> [(SettingValue, GridAxis.Place)] {
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
  ) -> [(SettingValue, GridAxis.Place)] {
    let settings = entry.candidates.map(\.setting)
    let isWhole = settings.allSatisfy { setting in
      if case .integer = setting.kind.unwrapped { true } else { false }
    }
    var values: [(SettingValue, GridAxis.Place)] = []
    for number in numbers {
      let value = SettingValue.number(isWhole ? number.rounded() : number)
      guard settings.contains(where: { $0.kind.accepts(value) }) else {
        checker.report(
          .outOfRange, node.span, path, "this generates \(value.canonicalJSON), out of range",
          expected: entry.setting.kind.unwrapped.expectation)
        return []
      }
      values.append((value, GridAxis.Place(node: node, path: path)))
    }
    return values
  }

  private mutating func repeats(_ member: JSONMember?, at path: JSONPath) -> GridAxis {
    var count = 1
    if let node = member?.value {
      let kind = SettingKind.integer(1...Self.valueLimit)
      let value = checker.value(node, kind, at: path, settingPath: "repeat")
      if case .number(let number) = value { count = Int(number) }
    }
    let setting = Vocabulary.repeatSetting
    let entry =
      vocabulary["repeat"]
      ?? Vocabulary.Entry(
        path: "repeat", candidates: [Vocabulary.Candidate(setting: setting, requirements: [])])
    let node = member?.value ?? JSONNode(content: .null, span: 0..<1)
    return GridAxis(
      axis: Axis(
        name: "repeat", settings: (0..<count).map { .number(Double($0)) }, unit: nil,
        summary: setting.summary),
      entry: entry, keySpan: member?.nameSpan ?? node.span, path: path,
      places: Array(repeating: GridAxis.Place(node: node, path: path), count: count),
      multiplicities: Array(repeating: 1, count: count))
  }

  /// Reports axes that set the same thing: one whose values say what another varies.
  private mutating func reportOverlaps(_ axes: [GridAxis]) {
    for outer in axes {
      for inner in axes where inner.axis.name.hasPrefix(outer.axis.name + ".") {
        let rest = String(inner.axis.name.dropFirst(outer.axis.name.count + 1))
        guard let index = outer.axis.settings.firstIndex(where: { $0[rest] != nil }) else {
          continue
        }
        checker.report(
          .conflict, inner.keySpan, inner.path,
          "\(outer.places[index].path) says \(rest) as well: two axes set one thing",
          remedy: "Keep one of the two.")
      }
    }
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
