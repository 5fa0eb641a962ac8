import Settings

extension Plan {
  /// Plans an experiment: the product of its axes over base, less what falls together or is excluded.
  ///
  /// - Throws: ``InvalidExperiment`` where the grid names more than ten million combinations, an axis
  ///   or setting applies to nothing, something is missing, a combination has no meaning, or no trial
  ///   is left.
  /// - Complexity: about 4 µs a trial.
  public init(_ experiment: Experiment, catalogue: Catalogue) throws(InvalidExperiment) {
    let written = experiment.gridAxes.map { $0.multiplicities.reduce(0, +) }
    var combinationCount = 1
    for count in written {
      let (product, overflow) = combinationCount.multipliedReportingOverflow(by: count)
      guard !overflow, product <= Expander.combinationLimit else {
        throw InvalidExperiment([Self.tooLarge(experiment, written)])
      }
      combinationCount = product
    }
    var expander = Expander(experiment, catalogue)
    expander.expand()
    let mistakes = expander.mistakes.all
    guard mistakes.isEmpty else { throw InvalidExperiment(mistakes) }
    let (trials, cells, duplicates) = expander.collected()
    guard !trials.isEmpty else { throw InvalidExperiment([Self.empty(experiment)]) }
    self.experiment = experiment
    axes = experiment.axes
    self.trials = trials
    self.cells = cells
    self.combinationCount = combinationCount
    reductions =
      Self.repeatedValues(experiment, written) + expander.reductions(duplicates: duplicates)
    var hash = SHA256()
    for trial in trials {
      hash.update(trial.id.hexDigits)
    }
    digest = SHA256.hex(hash.finalize())
  }

  /// Reads and plans an experiment file; both kinds of mistakes are reported together where the first
  /// do not touch the grid.
  public init(
    reading bytes: [UInt8], named fileName: String, catalogue: Catalogue
  ) throws(InvalidExperiment) {
    var reader = ExperimentReader(bytes, named: fileName, catalogue: catalogue)
    let draft = reader.read()
    guard let experiment = draft.experiment else { throw InvalidExperiment(draft.diagnostics) }
    let plan: Plan
    do {
      plan = try Plan(experiment, catalogue: catalogue)
    } catch {
      throw InvalidExperiment(draft.diagnostics + error.diagnostics)
    }
    guard draft.diagnostics.isEmpty else { throw InvalidExperiment(draft.diagnostics) }
    self = plan
  }

  /// Combinations that differ in the copies of a value listed more than once.
  private static func repeatedValues(_ experiment: Experiment, _ written: [Int]) -> [Reduction] {
    var reductions: [Reduction] = []
    var before = 1  // the product of the distinct values of the axes so far
    for (index, axis) in experiment.gridAxes.enumerated() {
      let unique = axis.axis.values.count
      if written[index] > unique {
        let after = written[(index + 1)...].reduce(1, *)
        let copies = written[index] - unique
        let words = copies == 1 ? "1 value" : "\(copies) values"
        reductions.append(
          Reduction(
            .repeatedValue(axis: axis.axis.name),
            reason: "\(axis.axis.name) has \(words) more than once",
            count: before * copies * after))
      }
      before *= unique
    }
    return reductions
  }

  private static func tooLarge(_ experiment: Experiment, _ written: [Int]) -> Diagnostic {
    let factors = zip(experiment.gridAxes, written).map { "\($0.axis.name) \($1)" }
    return Diagnostic(
      .gridSize, in: experiment.layout.source, at: experiment.layout.gridSpan, path: "grid",
      "the grid names more than \(Expander.combinationLimit) combinations",
      expected: "fewer values: " + factors.joined(separator: " x "))
  }

  private static func empty(_ experiment: Experiment) -> Diagnostic {
    Diagnostic(
      .gridSize, in: experiment.layout.source, at: experiment.layout.gridSpan, path: "grid",
      "no trial is left: every combination is excluded", remedy: "Exclude less.")
  }
}

extension Expander {
  /// The trials in the order of the grid, the trial of each combination, and how many fell together
  /// because they say the same in other words.
  func collected() -> (trials: [Trial], cells: [Int32], duplicates: Int) {
    var ordered = candidates
    if zip(ordered, ordered.dropFirst()).contains(where: { $0.combination > $1.combination }) {
      ordered.sort { $0.combination < $1.combination }
    }
    var trials: [Trial] = []
    trials.reserveCapacity(ordered.count)
    var indices: [TrialID: Int32] = Dictionary(minimumCapacity: ordered.count)  // looked up only
    var cells = [Int32](repeating: -1, count: sources.count)
    for candidate in ordered {
      let next = Int32(trials.count)
      let index = indices[candidate.trial.id] ?? next
      if index == next {
        indices[candidate.trial.id] = next
        trials.append(candidate.trial)
      }
      cells[candidate.combination] = index
    }
    // A combination that fell together with another comes after it.
    for (combination, source) in sources.enumerated() where source >= 0 && source != combination {
      cells[combination] = cells[Int(source)]
    }
    return (trials, cells, ordered.count - trials.count)
  }

  /// What removed combinations of distinct values, axis by axis, then exclude by exclude.
  func reductions(duplicates: Int) -> [Reduction] {
    var reductions: [Reduction] = []
    for (axis, reasons) in zip(grid, collapses) {
      for (reason, count) in reasons where count > 0 {
        reductions.append(
          Reduction(
            .doesNotApply(axis: axis.axis.name), reason: "\(axis.axis.name) \(reason)", count: count
          ))
      }
    }
    if duplicates > 0 {
      reductions.append(
        Reduction(.duplicate, reason: "the same trial in other words", count: duplicates))
    }
    for (index, count) in excludedCounts.enumerated() {
      reductions.append(
        Reduction(.excluded(index), reason: experiment.exclusions[index].reason, count: count))
    }
    return reductions
  }
}
