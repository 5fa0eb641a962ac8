import Settings

extension Plan {
  /// Tables whose cells would average trials that differ in something nobody asked to average.
  func mixedTables() -> [Diagnostic] {
    zip(experiment.tables, experiment.tableSpots).compactMap { table, spot in
      guard let axis = mixedAxis(of: table) else { return nil }
      return Diagnostic(
        .conflict, spot, "the table would mix the values of \(axis) in its cells",
        remedy: "Name \(axis) in rows, columns, select.over or where.")
    }
  }

  /// The first axis in which two trials of one cell differ, settled ones left out.
  private func mixedAxis(of table: TableSpecification) -> String? {
    let settled = Set([table.rows, table.columns, "repeat"] + (table.select?.over ?? []))
    let open = axes.indices.filter { !settled.contains(axes[$0].name) && axes[$0].values.count > 1 }
    guard !open.isEmpty, let row = axes.firstIndex(where: { $0.name == table.rows }),
      let column = axes.firstIndex(where: { $0.name == table.columns })
    else { return nil }
    // For each cell what its trials have on the open axes.
    var cells: [[Int?]: [Int?]] = [:]  // looked up only, never iterated
    var mixed: Int?
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
          if other != index { mixed = min(mixed ?? axis, axis) }
        } else {
          known[place] = index
          isFuller = true
        }
      }
      if isFuller { cells[key] = known }
    }
    return mixed.map { axes[$0].name }
  }
}
