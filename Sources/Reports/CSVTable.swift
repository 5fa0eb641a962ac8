import Results

extension Table {
  /// One line per cell with unrounded numbers, for a spreadsheet or a program.
  ///
  /// RFC 4180, but with the line ends of Unix. An absent number is an empty field.
  public var csv: String {
    let axes = rows.axes + columns.axes
    let chosen = selectedAxes
    let header =
      ["table"] + axes + ["value", "n", "mean", "sd", "se", "median", "failed", "waiting", "best"]
      + chosen.map { "selected_\($0)" }
    var lines = [header]
    for (row, cells) in cells.enumerated() {
      for (column, cell) in cells.enumerated() {
        let place = rows.values[row] + columns.values[column]
        var fields = [name] + place.map { $0?.description ?? "" }
        fields += [value, String(cell.sample.count)] + statistics(of: cell).map(Self.csvNumber)
        fields += [String(cell.failedCount), String(cell.waiting), cell.isBest ? "1" : "0"]
        fields += chosen.map { axis in
          cell.selected.first { $0.name == axis }?.value?.description ?? ""
        }
        lines.append(fields)
      }
    }
    return lines.map { $0.map(Self.csvField).joined(separator: ",") + "\n" }.joined()
  }

  /// The mean, the standard deviation, the standard error and the median of a cell.
  private func statistics(of cell: Cell) -> [Double?] {
    let sample = cell.sample
    return [sample.mean, sample.deviation, sample.standardError, sample.median]
  }

  /// The axes that something was selected over, in the order of the specification.
  var selectedAxes: [String] {
    cells.joined().first { !$0.selected.isEmpty }?.selected.map(\.name) ?? []
  }

  private static func csvNumber(_ number: Double?) -> String {
    number.map(\.description) ?? ""
  }

  private static func csvField(_ text: String) -> String {
    guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
