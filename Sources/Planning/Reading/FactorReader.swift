import Settings

// The factors of a grid: its axes and zips, `repeat`, and what --set makes of them.

extension ExperimentReader {
  /// The most values that one axis may generate, and the most repeats.
  static let valueLimit = 1_000_000

  /// Reads the axes and zips of a grid, `repeat` left out.
  mutating func factors(_ node: JSONNode, at path: JSONPath) -> [Factor] {
    var factors: [Factor] = []
    if let grid = node["grid"]?.value {
      let remedy =
        path.description.isEmpty
        ? "Write \"grid\": { \"repeat\": 1 } for a single trial." : "Remove it, or name an axis."
      let path = path + "grid"
      if case .object(let members) = grid.content {
        if members.isEmpty {
          checker.report(
            .gridSize, grid.span, path, "the grid is empty", expected: "at least one axis",
            remedy: remedy)
        }
        for member in members where member.name != "repeat" {
          factors += factor(member, at: path + member.name).map { [$0] } ?? []
        }
      } else {
        checker.reportType(grid, path, expected: "an object of axes")
      }
    }
    return factors + zips(node["zip"]?.value, at: path + "zip")
  }

  /// A plain axis: one that `--set` replaces has the values of the command line.
  private mutating func factor(_ member: JSONMember, at path: JSONPath) -> Factor? {
    guard let change = changes.first(where: { $0.name == member.name }) else {
      return axis(member, at: path).map { Factor([$0]) }
    }
    return factor(of: change)
  }

  private mutating func factor(of change: Change) -> Factor? {
    let member = JSONMember(
      name: change.name, nameSpan: change.spot.span, value: change.place.node)
    return reading(change.place.source) { reader in
      reader.axis(member, at: change.place.path).map { Factor([$0]) }
    }
  }

  private mutating func zips(_ node: JSONNode?, at path: JSONPath) -> [Factor] {
    guard let node else { return [] }
    guard case .object(let members) = node.content else {
      checker.reportType(
        node, path, expected: "an object of zips: { name: { axis: values, axis: values } }")
      return []
    }
    if members.isEmpty {
      checker.report(
        .gridSize, node.span, path, "no zip", expected: "{ name: { axis: values, axis: values } }",
        remedy: "Remove it, or name axes that vary together.")
    }
    return members.compactMap { zip($0, at: path + $0.name) }
  }

  private mutating func zip(_ member: JSONMember, at path: JSONPath) -> Factor? {
    let form = "{ axis: values, axis: values }, equally many of each"
    guard Self.isFileWord(member.name) else {
      checker.report(
        .outOfRange, member.nameSpan, path,
        "\(SettingValue.quoted(member.name)) is no name for a zip",
        expected: Self.fileWordForm)
      return nil
    }
    guard case .object(let members) = member.value.content else {
      let isAxis = vocabulary[member.name] != nil
      checker.reportType(
        member.value, path, expected: form,
        remedy: isAxis
          ? "Name the zip: \"zip\": { \"pairs\": { \(SettingValue.quoted(member.name)): … } }."
          : nil)
      return nil
    }
    if let member = member.value["repeat"] {
      checker.report(
        .conflict, member.nameSpan, path + "repeat", "repeat cannot vary together with other axes",
        remedy: "Write it in the grid.")
      return nil
    }
    let count = checker.diagnostics.count
    for change in changes where member.value[change.name] != nil {
      checker.diagnostics.append(
        Diagnostic(
          .conflict, change.spot, "\(change.name) varies together with others in \(path)",
          remedy: "Change the file, or choose rows with --only."))
    }
    let axes = members.compactMap { axis($0, at: path + $0.name) }
    guard checker.diagnostics.count == count else { return nil }
    if axes.count < 2 {
      checker.report(
        .gridSize, member.value.span, path, "a zip of fewer than two axes", expected: form,
        remedy: "Write a single axis in the grid.")
      return nil
    }
    let first = axes[0]
    for (axis, member) in Swift.zip(axes, members) where axis.values.count != first.values.count {
      checker.report(
        .conflict, member.value.span, path + member.name,
        "\(axis.values.count) values, and \(first.name) has \(first.values.count)",
        expected: "equally many values for all axes of a zip")
    }
    guard checker.diagnostics.count == count else { return nil }
    return Factor(axes, zip: member.name)
  }

  /// Axes that `--set` adds: those with several values that the file does not vary.
  mutating func addedFactors() -> [Factor] {
    changes.filter { isNewAxis($0) }.compactMap { factor(of: $0) }
  }

  /// What `--set` says of settings that are no axis, as a layer over all others.
  mutating func changedLayers() -> [Layer] {
    changes.compactMap { change -> Layer? in
      guard change.name != "repeat", change.name != "seed", !mentions(change.name),
        !isNewAxis(change), let entry = vocabulary[change.name]
      else { return nil }
      return reading(change.place.source) { reader in
        let value = reader.checker.value(
          change.place.node, of: entry.candidates.map(\.setting), at: change.place.path,
          settingPath: change.name)
        guard let value else { return nil }
        let names = change.name.split(separator: ".").map(String.init)
        var settings = SettingValue.object([SettingValue.Member]())
        settings.set(names[...], to: value)
        // The same objects around the node, so that its place is found by its path.
        let node = names.reversed().reduce(change.place.node) { inner, name in
          JSONNode(
            content: .object([JSONMember(name: name, nameSpan: change.spot.span, value: inner)]),
            span: 0..<inner.span.upperBound)
        }
        return Layer(
          settings: settings, place: reader.place(node, at: JSONPath()), isIncluded: false)
      }
    }
  }

  private func isNewAxis(_ change: Change) -> Bool {
    guard change.name != "repeat", change.name != "seed", !mentions(change.name),
      let entry = vocabulary[change.name]
    else { return false }
    let kinds = entry.candidates.map(\.setting.kind.unwrapped)
    let takesLists = kinds.contains { if case .list = $0 { true } else { false } }
    switch change.place.node.content {
    case .list(let nodes):
      if change.isList { return true }
      let holdsLists = nodes.contains { if case .list = $0.content { true } else { false } }
      return !takesLists || holdsLists
    case .object: return kinds.contains { $0.isNumeric }
    default: return false
    }
  }

  /// Whether some grid of the file has an axis of this name.
  private func mentions(_ name: String) -> Bool {
    func mentions(_ node: JSONNode) -> Bool {
      if node["grid"]?.value[name] != nil { return true }
      if case .object(let zips) = node["zip"]?.value.content,
        zips.contains(where: { $0.value[name] != nil })
      {
        return true
      }
      return ["for", "also"].contains { key in
        guard case .list(let nodes) = node[key]?.value.content else { return false }
        return nodes.contains(where: mentions)
      }
    }
    return mentions(document.root)
  }

  /// The factor `repeat`: the command line's count, else the grid's, else the experiment's, else 1.
  mutating func repeats(
    of node: JSONNode, inherited: JSONMember?, at path: JSONPath
  ) -> Factor {
    let own = node["grid"]?.value["repeat"]
    let path = (own == nil ? JSONPath() : path) + "grid" + "repeat"
    let member = own ?? inherited
    if let change = changes.first(where: { $0.name == "repeat" }) {
      return reading(change.place.source) { reader in
        reader.repeats(change.place.node, change.spot, at: change.place.path)
      }
    }
    return repeats(member?.value, spot(member?.nameSpan ?? 0..<1, at: path), at: path)
  }

  private mutating func repeats(_ node: JSONNode?, _ spot: Spot, at path: JSONPath) -> Factor {
    var count = 1
    if let node {
      let kind = SettingKind.integer(1...Self.valueLimit)
      let value = checker.value(node, kind, at: path, settingPath: "repeat")
      if case .number(let number) = value { count = Int(number) }
    }
    let setting = Vocabulary.repeatSetting
    let entry =
      vocabulary["repeat"]
      ?? Vocabulary.Entry(
        path: "repeat", candidates: [Vocabulary.Candidate(setting: setting, requirements: [])])
    let place = place(node ?? JSONNode(content: .null, span: 0..<1), at: path)
    let axis = GridAxis(
      name: "repeat", entry: entry, spot: spot, values: (0..<count).map { .number(Double($0)) },
      places: Array(repeating: place, count: count))
    return Factor([axis])
  }

  /// Reports axes that set the same thing: the same one twice, or one whose values say what another
  /// varies.
  ///
  /// - Parameter first: axes before this one were compared with each other already.
  mutating func reportOverlaps(_ axes: [GridAxis], from first: Int = 0) {
    for (index, axis) in axes.enumerated() {
      for (earlier, other) in axes[..<index].enumerated() where max(index, earlier) >= first {
        if axis.name == other.name {
          report(axis, "\(other.spot.path) varies \(axis.name) as well: two axes set one thing")
        } else if axis.name.hasPrefix(other.name + ".") {
          reportOverlap(outer: other, inner: axis)
        } else if other.name.hasPrefix(axis.name + ".") {
          reportOverlap(outer: axis, inner: other)
        }
      }
    }
  }

  private mutating func reportOverlap(outer: GridAxis, inner: GridAxis) {
    let rest = String(inner.name.dropFirst(outer.name.count + 1))
    guard let index = outer.values.firstIndex(where: { $0[rest] != nil }) else { return }
    report(inner, "\(outer.places[index].path) says \(rest) as well: two axes set one thing")
  }

  private mutating func report(_ axis: GridAxis, _ message: String) {
    checker.diagnostics.append(
      Diagnostic(.conflict, axis.spot, message, remedy: "Keep one of the two."))
  }
}

extension GridAxis {
  init(
    name: String, entry: Vocabulary.Entry, spot: Spot, values: [SettingValue], places: [Place]
  ) {
    self.name = name
    self.entry = entry
    self.spot = spot
    self.values = values
    self.places = places
    texts = values.map { Array($0.canonicalJSON.utf8) }
  }

  /// The axis with some of its rows.
  func choosing(_ rows: [Int]) -> GridAxis {
    GridAxis(
      name: name, entry: entry, spot: spot, values: rows.map { values[$0] },
      places: rows.map { places[$0] })
  }
}

extension Factor {
  /// Axes that vary together, or one that varies alone; rows listed more than once stand for the first.
  init(_ axes: [GridAxis], zip name: String? = nil) {
    var indices: [[SettingValue]: Int] = [:]  // looked up only, never iterated
    var (rows, counts): ([Int], [Int]) = ([], [])
    for row in axes[0].values.indices {
      let values = axes.map { $0.values[row] }
      if let index = indices[values] {
        counts[index] += 1
      } else {
        indices[values] = rows.count
        rows.append(row)
        counts.append(1)
      }
    }
    let isDistinct = rows.count == axes[0].values.count
    self.init(
      zipName: name, axes: isDistinct ? axes : axes.map { $0.choosing(rows) },
      multiplicities: counts)
  }
}
