import Planning
import Results

/// The choice of hyper-parameters in one cell, as papers do it: on validation data, before the cell's
/// statistic is taken.
///
/// For each combination of the axes the metric is averaged over its completed trials; the combination
/// with the best average is kept. One with failed trials is kept only where every one has some: its
/// average would be one of survivors.
struct Selection {
  /// What was chosen in one cell.
  struct Choice {
    /// The trials of the chosen combination; all of the cell where there was nothing to choose by.
    var trials: CellTrials
    /// The chosen values, axes that do not apply among them.
    var selected: [AxisEntry] = []
    /// How many combinations there were.
    var candidateCount = 1
    /// How many trials of the other combinations did not complete.
    var failuresElsewhere = 0
    /// How many trials of the other combinations have not run.
    var waitingElsewhere = 0
    /// Whether no combination had the metric, so that none could be chosen.
    var isUndecided = false
  }

  private let over: [String]
  private let metric: String
  private let best: TableSpecification.Direction

  init(_ selection: TableSpecification.Selection) {
    over = selection.over
    metric = selection.by
    best = selection.best
  }

  /// The best combination of a cell's trials; of equally good ones the first in the plan.
  func choose(in cell: CellTrials) -> Choice {
    let groups = cell.grouped(by: over)
    guard !cell.completed.isEmpty else { return Choice(trials: cell) }
    guard groups.count > 1 else {
      return Choice(trials: cell, selected: entries(groups.first?.values ?? []))
    }
    let hasCleanGroup = groups.contains { average($0.trials) != nil && $0.trials.failures.isEmpty }
    var chosen: (index: Int, average: Double)?
    for (index, group) in groups.enumerated() {
      guard let average = average(group.trials) else { continue }
      if hasCleanGroup && !group.trials.failures.isEmpty { continue }
      if chosen.map({ isBetter(average, than: $0.average) }) ?? true { chosen = (index, average) }
    }
    guard let chosen else {
      return Choice(
        trials: CellTrials(
          records: cell.records.filter { $0.outcome.status != .completed },
          waiting: cell.waiting), candidateCount: groups.count, isUndecided: true)
    }
    let kept = groups[chosen.index]
    let failed = cell.failures.reduce(0) { $0 + $1.count }
    return Choice(
      trials: kept.trials, selected: entries(kept.values), candidateCount: groups.count,
      failuresElsewhere: failed - kept.trials.failures.reduce(0) { $0 + $1.count },
      waitingElsewhere: cell.waiting.count - kept.trials.waiting.count)
  }

  private func average(_ trials: CellTrials) -> Double? {
    Sample(trials.completed.compactMap { $0.quantity(metric) }).mean
  }

  private func isBetter(_ one: Double, than other: Double) -> Bool {
    best == .lowest ? one < other : one > other
  }

  private func entries(_ values: [AxisValue?]) -> [AxisEntry] {
    zip(over, values).map { AxisEntry($0, $1) }
  }
}

/// What a table says about its selection: the rule, then a line for each row where there was a choice.
struct SelectionRemarks {
  let selection: TableSpecification.Selection?
  let rows: Table.Heading
  let columns: Table.Heading
  /// The choices of the cells, row-major.
  let choices: [Selection.Choice]

  /// The lines, none where nothing was selected.
  var lines: [String] {
    guard let selection, choices.contains(where: { $0.candidateCount > 1 }) else { return [] }
    let axes = selection.over.joined(separator: ", ")
    var lines = ["\(axes) selected by the \(selection.best.rawValue) mean \(selection.by):"]
    for (row, label) in rows.labels.enumerated() {
      if let choices = choicesText(row: row) { lines.append("\(label): \(choices)") }
    }
    let failures = choices.reduce(0) { $0 + $1.failuresElsewhere }
    if failures > 0 { lines.append("not selected: \(Self.trials(failures)) that did not complete") }
    let waiting = choices.reduce(0) { $0 + $1.waitingElsewhere }
    if waiting > 0 { lines.append("not selected: \(Self.trials(waiting)) that did not run") }
    return lines
  }

  private static func trials(_ count: Int) -> String {
    count == 1 ? "1 trial" : "\(count) trials"
  }

  /// One row's choices, each with the columns it was made in unless it is the same in all:
  /// `sigma 0.1 (dimension 2, 4); sigma 0.3 (dimension 8)`.
  private func choicesText(row: Int) -> String? {
    var texts: [String] = []
    var columnsOf: [[String]] = []
    for (column, label) in columns.labels.enumerated() {
      let choice = choices[row * columns.labels.count + column]
      guard choice.candidateCount > 1 else { continue }
      let text = Self.text(choice)
      if let index = texts.firstIndex(of: text) {
        columnsOf[index].append(label)
      } else {
        texts.append(text)
        columnsOf.append([label])
      }
    }
    guard !texts.isEmpty else { return nil }
    guard texts.count > 1 || columnsOf[0].count < columns.labels.count else { return texts[0] }
    return zip(texts, columnsOf)
      .map { "\($0) (\(columns.title) \($1.joined(separator: ", ")))" }.joined(separator: "; ")
  }

  private static func text(_ choice: Selection.Choice) -> String {
    guard !choice.isUndecided else { return "nothing to choose by" }
    let values = choice.selected.compactMap { entry in
      entry.value.map { "\(entry.name) \($0)" }
    }
    return values.isEmpty ? "none of them" : values.joined(separator: ", ")
  }
}
