import Settings

// Sub-grids: the grid at the top, those under `also`, and the rules of `for`.

extension ExperimentReader {
  /// Reads all sub-grids, the one at the top first; none where the file has no grid at all.
  mutating func subGrids(_ root: JSONNode, over layers: [Layer]) -> [SubGrid] {
    reportMissingGrid(root)
    let common = changedLayers() + layers
    let repeats = root["grid"]?.value["repeat"]
    var subGrids: [SubGrid] = []
    if root["grid"] != nil || root["zip"] != nil {
      let member = root["grid"] ?? root["zip"]
      let spot = spot(member?.nameSpan ?? 0..<1, at: JSONPath() + (member?.name ?? "grid"))
      subGrids.append(
        subGrid(root, named: "", at: JSONPath(), spot, layers: common, inherited: repeats))
    } else if let member = root["for"] {
      checker.report(
        .unused, member.nameSpan, JSONPath() + "for", "\"for\" is about a grid, and there is none",
        remedy: "Write it in the entry of \"also\" that it is about.")
    }
    return subGrids + alsoGrids(root["also"]?.value, over: common, inherited: repeats)
  }

  private mutating func reportMissingGrid(_ root: JSONNode) {
    let remedy = "Write \"grid\": { \"repeat\": 1 } for a single trial."
    if root["grid"] == nil && root["zip"] == nil && root["also"] == nil {
      checker.report(
        .missing, root.span.lowerBound..<root.span.lowerBound + 1, JSONPath(),
        "the experiment has no grid", expected: "\"grid\": an object of axes", remedy: remedy)
    }
  }

  private mutating func alsoGrids(
    _ node: JSONNode?, over layers: [Layer], inherited: JSONMember?
  ) -> [SubGrid] {
    let path = JSONPath() + "also"
    let form = "a list of { \"base\": …, \"grid\": … }"
    guard let node else { return [] }
    guard case .list(let nodes) = node.content else {
      checker.reportType(node, path, expected: form)
      return []
    }
    if nodes.isEmpty {
      checker.report(
        .gridSize, node.span, path, "a union of no further grids", expected: form,
        remedy: "Remove it, or write a grid.")
    }
    var names: [String] = []
    return nodes.enumerated().compactMap { index, node in
      let path = path + index
      guard case .object(let members) = node.content else {
        checker.reportType(node, path, expected: "{ \"base\": …, \"grid\": … }")
        return nil
      }
      checkKeys(
        members, known: ["name", "base", "grid", "zip", "for", "exclude"], at: path,
        of: "a grid of \"also\"")
      let start = spot(node.span.lowerBound..<node.span.lowerBound + 1, at: path)
      if !["base", "grid", "zip"].contains(where: { node[$0] != nil }) {
        checker.report(
          .missing, start.span, path, "a grid that says nothing", expected: "base, grid or zip")
        return nil
      }
      let name = fileWord(node["name"]?.value, at: path + "name") ?? path.description
      if names.contains(name) {
        checker.report(
          .duplicateKey, node["name"]?.value.span ?? start.span, path + "name",
          "two grids are called \(SettingValue.quoted(name))", remedy: "Give each its own name.")
      }
      names.append(name)
      let own = layer(node["base"]?.value, at: path + "base").map { [$0] } ?? []
      // What the command line sets lies over everything.
      let changed = layers.prefix { $0.isChange }
      return subGrid(
        node, named: name, at: path, start,
        layers: changed + own + layers.dropFirst(changed.count), inherited: inherited)
    }
  }

  private mutating func subGrid(
    _ node: JSONNode, named name: String, at path: JSONPath, _ spot: Spot, layers: [Layer],
    inherited: JSONMember?
  ) -> SubGrid {
    var factors = factors(node, at: path)
    factors += addedFactors()
    let outer = factors.flatMap(\.axes)
    reportOverlaps(outer)
    let rules = rules(node["for"]?.value, at: path + "for", outer: outer, layers: layers)
    reportHidden(by: outer + rules.flatMap(\.allFactors).flatMap(\.axes), in: layers)
    let first = exclusions.count
    if !name.isEmpty {
      let names = axisNames(outer, rules, layers)
      exclusions += exclusions(node["exclude"]?.value, axes: names, at: path)
    }
    return SubGrid(
      name: name, spot: spot, layers: layers,
      factors: factors + [repeats(of: node, inherited: inherited, at: path)], rules: rules,
      exclusions: first..<exclusions.count)
  }

  /// Reports settings of the command line that an axis says as well.
  private mutating func reportHidden(by axes: [GridAxis], in layers: [Layer]) {
    for layer in layers where layer.isChange {
      for path in layer.settings.leafPaths() {
        if axes.contains(where: { $0.name == path }) {
          checker.diagnostics.append(
            Diagnostic(
              .conflict, layer.place.spot,
              "this says \(path) as well, which is an axis, and an axis has the last word",
              remedy: "Set \(path) by itself."))
          continue
        }
        for axis in axes where path.hasPrefix(axis.name + ".") {
          let rest = String(path.dropFirst(axis.name.count + 1))
          guard let index = axis.values.firstIndex(where: { $0[rest] != nil }) else { continue }
          checker.diagnostics.append(
            Diagnostic(
              .conflict, layer.place.spot,
              "\(axis.places[index].path) says \(rest) as well, and an axis has the last word",
              remedy: "Set \(axis.name) as a whole."))
          break
        }
      }
    }
  }
}

// MARK: - Rules

extension ExperimentReader {
  private mutating func rules(
    _ node: JSONNode?, at path: JSONPath, outer: [GridAxis], layers: [Layer]
  ) -> [Rule] {
    let form = "{ \"where\": …, \"grid\": … }"
    guard let node else { return [] }
    guard case .list(let nodes) = node.content else {
      checker.reportType(node, path, expected: "a list of \(form)")
      return []
    }
    return nodes.enumerated().compactMap { index, node in
      rule(node, at: path + index, outer: outer, layers: layers, form: form)
    }
  }

  private mutating func rule(
    _ node: JSONNode, at path: JSONPath, outer: [GridAxis], layers: [Layer], form: String
  ) -> Rule? {
    guard case .object(let members) = node.content else {
      checker.reportType(node, path, expected: form)
      return nil
    }
    checkKeys(
      members, known: ["where", "base", "grid", "zip", "for"], at: path, of: "an entry of \"for\"")
    let start = node.span.lowerBound..<node.span.lowerBound + 1
    if !["base", "grid", "zip"].contains(where: { node[$0] != nil }) {
      checker.report(
        .missing, start, path, "an entry of \"for\" that says nothing",
        expected: "base, grid or zip")
    }
    guard let condition = node["where"] else {
      checker.report(
        .missing, start, path, "an entry of \"for\" without where",
        expected: "\"where\": { axis: value, … }")
      return nil
    }
    if let member = node["grid"]?.value["repeat"] {
      checker.report(
        .conflict, member.nameSpan, path + "grid" + "repeat",
        "repeat is the same for all combinations of a grid",
        remedy: "Write it in the grid, or put these trials into a grid of \"also\".")
    }
    let conditions = conditions(
      condition.value, axes: axisNames(outer, [], layers), at: path + "where")
    let factors = factors(node, at: path)
    let axes = factors.flatMap(\.axes)
    reportOverlaps(outer + axes, from: outer.count)
    let layer = layer(node["base"]?.value, at: path + "base")
    if let layer {
      reportOverridden(layer, by: outer + axes)
    }
    let rules = rules(
      node["for"]?.value, at: path + "for", outer: outer + axes,
      layers: (layer.map { [$0] } ?? []) + layers)
    return Rule(
      conditions: conditions, spot: spot(condition.nameSpan, at: path + "where"), layer: layer,
      factors: factors, rules: rules)
  }

  /// Reports settings of a rule that an axis says as well.
  private mutating func reportOverridden(_ layer: Layer, by axes: [GridAxis]) {
    for path in layer.settings.leafPaths() {
      guard let axis = axes.first(where: { $0.name == path || $0.name.hasPrefix(path + ".") })
      else { continue }
      let names = path.split(separator: ".").map(String.init)[...]
      checker.diagnostics.append(
        Diagnostic(
          .conflict, layer.place.spot(at: names) ?? layer.place.start,
          "\(axis.name) is an axis, and an axis has the last word",
          remedy: "Remove one of the two, or move the axis into entries of \"for\"."))
    }
  }
}

// MARK: - The names of axes

extension ExperimentReader {
  /// What conditions and tables may name: axes, and what the grids' own settings may tell apart.
  func axisNames(of subGrids: [SubGrid]) -> [String] {
    var names: [String] = []
    for subGrid in subGrids {
      let own = subGrid.name.isEmpty ? [] : subGrid.layers
      for name in axisNames(subGrid.factors.dropLast().flatMap(\.axes), subGrid.rules, own)
      where !names.contains(name) {
        names.append(name)
      }
    }
    // Whether an optional group is there may tell grids apart, too.
    if subGrids.count > 1 {
      for group in names.flatMap({ vocabulary.optionalGroups(around: $0) }).map(\.path)
      where !names.contains(group) {
        names.append(group)
      }
    }
    return names + ["repeat"]
  }

  private func axisNames(_ axes: [GridAxis], _ rules: [Rule], _ layers: [Layer]) -> [String] {
    var names: [String] = []
    let inner = rules.flatMap(\.allFactors).flatMap(\.axes)
    for axis in axes + inner where !names.contains(axis.name) { names.append(axis.name) }
    // The base of the whole experiment tells no trials apart; that of a sub-grid or a rule does.
    let own =
      layers.filter { $0.place.path.description.hasPrefix("also") }
      + rules.flatMap(\.allLayers)
    for path in own.flatMap({ $0.settings.leafPaths() })
    where !path.isEmpty && !names.contains(path) {
      names.append(path)
    }
    return names
  }
}

extension SubGrid {
  /// The sub-grid with its own exclusions further back in the experiment's list.
  func movingExclusions(by count: Int) -> SubGrid {
    SubGrid(
      name: name, spot: spot, layers: layers, factors: factors, rules: rules,
      exclusions: exclusions.lowerBound + count..<exclusions.upperBound + count)
  }
}
