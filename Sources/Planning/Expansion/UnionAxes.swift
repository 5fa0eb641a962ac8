import Settings

/// The axes of a whole plan: what varies in any of its grids, and what their own settings tell apart.
struct UnionAxes {
  private(set) var axes: [Axis] = []
  private var drafts: [Draft] = []

  /// An axis while its values are gathered.
  private struct Draft {
    let entry: Vocabulary.Entry
    var values: [SettingValue] = []
    var indices: [SettingValue: Int] = [:]  // looked up only, never iterated

    mutating func add(_ value: SettingValue) {
      guard indices[value] == nil else { return }
      indices[value] = values.count
      values.append(value)
    }

    /// The value that says what a trial of another grid has, added where there is none.
    mutating func index(covering value: SettingValue) -> Int {
      if let index = indices[value] ?? values.firstIndex(where: { $0.covers(value) }) {
        return index
      }
      // Of a variant its type; what stands in it has axes of its own.
      let type = value["type"].map { SettingValue.object(["type": $0]) }
      add(type ?? value)
      return values.count - 1
    }
  }

  init(_ expanders: [Expander], _ experiment: Experiment, _ vocabulary: Vocabulary) {
    let families = expanders.flatMap(\.families)
    for subGrid in experiment.subGrids {
      for axis in subGrid.allFactors.dropLast().flatMap(\.axes) { add(axis) }
    }
    // What the grids' own settings tell apart.
    let own = experiment.subGrids.flatMap { subGrid in
      (subGrid.name.isEmpty ? [] : Array(subGrid.layers.prefix(1)))
        + subGrid.rules.flatMap(\.allLayers)
    }
    for path in own.flatMap({ $0.settings.leafPaths() }) where !path.isEmpty {
      guard !drafts.contains(where: { path.isRelated(to: $0.entry.path) }),
        let entry = vocabulary[path]
      else { continue }
      let values = families.filter { $0.applies.contains(path) }.compactMap { $0.settings[path] }
      guard Set(values).count > 1 else { continue }
      var draft = Draft(entry: entry)
      for value in values { draft.add(value) }
      drafts.append(draft)
    }
    for subGrid in experiment.subGrids {
      for axis in subGrid.factors.suffix(1).flatMap(\.axes) { add(axis) }
    }
    for family in families {
      let said = Set(family.combination.factors.flatMap { $0.axes.map(\.name) })
      for index in drafts.indices where !said.contains(drafts[index].entry.path) {
        let path = drafts[index].entry.path
        guard family.applies.contains(path), let value = family.settings[path] else { continue }
        _ = drafts[index].index(covering: value)
      }
    }
    axes = drafts.map { draft in
      Axis(
        name: draft.entry.path, settings: draft.values, unit: draft.entry.setting.unit,
        summary: draft.entry.setting.summary)
    }
  }

  private mutating func add(_ axis: GridAxis) {
    let index: Int
    if let known = drafts.firstIndex(where: { $0.entry.path == axis.name }) {
      index = known
    } else {
      index = drafts.count
      drafts.append(Draft(entry: axis.entry))
    }
    for value in axis.values { drafts[index].add(value) }
  }

  /// Where the trials of each family stand on the axes.
  func columns(of families: [TrialFamily]) -> [AxisColumns] {
    var drafts = drafts
    return families.map { family in
      let columns = drafts.indices.map { index -> AxisColumns.Column in
        let path = drafts[index].entry.path
        guard family.applies.contains(path) else { return .absent }
        if let slot = family.slots.first(where: { $0.axis.name == path }) {
          let known = drafts[index].indices
          return .row(slot.factor, slot.axis.values.map { known[$0] ?? 0 })
        }
        let combination = family.combination
        for (factor, row) in zip(combination.factors, combination.rows) {
          for axis in factor.axes where axis.name == path {
            return .constant(drafts[index].indices[axis.values[row]] ?? 0)
          }
        }
        guard let value = family.settings[path] else { return .absent }
        return .constant(drafts[index].index(covering: value))
      }
      return AxisColumns(axes, columns)
    }
  }
}

/// Where the trials of one family stand on the axes of a plan.
final class AxisColumns: Sendable {
  /// The axes of the plan.
  let axes: [Axis]
  private let columns: [Column]

  /// Where the trials stand on one axis.
  enum Column: Sendable {
    /// The axis does not apply.
    case absent
    /// All have one value, an index into the axis's.
    case constant(Int)
    /// The row of a plain factor decides: the index for each row.
    case row(Int, [Int])
  }

  init(_ axes: [Axis], _ columns: [Column]) {
    self.axes = axes
    self.columns = columns
  }

  /// The index on each axis for a trial with these rows of the plain factors.
  func indices(_ digits: [Int]) -> [Int?] {
    columns.map { column in
      switch column {
      case .absent: nil
      case .constant(let index): index
      case .row(let factor, let indices): indices[digits[factor]]
      }
    }
  }
}
