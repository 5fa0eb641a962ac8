import Settings

extension Plan {
  /// Plans an experiment: for each grid the product of its factors, less what falls together or is
  /// excluded; then their union.
  ///
  /// - Throws: ``InvalidExperiment`` where the grids name more than ten million combinations, an axis
  ///   or setting applies to nothing, something is missing, a combination has no meaning, or no trial
  ///   is left.
  /// - Complexity: about 3 µs a trial; about 100 bytes while it plans, of which 40 are kept.
  public init(_ experiment: Experiment, catalogue: Catalogue) throws(InvalidExperiment) {
    var total = 0
    for subGrid in experiment.subGrids {
      guard let product = Expander.product(subGrid.factors.map(\.writtenCount)),
        product <= Expander.combinationLimit - total
      else { throw InvalidExperiment([Self.tooLarge(subGrid)], in: experiment.fileName) }
      total += product
    }
    var union = Union()
    var mistakes = MistakeCollector(catalogue)
    var expanders: [Expander] = []
    for index in experiment.subGrids.indices {
      let used = expanders.map(\.ledger.combinations).reduce(0, +)
      var expander = Expander(
        experiment, index, catalogue, budget: Expander.combinationLimit - used,
        mistakes: mistakes)
      expander.expand()
      guard !expander.isTooLarge else {
        throw InvalidExperiment(
          [Self.tooLarge(experiment.subGrids[index])], in: experiment.fileName)
      }
      mistakes = expander.mistakes
      union.add(&expander)
      expanders.append(expander)
    }
    mistakes.noteUnused(in: expanders, isChanged: !experiment.amendments.isEmpty)
    guard mistakes.all.isEmpty else {
      throw InvalidExperiment(mistakes.all, in: experiment.fileName)
    }
    guard !union.trials.isEmpty else {
      throw InvalidExperiment([Self.empty(experiment)], in: experiment.fileName)
    }
    let axes = UnionAxes(expanders, experiment, Vocabulary(catalogue))
    let columns = axes.columns(of: union.families)
    let trials = union.trials.map { candidate in
      let family = Int(candidate.family)
      return Trial(
        id: candidate.id, family: union.families[family], number: Int(candidate.number),
        columns: columns[family])
    }
    self.experiment = experiment
    self.axes = axes.axes
    self.trials = trials
    grids = Self.withoutRepeatedZeros(expanders.map { PlannedGrid($0) })
    others = union.others.map { other in
      let family = union.families[Int(other.family)]
      return (
        other.trial, columns[Int(other.family)].indices(family.digits(Int(other.number)))
      )
    }
    var hash = SHA256()
    for trial in trials {
      hash.update(trial.id.hexDigits)
    }
    digest = SHA256.hex(hash.finalize())
    tables = experiment.tables
    partialMetrics = Self.partialMetrics(
      experiment.metrics, of: trials, by: catalogue.availability)
    let mistakesInUse = metricsOfNoTrial() + settleTables()
    guard mistakesInUse.isEmpty || !experiment.amendments.isEmpty else {
      throw InvalidExperiment(mistakesInUse, in: experiment.fileName)
    }
  }

  /// An exclude that holds for all grids and takes nothing is told once, and only if it takes nothing
  /// anywhere.
  private static func withoutRepeatedZeros(_ grids: [PlannedGrid]) -> [PlannedGrid] {
    let effective = Set(grids.flatMap(\.reductions).filter { $0.count > 0 }.map(\.kind))
    var told: Set<Reduction.Kind> = []
    return grids.map { grid in
      grid.with(
        grid.reductions.filter { reduction in
          reduction.count > 0
            || (!effective.contains(reduction.kind) && told.insert(reduction.kind).inserted)
        })
    }
  }

  /// Reads and plans an experiment file; both kinds of mistakes are reported together where the first
  /// do not touch the grid.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - fileName: its name, for diagnostics.
  ///   - catalogue: what an experiment can say.
  ///   - files: the files that it may include.
  ///   - amendments: what the command line changes.
  public init(
    reading bytes: [UInt8], named fileName: String, catalogue: Catalogue,
    including files: IncludableFiles = .none, amendments: Amendments = Amendments()
  ) throws(InvalidExperiment) {
    var reader = ExperimentReader(
      bytes, named: fileName, catalogue: catalogue, including: files, amendments: amendments)
    let draft = reader.read()
    guard let experiment = draft.experiment else {
      throw InvalidExperiment(draft.diagnostics, in: fileName)
    }
    let plan: Plan
    do {
      plan = try Plan(experiment, catalogue: catalogue)
    } catch {
      throw InvalidExperiment(draft.diagnostics + error.diagnostics, in: fileName)
    }
    guard draft.diagnostics.isEmpty else {
      throw InvalidExperiment(draft.diagnostics, in: fileName)
    }
    self = plan
  }

  private static func tooLarge(_ subGrid: SubGrid) -> Diagnostic {
    let factors = subGrid.factors.map { "\($0.name) \(Words.grouped($0.writtenCount))" }
    let limit = Words.grouped(Expander.combinationLimit)
    let count = Expander.product(subGrid.factors.map(\.writtenCount))
    // Where the product itself is small, rules or other grids bring the rest.
    let words =
      switch count {
      case nil: "the grid names more than 10^18 combinations, and \(limit) is the most"
      case let count? where count > Expander.combinationLimit:
        "the grid names \(Words.grouped(count)) combinations, and \(limit) is the most"
      default: "with \"for\" and \"also\" there are more than \(limit) combinations"
      }
    return Diagnostic(
      .gridSize, subGrid.spot, words,
      expected: "fewer values: " + factors.joined(separator: " x "))
  }

  private static func empty(_ experiment: Experiment) -> Diagnostic {
    let isSelected = !experiment.selection.isEmpty
    return Diagnostic(
      .gridSize, experiment.subGrids[0].spot,
      isSelected
        ? "no trial is left: none is " + experiment.selection.map(\.words).joined(separator: ", ")
        : "no trial is left: every combination is excluded",
      remedy: isSelected ? "Ask for others with --only." : "Exclude less.")
  }
}

/// Numbers in words.
enum Words {
  /// A count with spaces between groups of three digits: `10 000 000`.
  static func grouped(_ count: Int) -> String {
    var digits = Array(String(count))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(" ", at: place)
      place -= 3
    }
    return String(digits)
  }
}

extension PlannedGrid {
  fileprivate init(_ expander: Expander) {
    let (subGrid, ledger) = (expander.subGrid, expander.ledger)
    name = subGrid.name
    factors = subGrid.plannedFactors
    productCount = ledger.product
    combinationCount = ledger.combinations
    reductions = ledger.reductions(of: subGrid, in: expander.experiment)
    trialCount = ledger.combinations - reductions.map(\.count).reduce(0, +)
  }
}

extension PlannedGrid {
  fileprivate func with(_ reductions: [Reduction]) -> PlannedGrid {
    PlannedGrid(
      name: name, factors: factors, productCount: productCount,
      combinationCount: combinationCount, reductions: reductions, trialCount: trialCount)
  }
}

extension SubGrid {
  fileprivate var plannedFactors: [PlannedGrid.Factor] {
    factors.dropLast().map { $0.planned(nil) } + rules.flatMap { $0.plannedFactors("") }
      + factors.suffix(1).map { $0.planned(nil) }
  }
}

extension Rule {
  fileprivate func plannedFactors(_ outer: String) -> [PlannedGrid.Factor] {
    let words = outer + conditions.map(\.words).joined(separator: ", ")
    return factors.map { $0.planned(words) } + rules.flatMap { $0.plannedFactors(words + ", ") }
  }
}

extension Factor {
  fileprivate func planned(_ condition: String?) -> PlannedGrid.Factor {
    PlannedGrid.Factor(
      name: name,
      axes: axes.map { axis in
        Axis(
          name: axis.name, settings: axis.values, unit: axis.entry.setting.unit,
          summary: axis.entry.setting.summary)
      }, count: count, condition: condition, isZip: zipName != nil)
  }
}
