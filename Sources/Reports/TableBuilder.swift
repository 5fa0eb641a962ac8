import Planning
import Results

extension Table {
  /// The table that an experiment file asks for, made of the trials that ran.
  ///
  /// Trials are sorted into cells by the two axes; hyper-parameters are selected in each cell; the
  /// statistic is taken over what remains. An axis that would be mixed in a cell parts the rows
  /// further; one that row and column decide does not. Trials that an axis of the table does not apply to stand in a row or column of their own.
  /// Failed and waiting trials are counted and footnoted, never hidden.
  ///
  /// - Parameters:
  ///   - specification: what to show.
  ///   - trials: what the table is made of.
  ///   - experiment: the experiment's title, the caption of a table that has none of its own.
  /// - Complexity: proportional to the number of trials.
  public init(
    _ specification: TableSpecification, of trials: Trials, experiment: String? = nil
  ) {
    self.init(TableRequest(specification, experiment: experiment), of: trials)
  }

  /// The table of an experiment that asks for none: losses by dimensions where these vary, else the
  /// first axes that do, all further ones parting the rows.
  ///
  /// - Parameters:
  ///   - trials: what the table is made of.
  ///   - title: the caption.
  ///   - value: the metric in the cells, usually the experiment's first.
  /// - Returns: the table, nothing in it marked as best.
  public static func standard(of trials: Trials, title: String, value: String) -> Table {
    Table(TableRequest(standardFor: trials, title: title, value: value), of: trials)
  }

  private init(_ request: TableRequest, of trials: Trials) {
    var builder = TableBuilder(request, trials)
    builder.sortTrials()
    self = builder.table()
    markBest()
    addFootnotes()
  }
}

/// The steps from trials to a table.
private struct TableBuilder {
  private let request: TableRequest
  private let trials: Trials
  private let rows: Table.Heading
  private let columns: Table.Heading
  /// The trials of each cell, row-major.
  private var buckets: [CellTrials]

  init(_ request: TableRequest, _ trials: Trials) {
    let sides = [request.rows] + (request.columns.map { [$0] } ?? [])
    let trials = trials.withAxes(of: sides)
    let records = trials.records.filter { $0.facts.meet(request.conditions) }
    let waiting = trials.waiting.filter { $0.facts.meet(request.conditions) }
    let facts = records.map(\.facts) + waiting.map(\.facts)
    let settled = sides + [Trials.repeatAxis] + (request.select?.over ?? [])
    let further = trials.varyingAxes.filter { name in
      !settled.contains(name) && Self.isMixed(name, inCellsOf: sides, facts)
    }
    self.request = request
    self.trials = Trials(axes: trials.axes, records: records, waiting: waiting)
    rows = Table.Heading(
      [request.rows] + further, of: trials.axes, occurringIn: facts, otherwise: request.rows)
    columns = Table.Heading(
      request.columns.map { [$0] } ?? [], of: trials.axes, occurringIn: facts,
      otherwise: request.value)
    buckets = Array(repeating: CellTrials(), count: rows.values.count * columns.values.count)
  }

  /// Whether trials of one cell differ on an axis; what the row and the column of a trial decide does not.
  private static func isMixed(
    _ name: String, inCellsOf sides: [String], _ facts: [TrialFacts]
  ) -> Bool {
    var known: [[AxisValue?]: AxisValue] = [:]  // looked up only, never iterated
    for trial in facts {
      guard let value = trial.axis(name) else { continue }
      let cell = trial.values(on: sides)
      if let other = known[cell], other != value { return true }
      known[cell] = value
    }
    return false
  }

  /// Puts every trial into its cell.
  mutating func sortTrials() {
    let rowOf = rows.positions
    let columnOf = columns.positions
    func bucket(_ facts: TrialFacts) -> Int? {
      guard let row = rowOf[facts.values(on: rows.axes)],
        let column = columnOf[facts.values(on: columns.axes)]
      else { return nil }
      return row * columns.values.count + column
    }
    for record in trials.records {
      if let index = bucket(record.facts) { buckets[index].records.append(record) }
    }
    for trial in trials.waiting {
      if let index = bucket(trial.facts) { buckets[index].waiting.append(trial.facts) }
    }
  }

  /// The table without its marks and footnotes.
  func table() -> Table {
    let choices = buckets.map { bucket in
      request.select.map { Selection($0).choose(in: bucket) } ?? Selection.Choice(trials: bucket)
    }
    let cells = choices.map { choice in
      Table.Cell(
        sample: Sample(choice.trials.completed.compactMap { $0.quantity(request.value) }),
        failures: choice.trials.failures, waiting: choice.trials.waiting.count,
        selected: choice.selected)
    }
    let remarks = SelectionRemarks(
      selection: request.select, rows: rows, columns: columns, choices: choices)
    return Table(
      name: request.name, title: request.title, value: request.value, unit: unit,
      statistic: request.statistic, best: request.best, rows: rows, columns: columns,
      cells: split(cells), usualCount: Self.usual(cells.map(\.trialCount)), remarks: remarks.lines)
  }

  private func split(_ cells: [Table.Cell]) -> [[Table.Cell]] {
    let width = columns.values.count
    return rows.values.indices.map { Array(cells[($0 * width)..<(($0 + 1) * width)]) }
  }

  private var unit: String {
    let metrics = trials.records.compactMap { record in
      record.metrics.first { $0.name == request.value }
    }
    guard metrics.isEmpty else { return Metric.commonUnit(of: metrics) }
    return request.value.hasPrefix("seconds") ? "s" : "1"
  }

  /// The most frequent of some counts, the larger of two equally frequent; zeros do not vote.
  private static func usual(_ counts: [Int]) -> Int {
    var votes: [Int: Int] = [:]
    for count in counts where count > 0 { votes[count, default: 0] += 1 }
    return votes.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }
}

extension Table.Cell {
  /// How many trials the cell stands for, run or not.
  var trialCount: Int { sample.count + failedCount + waiting }

  /// How many trials ran and did not complete.
  var failedCount: Int { failures.reduce(0) { $0 + $1.count } }
}
