import Settings

extension Plan {
  /// Refuses tables whose cells would average trials that differ in something nobody asked to average, or
  /// whose rows or columns nothing tells apart: they are left out.
  ///
  /// - Returns: what is wrong with those left out.
  mutating func settleTables() -> [Diagnostic] {
    var mistakes: [Diagnostic] = []
    var kept: [TableSpecification] = []
    for (table, spot) in zip(experiment.tables, experiment.tableSpots) {
      guard let (reason, remedy) = problem(of: table) else {
        kept.append(table)
        continue
      }
      omittedTables.append((table.name, reason))
      mistakes.append(Diagnostic(.conflict, spot, "the table " + reason, remedy: remedy))
    }
    tables = kept
    return mistakes
  }

  private func problem(of table: TableSpecification) -> (reason: String, remedy: String)? {
    for name in table.select?.over ?? []
    where !axes.contains(where: { $0.name == name }) {
      return ("selects over \(name), in which no two trials differ", "Name another axis.")
    }
    for name in table.sides where !isSaid(name) {
      return ("names \(name), which no trial has", "Name an axis or a setting of its trials.")
    }
    guard let mixed = mixedAxes(of: table) else {
      let words = table.conditions.map(\.words).joined(separator: ", ")
      return ("is about no trial: none is \(words)", "Change its where.")
    }
    guard !mixed.isEmpty else { return nil }
    let names = SettingKind.enumerated(mixed, last: "and")
    return (
      "would mix the values of \(names) in its cells",
      "Name \(names) in rows, columns, select.over or where."
    )
  }

  /// Whether some trial has an axis or setting.
  private func isSaid(_ name: String) -> Bool {
    if axes.contains(where: { $0.name == name }) { return true }
    // Which settings apply is the same for all trials of a family.
    var last: TrialFamily?
    return trials.contains { trial in
      guard trial.family !== last else { return false }
      last = trial.family
      return trial.family.applies.contains(name)
    }
  }

  /// Where a trial stands in a table: on axes, and by settings that are none.
  private struct Cell: Hashable {
    var axes: [Int?]
    var settings: [SettingValue?] = []
  }

  /// The axes in which two trials of one cell differ, settled ones left out; nil where the table is about
  /// no trial.
  private func mixedAxes(of table: TableSpecification) -> [String]? {
    let settled = Set(table.sides + ["repeat"] + (table.select?.over ?? []))
    let open = axes.indices.filter { !settled.contains(axes[$0].name) && axes[$0].values.count > 1 }
    let sides = table.sides.compactMap { side in axes.firstIndex { $0.name == side } }
    let settings = table.sides.filter { side in !axes.contains { $0.name == side } }
    // For each cell what its trials have on the open axes.
    var cells: [Cell: [Int?]] = [:]  // looked up only, never iterated
    var mixed: Set<Int> = []
    for trial in trials {
      let indices = trial.axisIndices
      var key = Cell(axes: sides.map { indices[$0] })
      if !table.conditions.isEmpty || !settings.isEmpty {
        let said = trial.settings
        guard table.conditions.allSatisfy({ $0.holds(in: said) }) else { continue }
        key.settings = settings.map { said[$0] }
      }
      guard var known = cells[key] else {
        cells[key] = open.map { indices[$0] }
        continue
      }
      var isFuller = false
      for (place, axis) in open.enumerated() {
        guard let index = indices[axis] else { continue }
        if let other = known[place] {
          if other != index { mixed.insert(axis) }
        } else {
          known[place] = index
          isFuller = true
        }
      }
      if isFuller { cells[key] = known }
    }
    return cells.isEmpty ? nil : mixed.sorted().map { axes[$0].name }
  }
}
