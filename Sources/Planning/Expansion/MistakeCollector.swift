import Settings

/// The mistakes that show only when a grid is expanded, each once however many trials have it.
struct MistakeCollector {
  private let vocabulary: Vocabulary
  private var diagnostics: [Diagnostic] = []
  private var seen: Set<String> = []  // membership only, never iterated
  private var refusals: [RefusedCombinations] = []
  private var refusalIndices: [RefusalKey: Int] = [:]  // looked up only, never iterated

  /// What is told once: a refusal, of one metric where it is about one.
  private struct RefusalKey: Hashable {
    let refusal: Refusal
    let metric: String?
  }

  init(_ catalogue: Catalogue) {
    vocabulary = Vocabulary(catalogue)
  }

  /// All that was noted.
  var all: [Diagnostic] { diagnostics + refusals.map(\.diagnostic) }

  /// Notes a mistake of a resolved trial.
  mutating func note(_ problem: Resolution.Problem, _ combination: @autoclosure () -> Combination) {
    switch problem {
    case .missing(let path, let setting):
      report(
        .missing, once: "missing \(path)", combination().spot(of: path), "\(path) is not said",
        expected: setting.kind.expectation, remedy: "Write it in base or make it an axis.")
    case .invalid(let leaf):
      noteInvalid(leaf, leaf.value, combination())
    }
  }

  /// Notes a value that the setting in force does not take.
  mutating func noteInvalid(
    _ leaf: Resolution.Leaf, _ value: SettingValue, _ combination: @autoclosure () -> Combination
  ) {
    let path = leaf.path.joined(separator: ".")
    let word = value.canonicalJSON
    let owner = leaf.owner.map { " with \($0)" } ?? ""
    report(
      .outOfRange, once: "invalid \(path) \(word)\(owner)", combination().spot(of: path),
      "\(word) is out of range for \(path)\(owner)", expected: leaf.setting.kind.expectation,
      remedy: leaf.owner.map { "Remove the value, or exclude it with \($0)." })
  }

  /// Notes a combination without meaning, or one for which a metric has none.
  mutating func note(
    _ refusal: Refusal, _ settings: SettingValue, _ combination: @autoclosure () -> Combination,
    trials: Int, of metric: (name: String, spot: Spot)? = nil
  ) {
    let key = RefusalKey(refusal: refusal, metric: metric?.name)
    if let index = refusalIndices[key] {
      refusals[index].add(combination(), trials: trials)
    } else {
      refusalIndices[key] = refusals.count
      refusals.append(
        RefusedCombinations(refusal, settings, combination(), trials: trials, of: metric))
    }
  }

  /// Notes what two rules both say of one combination, an axis at least one of them.
  ///
  /// - Parameters:
  ///   - rules: those that hold.
  ///   - combination: what they hold for, the axes of rules around them or beside those included.
  /// - Returns: whether there are any.
  mutating func noteConflicts(of rules: [Rule], in combination: Combination) -> Bool {
    // What stands around a rule was held against it when it was read, so that these are of others.
    let outer = combination.factors.flatMap(\.axes)
    var known: [String] = []
    var isConflicting = false
    for rule in rules {
      let axes = rule.factors.flatMap(\.axes)
      for axis in axes {
        let other =
          known.first { $0.isRelated(to: axis.name) }
          ?? outer.first { $0.clashes(with: axis) }?.name
        guard let other else { continue }
        isConflicting = true
        report(
          .conflict, once: "rules \(axis.spot)", axis.spot,
          other == axis.name
            ? "another entry of \"for\" brings \(other) to the same combinations"
            : "another entry of \"for\" sets \(other) for the same combinations",
          remedy: "Narrow the conditions, so that each combination meets one of them.")
      }
      known += axes.map(\.name)
    }
    return isConflicting
  }

  /// Notes a rule that no combination meets.
  mutating func noteNeverHolds(_ rule: Rule) {
    report(
      .unused, once: "rule \(rule.spot)", rule.spot,
      "no combination of the grid is " + rule.conditions.map(\.words).joined(separator: ", "),
      remedy: "Remove the entry, or add what it is for.")
  }

  /// Notes axes and settings that no trial has.
  ///
  /// - Parameter isChanged: whether the command line changes the experiment: it may have left parts of the
  ///   file without use, and only what it says itself is then judged.
  mutating func noteUnused(in expanders: [Expander], isChanged: Bool) {
    // What is missing may be what the others apply to.
    guard !diagnostics.contains(where: { $0.kind == .missing }) else { return }
    func isJudged(_ source: SourceText) -> Bool { !isChanged || source.name == "--set" }
    // Where rules clash, what comes after them was not looked at.
    guard !expanders.contains(where: \.isConflicting) else { return }
    for expander in expanders where !expander.visited.isEmpty {
      for axis in expander.subGrid.allFactors.flatMap(\.axes)
      where expander.visitedUnder[axis.spot.key] == nil && isJudged(axis.spot.source) {
        let reason = axis.entry.applicability(in: expander.example)
        report(
          .unused, once: "axis \(axis.spot)", axis.spot,
          "no trial uses \(axis.name)" + (reason.map { ": it \($0)" } ?? ""),
          remedy: "Remove the axis, or add what it applies to.")
      }
    }
    // A layer under several grids is used where any of them uses it, and judged once.
    let visited = expanders.reduce(into: [SpotKey: Set<String>]()) { all, expander in
      all.merge(expander.visitedUnder) { $0.union($1) }
    }
    var judged: Set<SpotKey> = []  // membership only, never iterated
    for expander in expanders where !expander.visited.isEmpty {
      let subGrid = expander.subGrid
      for layer in subGrid.layers + subGrid.rules.flatMap(\.allLayers)
      where !layer.isIncluded && isJudged(layer.place.source) {
        let key = layer.place.spot.key
        guard let visited = visited[key] else { continue }  // of a rule that never holds
        guard judged.insert(key).inserted else { continue }
        for path in layer.settings.leafPaths() where !path.isEmpty && !visited.contains(path) {
          let clause = vocabulary[path]?.applicability(in: expander.example)
          let names = path.split(separator: ".").map(String.init)[...]
          report(
            .unused, once: "setting \(path) \(layer.place.spot)",
            layer.place.spot(at: names) ?? layer.place.start,
            "no trial uses \(path)" + (clause.map { ": it \($0)" } ?? ""), remedy: "Remove it.")
        }
      }
    }
  }

  private mutating func report(
    _ kind: Diagnostic.Kind, once key: String, _ spot: @autoclosure () -> Spot, _ message: String,
    expected: String? = nil, remedy: String? = nil
  ) {
    guard seen.insert(key).inserted else { return }
    diagnostics.append(
      Diagnostic(kind, spot(), message, expected: expected, remedy: remedy))
  }
}
