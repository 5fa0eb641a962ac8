import Settings

/// Expands the grid of an experiment into trials, reductions and mistakes.
///
/// Axes that decide which settings apply (losses, models, types) are expanded first; for each of their
/// combinations the settings are resolved once, and the plain axes (numbers, words) only fill gaps.
struct Expander {
  /// The most combinations that a grid may name.
  static let combinationLimit = 10_000_000

  let experiment: Experiment
  let catalogue: Catalogue
  let grid: [GridAxis]
  /// How many values each axis has.
  let counts: [Int]
  /// How far apart in the row-major order neighbouring values of each axis are.
  let strides: [Int]
  /// The plain axis of a path.
  private let slots: [String: Int]  // looked up only, never iterated
  /// The names on the path of each axis.
  let paths: [ArraySlice<String>]
  /// The canonical text of each value of each axis.
  private let texts: [[[UInt8]]]
  private let hashPrefix: [UInt8]

  /// A trial and the combination that it came from.
  struct Candidate {
    let combination: Int
    let trial: Trial
  }

  var candidates: [Candidate] = []
  /// For each combination the one that it fell together with (itself for most), -1 where excluded.
  private(set) var sources: [Int32]
  /// Why combinations fell together, for each axis: clauses in the order found, with counts.
  private(set) var collapses: [[(reason: String, count: Int)]]
  private(set) var excludedCounts: [Int]
  private var usedAxes: [Bool]
  /// The settings of the first combination, to explain what applies to none.
  private var example = SettingValue.null
  private var visited: Set<String> = []  // membership only, never iterated
  var mistakes: MistakeCollector

  init(_ experiment: Experiment, _ catalogue: Catalogue) {
    self.experiment = experiment
    self.catalogue = catalogue
    grid = experiment.gridAxes
    counts = grid.map(\.axis.values.count)
    var strides = [Int](repeating: 1, count: counts.count)
    for axis in counts.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * counts[axis + 1]
    }
    self.strides = strides
    paths = grid.map { $0.axis.name.split(separator: ".").map(String.init)[...] }
    var slots: [String: Int] = [:]
    for (index, axis) in grid.enumerated() where axis.entry.isLeaf {
      slots[axis.axis.name] = index
    }
    self.slots = slots
    texts = grid.map { $0.axis.settings.map { Array($0.canonicalJSON.utf8) } }
    hashPrefix = Array(
      "{\"defaults\":\(catalogue.frozenDefaults.version),\"seed\":\(experiment.seed),\"settings\":"
        .utf8)
    sources = (0..<Int32(counts.reduce(1, *))).map { $0 }
    collapses = Array(repeating: [], count: grid.count)
    excludedCounts = [Int](repeating: 0, count: experiment.exclusions.count)
    usedAxes = [Bool](repeating: false, count: grid.count)
    mistakes = MistakeCollector(experiment, catalogue)
  }

  /// Expands the whole grid.
  mutating func expand() {
    let structural = grid.indices.filter { !grid[$0].entry.isLeaf }
    // The more specific of two axes is laid over the other.
    let overlayOrder = structural.sorted { (paths[$0].count, $0) < (paths[$1].count, $1) }
    var digits = [Int](repeating: 0, count: grid.count)
    repeat {
      expandPlainAxes(structural: structural, overlayOrder: overlayOrder, digits)
    } while advance(&digits, over: structural)
    reportUnused()
  }

  /// Steps to the next combination of some axes; false after the last.
  private func advance(_ digits: inout [Int], over axes: [Int]) -> Bool {
    for axis in axes.reversed() {
      digits[axis] += 1
      if digits[axis] < counts[axis] { return true }
      digits[axis] = 0
    }
    return false
  }
}

// MARK: - One combination of the structural axes

extension Expander {
  private mutating func expandPlainAxes(
    structural: [Int], overlayOrder: [Int], _ outer: [Int]
  ) {
    let plain = grid.indices.filter { grid[$0].entry.isLeaf }
    var said = experiment.base
    for axis in overlayOrder {
      said.overlay(grid[axis].axis.settings[outer[axis]], at: paths[axis])
    }
    for axis in plain {
      said.overlay(grid[axis].axis.settings[0], at: paths[axis])
    }
    var resolver = Resolver(catalogue)
    let resolution = resolver.resolve(said)
    visited.formUnion(resolution.visited)
    if example == .null { example = resolution.settings }
    let applies = grid.map { resolution.visited.contains($0.axis.name) }
    for axis in grid.indices where applies[axis] { usedAxes[axis] = true }
    let varying = plain.filter { applies[$0] }
    let template = CanonicalTemplate(resolution.leaves) { path in
      slots[path].map { ($0, grid[$0].axis.settings) }
    }
    var block = Block(
      resolution: resolution, template: template, applies: applies, varying: varying,
      invalid: invalidValues(varying, resolution),
      reasons: Array(repeating: 0, count: grid.count))
    for axis in grid.indices where !applies[axis] {
      block.reasons[axis] = reasonIndex(axis, resolution.settings)
    }
    block.settings = Array(repeating: resolution.settings, count: varying.count + 1)
    block.changed = 0

    var digits = outer
    repeat {
      visit(digits, &block)
    } while step(&digits, plain: plain, &block)
  }

  /// What the trials of one combination of structural axes share.
  private struct Block {
    let resolution: Resolution
    let template: CanonicalTemplate
    let applies: [Bool]
    /// The plain axes that apply.
    let varying: [Int]
    /// The values that the settings in force do not take, for each axis; empty where all are taken.
    let invalid: [[Bool]]
    /// Why each axis that does not apply does not: an index into its `collapses`.
    var reasons: [Int]
    /// The settings after the first k of the varying axes are set, so that only changes are redone.
    var settings: [SettingValue] = []
    /// The first varying axis whose value is not yet in `settings`.
    var changed = 0
  }

  private func step(_ digits: inout [Int], plain: [Int], _ block: inout Block) -> Bool {
    for axis in plain.reversed() {
      digits[axis] += 1
      if let place = block.varying.firstIndex(of: axis) {
        block.changed = min(block.changed, place)
      }
      if digits[axis] < counts[axis] { return true }
      digits[axis] = 0
    }
    return false
  }

  private mutating func reasonIndex(_ axis: Int, _ settings: SettingValue) -> Int {
    let entry = grid[axis].entry
    let reason = entry.applicability(in: settings) ?? "does not apply"
    if let index = collapses[axis].firstIndex(where: { $0.reason == reason }) { return index }
    collapses[axis].append((reason, 0))
    return collapses[axis].count - 1
  }

  private func invalidValues(_ varying: [Int], _ resolution: Resolution) -> [[Bool]] {
    var invalid = [[Bool]](repeating: [], count: grid.count)
    for leaf in resolution.leaves {
      guard let axis = slots[leaf.path.joined(separator: ".")], varying.contains(axis) else {
        continue
      }
      let flags = grid[axis].axis.settings.map { !leaf.setting.kind.accepts($0) }
      if flags.contains(true) { invalid[axis] = flags }
    }
    return invalid
  }

  private mutating func visit(_ digits: [Int], _ block: inout Block) {
    var combination = 0
    var source = 0
    var collapsed: Int?
    for axis in digits.indices {
      combination += digits[axis] * strides[axis]
      if block.applies[axis] {
        source += digits[axis] * strides[axis]
      } else if digits[axis] != 0 {
        collapsed = collapsed ?? axis
      }
    }
    if let collapsed {
      collapses[collapsed][block.reasons[collapsed]].count += 1
      sources[combination] = Int32(source)
      return
    }
    for place in block.changed..<block.varying.count {
      let axis = block.varying[place]
      var settings = block.settings[place]
      settings.set(paths[axis], to: grid[axis].axis.settings[digits[axis]])
      block.settings[place + 1] = settings
    }
    block.changed = block.varying.count
    let settings = block.settings[block.varying.count]
    if let index = experiment.exclusions.firstIndex(where: { $0.matches(settings) }) {
      excludedCounts[index] += 1
      sources[combination] = -1
      return
    }
    guard isSound(settings, digits, block) else { return }
    candidates.append(
      Candidate(combination: combination, trial: trial(settings, digits, block)))
  }

  /// Whether a trial has a meaning; what it has wrong is noted.
  private mutating func isSound(
    _ settings: SettingValue, _ digits: [Int], _ block: Block
  ) -> Bool {
    var isSound = true
    for problem in block.resolution.problems {
      // The values of plain axes are judged one by one below.
      if case .invalid(let leaf) = problem, slots[leaf.path.joined(separator: ".")] != nil {
        continue
      }
      mistakes.note(problem, digits)
      isSound = false
    }
    for axis in block.varying where !block.invalid[axis].isEmpty {
      guard block.invalid[axis][digits[axis]] else { continue }
      mistakes.noteInvalid(axis, digits, block.resolution)
      isSound = false
    }
    // No rule depends on `repeat`, the last axis.
    if isSound && digits[digits.count - 1] == 0 {
      for rule in catalogue.rules {
        guard let refusal = rule(settings) else { continue }
        mistakes.note(refusal, settings, digits)
      }
    }
    return isSound
  }

  private func trial(_ settings: SettingValue, _ digits: [Int], _ block: Block) -> Trial {
    var text = hashPrefix
    block.template.append(to: &text, digits: digits, texts: texts)
    let canonical = String(decoding: text[hashPrefix.count...], as: UTF8.self)
    text.append(UInt8(ascii: "}"))
    var hash = SHA256()
    hash.update(text)
    let values = grid.indices.map { axis in
      block.applies[axis] ? grid[axis].axis.values[digits[axis]] : nil
    }
    return Trial(
      id: TrialID(hash.finalizeWords()), settings: settings, axisValues: values,
      canonical: canonical, experimentSeed: experiment.seed)
  }

  private mutating func reportUnused() {
    for axis in grid.indices where !usedAxes[axis] {
      mistakes.noteUnused(grid[axis], reason: collapses[axis].first?.reason)
    }
    for path in experiment.base.leafPaths() where !path.isEmpty && !visited.contains(path) {
      mistakes.noteUnused(base: path, example)
    }
  }
}
