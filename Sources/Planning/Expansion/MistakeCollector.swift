import Settings

/// The mistakes that show only when a grid is expanded, each once however many trials have it.
struct MistakeCollector {
  private let experiment: Experiment
  private let vocabulary: Vocabulary
  private var diagnostics: [Diagnostic] = []
  private var seen: Set<String> = []  // membership only, never iterated
  private var refusals: [RefusedCombinations] = []
  private var refusalIndices: [Refusal: Int] = [:]  // looked up only, never iterated

  /// The combinations that one refusal is about.
  private struct RefusedCombinations {
    let refusal: Refusal
    let digits: [Int]
    let words: String
    /// The axes that the refusal's settings come from.
    let axes: [Int]
    var values: [[Int]]
    var seen: Set<[Int]>  // membership only, never iterated
    var count: Int
  }

  init(_ experiment: Experiment, _ catalogue: Catalogue) {
    self.experiment = experiment
    vocabulary = Vocabulary(catalogue)
  }

  var grid: [GridAxis] { experiment.gridAxes }
  var base: JSONNode? { experiment.layout.base }
  var gridSpan: Range<Int> { experiment.layout.gridSpan }

  /// All that was noted.
  var all: [Diagnostic] { diagnostics + refusals.map(diagnostic) }

  /// Notes a mistake of a resolved trial.
  mutating func note(_ problem: Resolution.Problem, _ digits: [Int]) {
    switch problem {
    case .missing(let path, let setting):
      let place = locate(path, digits)
      report(
        .missing, place, "\(path) is not said", expected: setting.kind.expectation,
        remedy: "Write it in base or make it an axis.", once: "missing \(path)")
    case .invalid(let leaf):
      reportInvalid(leaf, leaf.value, digits)
    }
  }

  /// Notes a value of a plain axis that the setting in force does not take.
  mutating func noteInvalid(_ axis: Int, _ digits: [Int], _ resolution: Resolution) {
    let name = experiment.gridAxes[axis].axis.name
    let leaf = resolution.leaves.first { $0.path.joined(separator: ".") == name }
    guard let leaf else { return }
    reportInvalid(leaf, grid[axis].axis.settings[digits[axis]], digits)
  }

  private mutating func reportInvalid(
    _ leaf: Resolution.Leaf, _ value: SettingValue, _ digits: [Int]
  ) {
    let path = leaf.path.joined(separator: ".")
    let word = value.canonicalJSON
    let owner = leaf.owner.map { " with \($0)" } ?? ""
    report(
      .outOfRange, locate(path, digits), "\(word) is out of range for \(path)\(owner)",
      expected: leaf.setting.kind.expectation,
      remedy: leaf.owner.map { "Remove the value, or exclude it with \($0)." },
      once: "invalid \(path) \(word)\(owner)")
  }

  /// Notes an axis that applies to no trial.
  mutating func noteUnused(_ axis: GridAxis, reason: String?) {
    report(
      .unused, (axis.keySpan, axis.path),
      "no trial uses \(axis.axis.name)" + (reason.map { ": it \($0)" } ?? ""),
      remedy: "Remove the axis, or add what it applies to.", once: "axis \(axis.axis.name)")
  }

  /// Notes a value of base that applies to no trial.
  mutating func noteUnused(base path: String, _ settings: SettingValue) {
    let clause = vocabulary[path]?.applicability(in: settings)
    report(
      .unused, locate(path, nil),
      "no trial uses \(path)" + (clause.map { ": it \($0)" } ?? ""),
      remedy: "Remove it.", once: "base \(path)")
  }

  /// Notes a combination without meaning.
  mutating func note(_ refusal: Refusal, _ settings: SettingValue, _ digits: [Int]) {
    if let index = refusalIndices[refusal] {
      refusals[index].count += 1
      let values = refusals[index].axes.map { digits[$0] }
      if refusals[index].values.count < 100, refusals[index].seen.insert(values).inserted {
        refusals[index].values.append(values)
      }
      return
    }
    let axes = experiment.gridAxes.indices.filter { axis in
      let name = experiment.gridAxes[axis].axis.name
      return refusal.settings.contains { path in
        path == name || path.hasPrefix(name + ".") || name.hasPrefix(path + ".")
      }
    }
    let words = refusal.settings.compactMap { path in
      settings[path].map { "\(path) \(Self.word($0))" }
    }
    let values = axes.map { digits[$0] }
    refusalIndices[refusal] = refusals.count
    refusals.append(
      RefusedCombinations(
        refusal: refusal, digits: digits, words: words.joined(separator: ", "), axes: axes,
        values: [values], seen: [values], count: 1))
  }

  private static func word(_ value: SettingValue) -> String {
    if case .object = value, let type = value["type"] {
      Axis.label(type)
    } else {
      Axis.label(value)
    }
  }

  private func diagnostic(_ refused: RefusedCombinations) -> Diagnostic {
    let refusal = refused.refusal
    let place = locate(refusal.settings.first ?? "", refused.digits)
    let repeats = experiment.gridAxes[experiment.gridAxes.count - 1].axis.values.count
    let trials = refused.count * repeats
    let count = trials == 1 ? "1 trial" : "\(trials) trials"
    var remedy = refusal.remedy
    if let exclude = suggestedExclude(refused) {
      remedy += "\n  Or leave them out with \"exclude\": [\(exclude)]"
    }
    return Diagnostic(
      .refused, in: experiment.layout.source, at: place.span, path: place.path.description,
      "\(refused.words) has no meaning (\(count)): \(refusal.because)", remedy: remedy)
  }

  /// The exclude that removes just these combinations, nil where base alone makes them.
  private func suggestedExclude(_ refused: RefusedCombinations) -> String? {
    let grid = experiment.gridAxes
    let lists = refused.axes.indices.map { place in
      var list: [Int] = []
      for values in refused.values where !list.contains(values[place]) {
        list.append(values[place])
      }
      return list
    }
    // An axis all of whose values are refused need not be named, as long as one is.
    var named = refused.axes.indices.filter {
      lists[$0].count < grid[refused.axes[$0]].axis.values.count
    }
    if named.isEmpty { named = Array(refused.axes.indices.prefix(1)) }
    guard !named.isEmpty else { return nil }
    let isProduct = lists.map(\.count).reduce(1, *) == refused.values.count
    let choices = isProduct ? [lists] : refused.values.prefix(3).map { $0.map { [$0] } }
    let because = SettingValue.quoted(refused.refusal.because)
    return choices.map { choice in
      let conditions = named.map { place in
        let axis = grid[refused.axes[place]].axis
        let values = choice[place].map { index -> String in
          let value = axis.settings[index]
          let isBare = if case .object(let members) = value { members.count == 1 } else { false }
          return (isBare ? value["type"] ?? value : value).canonicalJSON
        }
        let text = values.count == 1 ? values[0] : "[" + values.joined(separator: ", ") + "]"
        return "\(SettingValue.quoted(axis.name)): \(text)"
      }
      return "{\"where\": {\(conditions.joined(separator: ", "))}, \"because\": \(because)}"
    }.joined(separator: ", ")
  }

  private mutating func report(
    _ kind: Diagnostic.Kind, _ place: (span: Range<Int>, path: JSONPath), _ message: String,
    expected: String? = nil, remedy: String? = nil, once key: String
  ) {
    guard seen.insert(key).inserted else { return }
    diagnostics.append(
      Diagnostic(
        kind, in: experiment.layout.source, at: place.span, path: place.path.description, message,
        expected: expected, remedy: remedy))
  }
}
