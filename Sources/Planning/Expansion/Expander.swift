import Settings

/// Expands one sub-grid into trials, with the count of all that is left out, and mistakes.
///
/// Factors that decide which settings apply (losses, models, types), or that rules ask about, are
/// expanded first; for each of their combinations the settings are resolved once, and the plain factors
/// (numbers, words) only fill gaps.
struct Expander {
  /// The most combinations that an experiment may name.
  static let combinationLimit = 10_000_000

  let experiment: Experiment
  let catalogue: Catalogue
  let subGrid: SubGrid
  let index: Int
  let exclusions: [Int]
  /// Whether a condition on trials looks at `repeat`.
  let conditionsSeeRepeat: Bool
  let hashPrefix: [UInt8]
  /// Combinations that the whole experiment may still name.
  let budget: Int

  /// A trial by its family, with its place in the order of the grid.
  struct Candidate {
    let id: TrialID
    let family: Int32
    let number: Int32
    /// The place among the combinations of the grid without rules and `repeat`.
    let major: Int
    /// The place among those that rules add, and `repeat`.
    let minor: Int
  }

  var candidates: [Candidate] = []
  var families: [TrialFamily] = []
  var ledger: Ledger
  var mistakes: MistakeCollector
  /// The paths that some trial has.
  private(set) var visited: Set<String> = []  // membership only, never iterated
  /// The settings of the first combination, to explain what applies to none.
  private(set) var example = SettingValue.null
  private(set) var isTooLarge = false
  /// Whether rules clash, so that not all combinations were gone through.
  private(set) var isConflicting = false
  /// The paths that some trial has where an axis or a layer of the file is in force, by its place.
  private(set) var visitedUnder: [SpotKey: Set<String>] = [:]  // looked up only, never iterated
  private var matched: Set<Int> = []  // membership only: the places of rules that held somewhere

  init(
    _ experiment: Experiment, _ index: Int, _ catalogue: Catalogue, budget: Int,
    mistakes: MistakeCollector
  ) {
    self.experiment = experiment
    self.catalogue = catalogue
    self.index = index
    self.budget = budget
    self.mistakes = mistakes
    subGrid = experiment.subGrids[index]
    exclusions = experiment.exclusions(of: subGrid)
    let conditions =
      exclusions.flatMap { experiment.exclusions[$0].conditions } + experiment.selection
    conditionsSeeRepeat = conditions.contains { $0.paths.contains("repeat") }
    hashPrefix = Array(
      "{\"defaults\":\(catalogue.frozenDefaults.version),\"seed\":\(experiment.seed),\"settings\":"
        .utf8)
    ledger = Ledger(exclusionCount: experiment.exclusions.count)
    ledger.product = subGrid.factors.map(\.writtenCount).reduce(1, *)
  }

  /// Expands the whole sub-grid, in the order of the file.
  mutating func expand() {
    expand(Combination(subGrid), pending: subGrid.rules)
    reportRulesThatNeverHold(subGrid.rules)
    let isOrdered = zip(candidates, candidates.dropFirst())
      .allSatisfy { ($0.major, $0.minor) < ($1.major, $1.minor) }
    if !isOrdered {
      candidates.sort { ($0.major, $0.minor) < ($1.major, $1.minor) }
    }
  }

  /// Fixes the factors that decide what applies, in all ways, and goes on with each.
  private mutating func expand(_ combination: Combination, pending: [Rule]) {
    let mentioned = pending.flatMap(\.conditions).flatMap(\.paths)
    let deciding = combination.factors.indices.filter { factor in
      !combination.isFixed[factor]
        && combination.factors[factor].axes.contains { axis in
          !axis.entry.isLeaf || mentioned.contains { $0.isRelated(to: axis.name) }
        }
    }
    var fixed = combination
    for factor in deciding { fixed.isFixed[factor] = true }
    repeat {
      guard !isTooLarge else { return }
      var resolver = Resolver(catalogue)
      let resolution = resolver.resolve(fixed.said)
      let holding = pending.filter { rule in
        rule.conditions.allSatisfy { $0.holds(in: resolution.settings) }
      }
      if holding.isEmpty {
        noteVisited(resolution.visited, fixed)
        if example == .null { example = resolution.settings }
        expandPlainFactors(of: fixed, resolution)
      } else {
        for rule in holding { matched.insert(rule.spot.span.lowerBound) }
        guard !mistakes.noteConflicts(of: holding, in: fixed) else {
          isConflicting = true
          return
        }
        expand(fixed.adding(holding), pending: holding.flatMap(\.rules))
      }
    } while advance(&fixed.rows, over: deciding, of: fixed.factors)
  }

  private mutating func noteVisited(_ paths: Set<String>, _ combination: Combination) {
    visited.formUnion(paths)
    for layer in combination.layers {
      visitedUnder[layer.place.spot.key, default: []].formUnion(paths)
    }
    for axis in combination.factors.flatMap(\.axes) where paths.contains(axis.name) {
      visitedUnder[axis.spot.key, default: []].insert(axis.name)
    }
  }

  /// Steps to the next combination of some factors; false after the last.
  private func advance(_ rows: inout [Int], over factors: [Int], of all: [Factor]) -> Bool {
    for factor in factors.reversed() {
      rows[factor] += 1
      if rows[factor] < all[factor].count { return true }
      rows[factor] = 0
    }
    return false
  }

  private mutating func reportRulesThatNeverHold(_ rules: [Rule]) {
    guard !isTooLarge, !isConflicting, experiment.amendments.isEmpty else { return }
    for rule in rules {
      if matched.contains(rule.spot.span.lowerBound) {
        reportRulesThatNeverHold(rule.rules)
      } else {
        mistakes.noteNeverHolds(rule)
      }
    }
  }
}

// MARK: - The trials of one family

extension Expander {
  private mutating func expandPlainFactors(of combination: Combination, _ resolution: Resolution) {
    let rows = representatives(of: combination, resolution)
    guard count(combination, rows, resolution) else { return }
    let plain = combination.factors.indices.filter { !combination.isFixed[$0] }
    var slots: [TrialFamily.Slot] = []
    var places: [String: Int] = [:]  // looked up only, never iterated
    for (place, factor) in plain.enumerated() {
      for axis in combination.factors[factor].axes where resolution.visited.contains(axis.name) {
        places[axis.name] = slots.count
        slots.append(TrialFamily.Slot(factor: place, axis: axis))
      }
    }
    let template = CanonicalTemplate(resolution.leaves) { path in
      places[path].map { (slots[$0].factor, slots[$0].axis) }
    }
    let family = TrialFamily(
      settings: resolution.settings, slots: slots, rows: plain.map { rows[$0] },
      template: template, combination: combination, plain: plain, seed: experiment.seed,
      applies: Set(resolution.visited), subGrid: index)
    let invalid = invalidRows(slots, places, resolution)
    let problems = resolution.problems.filter { problem in
      // The values of plain factors are judged one by one.
      guard case .invalid(let leaf) = problem else { return true }
      return places[leaf.path.joined(separator: ".")] == nil
    }
    visit(Visit(family, problems: problems, invalid: invalid, levels: subGrid.factors.count))
    families.append(family)
  }

  /// For each factor the rows that stand for themselves: the first of those that agree in all axes that
  /// apply.
  private func representatives(
    of combination: Combination, _ resolution: Resolution
  ) -> [[Int]] {
    combination.factors.enumerated().map { place, factor in
      let applying = factor.axes.filter { resolution.visited.contains($0.name) }
      if applying.isEmpty { return [0] }
      // Of a fixed factor only its own row is asked for.
      if combination.isFixed[place], applying.count == factor.axes.count {
        return [combination.rows[place]]
      }
      if applying.count == factor.axes.count { return Array(0..<factor.count) }
      var seen: Set<[SettingValue]> = []  // membership only, never iterated
      return (0..<factor.count).filter { row in
        seen.insert(applying.map { $0.values[row] }).inserted
      }
    }
  }

  /// Counts what the combinations of one family come down to; false where the family's fixed rows do
  /// not stand for themselves, so that another one has its trials, or where there are too many.
  private mutating func count(
    _ combination: Combination, _ representatives: [[Int]], _ resolution: Resolution
  ) -> Bool {
    let factors = combination.factors
    let written = factors.indices.map { factor in
      combination.isFixed[factor]
        ? factors[factor].multiplicities[combination.rows[factor]] : factors[factor].writtenCount
    }
    let distinct = factors.indices.map { combination.isFixed[$0] ? 1 : factors[$0].count }
    var total = ledger.combinations
    guard let all = Self.product(written), all <= budget - total else {
      isTooLarge = true
      return false
    }
    total += all
    ledger.combinations = total
    var before = 1
    for factor in factors.indices {
      let after = written[(factor + 1)...].reduce(1, *)
      ledger.addRepeated(factors[factor], before * (written[factor] - distinct[factor]) * after)
      before *= distinct[factor]
    }
    before = 1
    for factor in factors.indices {
      let after = distinct[(factor + 1)...].reduce(1, *)
      let standing = representatives[factor]
      let isFixed = combination.isFixed[factor]
      let kept = isFixed ? (standing.contains(combination.rows[factor]) ? 1 : 0) : standing.count
      let gone = before * (distinct[factor] - kept) * after
      if gone > 0,
        let axis = factors[factor].axes.first(where: { !resolution.visited.contains($0.name) })
      {
        let reason = axis.entry.applicability(in: resolution.settings) ?? "does not apply"
        ledger.addCollapsed(axis.name, reason, gone)
      }
      before *= kept
    }
    return before > 0
  }

  /// The product, nil where it does not fit.
  static func product(_ counts: [Int]) -> Int? {
    var product = 1
    for count in counts {
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  /// The rows whose value the settings in force do not take, for each slot; empty where all are taken.
  private func invalidRows(
    _ slots: [TrialFamily.Slot], _ places: [String: Int], _ resolution: Resolution
  ) -> [(leaf: Resolution.Leaf, flags: [Bool])?] {
    var invalid = [(leaf: Resolution.Leaf, flags: [Bool])?](repeating: nil, count: slots.count)
    for leaf in resolution.leaves {
      guard let slot = places[leaf.path.joined(separator: ".")] else { continue }
      let flags = slots[slot].axis.values.map { !leaf.setting.kind.accepts($0) }
      if flags.contains(true) { invalid[slot] = (leaf, flags) }
    }
    return invalid
  }
}
