import Planning
import Results

extension Table {
  /// Marks the best cells of each column (of each row where the losses stand across).
  ///
  /// Only cells that all planned trials support compete: an average over survivors is not comparable.
  /// Nothing is marked where further axes part the rows, for these need not be comparable.
  /// Cells that read the same as the best at the coarser of the two precisions are as good as it.
  mutating func markBest() {
    guard best != nil, rows.axes.count < 2 else { return }
    let lines =
      comparesAlongRows
      ? rows.values.indices.map { row in columns.values.indices.map { (row, $0) } }
      : columns.values.indices.map { column in rows.values.indices.map { ($0, column) } }
    for line in lines {
      let competing = line.filter { isComplete(cells[$0.0][$0.1]) }
      guard competing.count > 1, let winner = winner(among: competing) else { continue }
      for (row, column) in competing where readsTheSame(cells[row][column], winner) {
        cells[row][column].isBest = true
      }
    }
  }

  private func isComplete(_ cell: Cell) -> Bool {
    cell.failures.isEmpty && cell.waiting == 0 && centre(of: cell) != nil
  }

  private func winner(among places: [(Int, Int)]) -> Cell? {
    places.map { cells[$0.0][$0.1] }.min { one, other in
      guard let a = centre(of: one), let b = centre(of: other) else { return false }
      return best == .highest ? a > b : a < b
    }
  }

  private func readsTheSame(_ cell: Cell, _ winner: Cell) -> Bool {
    guard let a = centre(of: cell), let b = centre(of: winner),
      let one = estimate(of: cell), let other = estimate(of: winner)
    else { return false }
    guard let digits = DecimalDigits(a), let best = DecimalDigits(b) else { return a == b }
    // Zero without a spread is exact: the whole digit that it is written with says nothing of it.
    let places = [(digits, one), (best, other)].compactMap { $0.isZero ? nil : $1.place }
    guard let place = places.max() else { return true }
    return digits.rounded(to: place) == best.rounded(to: place)
  }

  /// Writes what is unusual about cells into footnotes, equal texts once.
  mutating func addFootnotes() {
    for row in cells.indices {
      for column in cells[row].indices {
        for text in notes(of: cells[row][column]) {
          let index = footnotes.firstIndex(of: text) ?? footnotes.count
          if index == footnotes.count { footnotes.append(text) }
          cells[row][column].notes.append(index)
        }
      }
    }
  }

  private func notes(of cell: Cell) -> [String] {
    let total = cell.trialCount
    if cell.waiting > 0 && cell.waiting == total { return ["not run"] }
    var clauses = cell.failures.map { "\($0.count) of \(total) \($0.status.words)" }
    if cell.waiting > 0 { clauses.append("\(cell.waiting) of \(total) not run") }
    if clauses.isEmpty && total > 0 && total != usualCount { clauses.append("n = \(total)") }
    return clauses.isEmpty ? [] : [clauses.joined(separator: ", ")]
  }
}

extension Status {
  /// How trials ended, as the end of a sentence.
  fileprivate var words: String {
    switch self {
    case .completed: "completed"
    case .diverged: "diverged"
    case .failed: "failed"
    case .timedOut: "timed out"
    case .outOfMemory: "ran out of memory"
    case .crashed: "crashed"
    }
  }
}
