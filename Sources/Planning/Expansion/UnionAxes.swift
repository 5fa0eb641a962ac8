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

    /// The index of a value that was added.
    func index(of value: SettingValue) -> Int {
      guard let index = indices[value] else {
        preconditionFailure("axis \(entry.path): \(value.canonicalJSON) was not gathered")
      }
      return index
    }

    /// The index of the value that a family has; nil where it is not known yet.
    func known(_ family: TrialFamily) -> Int? {
      guard let value = family.common(at: entry.path) else { return nil }
      return indices[value] ?? values.firstIndex { $0.covers(value) }
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
    addOwnSettings(experiment, families, vocabulary)
    for subGrid in experiment.subGrids {
      for axis in subGrid.factors.suffix(1).flatMap(\.axes) { add(axis) }
    }
    for family in families {
      let said = Set(family.combination.factors.flatMap { $0.axes.map(\.name) })
      for index in drafts.indices where !said.contains(drafts[index].entry.path) {
        let path = drafts[index].entry.path
        guard family.applies.contains(path), let value = family.common(at: path) else { continue }
        _ = drafts[index].index(covering: value)
      }
    }
    axes = drafts.map { draft in
      Axis(
        name: draft.entry.path, settings: draft.values, unit: draft.entry.setting.unit,
        summary: draft.entry.setting.summary)
    }
  }

  /// Adds what the grids' own settings tell apart.
  private mutating func addOwnSettings(
    _ experiment: Experiment, _ families: [TrialFamily], _ vocabulary: Vocabulary
  ) {
    var paths: [String] = drafts.map(\.entry.path)
    var seen = Set(paths)  // membership only, never iterated
    let axisCount = paths.count
    for layer in experiment.subGrids.flatMap(\.ownLayers) {
      paths += layer.settings.leafPaths().filter { !$0.isEmpty && seen.insert($0).inserted }
    }
    for (place, path) in paths.enumerated() {
      for group in vocabulary.optionalGroups(around: path) {
        addPresence(of: group, families)
      }
      if place >= axisCount, let entry = vocabulary[path] { addOwnSetting(entry, families) }
    }
  }

  /// Adds a setting as an axis where families differ in it whom the axes so far do not tell apart.
  private mutating func addOwnSetting(_ entry: Vocabulary.Entry, _ families: [TrialFamily]) {
    let path = entry.path
    guard !drafts.contains(where: { $0.entry.path == path || $0.entry.path.hasPrefix(path + ".") })
    else { return }
    // Of axes around it each value may say it, so that trials with that value agree.
    let outer = drafts.indices.filter { path.hasPrefix(drafts[$0].entry.path + ".") }
    let having = families.filter { $0.applies.contains(path) }
    var values: [SettingValue] = []
    var known: [[Int?]: SettingValue] = [:]  // looked up only, never iterated
    var isOpen = false
    var seen: Set<SettingValue> = []  // membership only, never iterated
    for family in having {
      guard let value = family.settings[path] else { continue }
      if seen.insert(value).inserted { values.append(value) }
      let key = outer.map { drafts[$0].known(family) }
      isOpen = isOpen || known.updateValue(value, forKey: key).map { $0 != value } ?? false
    }
    guard isOpen else { return }
    var draft = Draft(entry: entry)
    for value in values { draft.add(value) }
    drafts.append(draft)
  }

  /// Adds an optional group as an axis, there or not, where one grid has it and another has not: what
  /// stands in it applies to the first only and cannot tell the two apart.
  private mutating func addPresence(of entry: Vocabulary.Entry, _ families: [TrialFamily]) {
    guard !drafts.contains(where: { $0.entry.path == entry.path }) else { return }
    let having = families.filter { $0.applies.contains(entry.path) }
    var draft = Draft(entry: entry)
    var grids: [Bool: Set<Int>] = [:]  // looked up only, never iterated
    for family in having {
      let isAbsent = family.settings[entry.path] == .null
      grids[isAbsent, default: []].insert(family.subGrid)
      draft.add(isAbsent ? .null : .object([SettingValue.Member]()))
    }
    guard let absent = grids[true], let present = grids[false],
      absent.union(present).count > 1
    else { return }
    drafts.append(draft)
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
          let draft = drafts[index]
          return .row(slot.factor, slot.axis.values.map { draft.index(of: $0) })
        }
        let combination = family.combination
        for (factor, row) in zip(combination.factors, combination.rows) {
          for axis in factor.axes where axis.name == path {
            return .constant(drafts[index].index(of: axis.values[row]))
          }
        }
        guard let value = family.common(at: path) else { return .absent }
        return .constant(drafts[index].index(covering: value))
      }
      return AxisColumns(axes, columns)
    }
  }
}

extension SubGrid {
  /// What the grid says for itself: its own settings where it is one of `also`, and those of its rules.
  fileprivate var ownLayers: [Layer] {
    (name.isEmpty ? [] : layers.filter { $0.place.path.description.hasPrefix("also") })
      + rules.flatMap(\.allLayers)
  }
}

extension TrialFamily {
  /// What all trials of the family have at a path: without what factors fill inside it.
  fileprivate func common(at path: String) -> SettingValue? {
    guard let value = settings[path] else { return nil }
    return slots.reduce(value) { value, slot in
      slot.axis.name.hasPrefix(path + ".")
        ? value.removing(slot.path.dropFirst(path.split(separator: ".").count)) : value
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
