import Settings

/// How the combinations of a sub-grid come down to its trials.
struct Ledger {
  /// The combinations of the grid itself, and those that rules add.
  var combinations = 0
  /// Written combinations, counted without rules.
  var product = 0
  /// Rows written more than once: the factor and how many combinations go.
  private(set) var repeated: [(factor: Factor, count: Int)] = []
  /// Axes that do not apply: the axis, the reason and how many combinations go.
  private(set) var collapsed: [(axis: String, reason: String, count: Int)] = []
  /// Combinations that each exclusion of the experiment takes.
  var excluded: [Int]
  /// Combinations that the command line's selection takes.
  var unselected = 0
  /// Trials that are there already: in the same sub-grid, or in one before.
  var duplicates = 0
  var known = 0

  init(exclusionCount: Int) {
    excluded = Array(repeating: 0, count: exclusionCount)
  }

  mutating func addRepeated(_ factor: Factor, _ count: Int) {
    guard count > 0 else { return }
    if let index = repeated.firstIndex(where: { $0.factor.name == factor.name }) {
      repeated[index].count += count
    } else {
      repeated.append((factor, count))
    }
  }

  mutating func addCollapsed(_ axis: String, _ reason: String, _ count: Int) {
    guard count > 0 else { return }
    if let index = collapsed.firstIndex(where: { $0.axis == axis && $0.reason == reason }) {
      collapsed[index].count += count
    } else {
      collapsed.append((axis, reason, count))
    }
  }

  /// The reductions for people, in the order of the factors.
  func reductions(of subGrid: SubGrid, in experiment: Experiment) -> [Reduction] {
    let factors = subGrid.allFactors
    let axes = factors.flatMap { $0.axes.map(\.name) }
    var reductions: [Reduction] = []
    let place = subGrid.name
    for factor in factors {
      for entry in repeated where entry.factor.name == factor.name {
        let copies = factor.writtenCount - factor.count
        let words = copies == 1 ? "1 value" : "\(copies) values"
        reductions.append(
          Reduction(
            .repeatedValue(axis: factor.name), reason: "\(factor.name) has \(words) more than once",
            count: entry.count, in: place))
      }
    }
    var seen: Set<String> = []
    for axis in axes where seen.insert(axis).inserted {
      for entry in collapsed where entry.axis == axis {
        reductions.append(
          Reduction(
            .doesNotApply(axis: axis), reason: "\(axis) \(entry.reason)", count: entry.count,
            in: place))
      }
    }
    if duplicates > 0 {
      reductions.append(
        Reduction(
          .duplicate, reason: "the same trial in other words", count: duplicates, in: place))
    }
    for index in experiment.exclusions(of: subGrid) {
      reductions.append(
        Reduction(
          .excluded(index), reason: experiment.exclusions[index].reason, count: excluded[index],
          in: place))
    }
    if !experiment.selection.isEmpty {
      let words = experiment.selection.map(\.words).joined(separator: ", ")
      reductions.append(
        Reduction(.unselected, reason: "not \(words)", count: unselected, in: place))
    }
    if known > 0 {
      reductions.append(
        Reduction(.known, reason: "in a grid before", count: known, in: place))
    }
    return reductions
  }
}
