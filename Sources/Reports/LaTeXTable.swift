extension Table {
  /// The table as a LaTeX float for a paper; it needs `\usepackage{booktabs}`, the best cells are bold.
  public var latex: String {
    let count = columns.labels.count
    let caption = Self.latexText(title.hasSuffix(".") ? title : title + ".")
    let legend = legend + (bestLegend.map { "; in bold: \($0)" } ?? "")
    var lines = [
      "\\begin{table}[t]", "  \\centering",
      "  \\caption{\(caption) \(Self.latexText(legend)).}",
      "  \\label{tab:\(name)}", "  \\begin{tabular}{l\(String(repeating: "r", count: count))}",
      "    \\toprule",
    ]
    if !columns.axes.isEmpty {
      lines.append("    & \\multicolumn{\(count)}{c}{\(Self.latexText(columns.title))} \\\\")
      lines.append("    \\cmidrule(lr){2-\(count + 1)}")
    }
    lines.append(latexRow([rows.title] + columns.labels.map { $0 }))
    lines.append("    \\midrule")
    for (row, label) in rows.labels.enumerated() {
      let fields = [Self.latexText(label)] + cells[row].map(latexCell)
      lines.append("    " + fields.joined(separator: " & ") + " \\\\")
    }
    lines += ["    \\bottomrule", "  \\end{tabular}"]
    lines += latexNotes
    lines.append("\\end{table}")
    return lines.joined(separator: "\n") + "\n"
  }

  private func latexRow(_ labels: [String]) -> String {
    "    " + labels.map(Self.latexText).joined(separator: " & ") + " \\\\"
  }

  private func latexCell(_ cell: Cell) -> String {
    let note = cell.notes.isEmpty ? "" : "\\textsuperscript{\(noteLetters(of: cell))}"
    guard let estimate = estimate(of: cell) else { return "--" + note }
    func digits(_ text: String) -> String { cell.isBest ? "\\mathbf{\(text)}" : text }
    var number = digits(estimate.number)
    if let uncertainty = estimate.uncertainty { number += " \\pm \(digits(uncertainty))" }
    if estimate.exponent != 0 {
      number = estimate.uncertainty == nil ? number : "(\(number))"
      number += " \\times 10^{\(estimate.exponent)}"
    }
    return "$\(number)$" + note
  }

  private var latexNotes: [String] {
    let marked = footnotes.enumerated().map {
      "\\textsuperscript{\(Self.letter($0))} \(Self.latexText($1))."
    }
    let lines = marked + remarks.map { Self.latexText($0.hasSuffix(":") ? $0 : $0 + ".") }
    guard !lines.isEmpty else { return [] }
    return ["  \\par\\smallskip\\footnotesize"] + lines.map { "  \($0)" }
  }

  /// Text with the characters that LaTeX takes for commands written as themselves.
  static func latexText(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "±": "$\\pm$"
      case "–": "--"
      case "\n": " "
      default: String(character)
      }
    }.joined()
  }
}
