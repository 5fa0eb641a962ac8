extension Table {
  /// The table in GitHub-flavoured Markdown, the best cells in bold.
  public var markdown: String {
    let corner =
      columns.axes.isEmpty ? rows.title : [rows.title, columns.title].joined(separator: " \\ ")
    var lines = ["**\(Self.markdownText(title))**", ""]
    lines.append(markdownRow([corner] + columns.labels, escaping: true))
    lines.append(markdownRow([":--"] + columns.labels.map { _ in "--:" }, escaping: false))
    for (row, label) in rows.labels.enumerated() {
      let cells = cells[row].map(markdownCell)
      lines.append(markdownRow([Self.markdownText(label)] + cells, escaping: false))
    }
    let legend = legend + (bestLegend.map { "; in bold: \($0)" } ?? "")
    lines += ["", Self.markdownText(legend)]
    lines += footnotes.enumerated().map {
      "<br><sup>\(Self.letter($0))</sup> \(Self.markdownText($1))"
    }
    lines += remarks.map { "<br>\(Self.markdownText($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func markdownRow(_ fields: [String], escaping: Bool) -> String {
    "| " + fields.map { escaping ? Self.markdownText($0) : $0 }.joined(separator: " | ") + " |"
  }

  private func markdownCell(_ cell: Cell) -> String {
    guard let estimate = estimate(of: cell) else { return "–" + markdownNote(cell) }
    let number =
      estimate.uncertainty.map { "\(estimate.number) ± \($0)" } ?? estimate.number
    let power = estimate.exponent == 0 ? "" : " × 10<sup>\(estimate.exponent)</sup>"
    let isBracketed = estimate.exponent != 0 && estimate.uncertainty != nil
    let written = (isBracketed ? "(\(number))" : number) + power
    return (cell.isBest ? "**\(written)**" : written) + markdownNote(cell)
  }

  private func markdownNote(_ cell: Cell) -> String {
    cell.notes.isEmpty ? "" : "<sup>\(noteLetters(of: cell))</sup>"
  }

  /// Text with the characters escaped that Markdown would take for its own.
  static func markdownText(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_|<>[]".contains(character) { result.append("\\") }
      result.append(character == "\n" ? " " : character)
    }
    return result
  }
}
