import Settings

extension Plan {
  /// Refuses tables whose cells would average trials that differ in something nobody asked to average, or
  /// whose rows or columns nothing tells apart; where the command line made them so, leaves them out.
  mutating func settleTables() throws(InvalidExperiment) {
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
    guard mistakes.isEmpty || !experiment.amendments.isEmpty else {
      throw InvalidExperiment(mistakes, in: experiment.fileName)
    }
    tables = kept
  }

  private func problem(of table: TableSpecification) -> (reason: String, remedy: String)? {
    for name in [table.rows, table.columns] + (table.select?.over ?? [])
    where !axes.contains(where: { $0.name == name }) {
      return ("names \(name), in which no two trials differ", "Name another axis.")
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

  /// The axes in which two trials of one cell differ, settled ones left out; nil where the table is about
  /// no trial.
  private func mixedAxes(of table: TableSpecification) -> [String]? {
    let settled = Set([table.rows, table.columns, "repeat"] + (table.select?.over ?? []))
    let open = axes.indices.filter { !settled.contains(axes[$0].name) && axes[$0].values.count > 1 }
    guard let row = axes.firstIndex(where: { $0.name == table.rows }),
      let column = axes.firstIndex(where: { $0.name == table.columns })
    else { return [] }
    // For each cell what its trials have on the open axes.
    var cells: [[Int?]: [Int?]] = [:]  // looked up only, never iterated
    var mixed: Set<Int> = []
    for trial in trials {
      let indices = trial.axisIndices
      if !table.conditions.isEmpty {
        let settings = trial.settings
        guard table.conditions.allSatisfy({ $0.holds(in: settings) }) else { continue }
      }
      let key = [indices[row], indices[column]]
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
