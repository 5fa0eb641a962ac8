extension Table {
  /// The table in aligned columns: the caption, what it says, the cells, the footnotes.
  public var text: String {
    let stub = [rows.title] + rows.labels
    let body = columns.values.indices.map { TextColumn(self, $0) }
    let stubWidth = stub.map(\.count).max() ?? 0
    let gap = "  "
    var lines = [title, legend + (bestLegend.map { "; * \($0)" } ?? ""), ""]
    if !columns.axes.isEmpty {
      lines.append(String(repeating: " ", count: stubWidth) + gap + columns.title)
    }
    let width = body.reduce(stubWidth) { $0 + gap.count + $1.width }
    let rule = String(repeating: "─", count: width)
    lines.append(stub[0].padded(to: stubWidth) + gap + body.map(\.header).joined(separator: gap))
    lines.append(rule)
    for (row, label) in rows.labels.enumerated() {
      lines.append(
        label.padded(to: stubWidth) + gap + body.map { $0.cells[row] }.joined(separator: gap))
    }
    lines.append(rule)
    lines += footnotes.enumerated().map { "[\(Self.letter($0))] \($1)" }
    lines += remarks
    return lines.map(\.withoutTrailingSpaces).joined(separator: "\n") + "\n"
  }
}

/// One column of a text table: numbers to the right, their marks to the left behind them.
private struct TextColumn {
  let header: String
  let cells: [String]
  let width: Int

  init(_ table: Table, _ column: Int) {
    let cells = table.cells.map { $0[column] }
    let numbers = cells.map { table.estimate(of: $0)?.text ?? "–" }
    let marks = cells.map { cell in
      (cell.isBest ? "*" : "") + (cell.notes.isEmpty ? "" : "[\(table.noteLetters(of: cell))]")
    }
    let label = table.columns.labels[column]
    let markWidth = marks.map(\.count).max() ?? 0
    let numberWidth = max(numbers.map(\.count).max() ?? 0, label.count)
    width = numberWidth + markWidth
    header = label.paddedLeft(to: numberWidth).padded(to: width)
    self.cells = zip(numbers, marks).map {
      $0.paddedLeft(to: numberWidth) + $1.padded(to: markWidth)
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate func paddedLeft(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  fileprivate var withoutTrailingSpaces: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}
