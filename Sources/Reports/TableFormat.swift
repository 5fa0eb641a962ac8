/// How tables are written.
public enum TableFormat: String, Sendable, CaseIterable {
  /// Aligned columns for a terminal.
  case text
  /// A table of GitHub-flavoured Markdown.
  case markdown
  /// A LaTeX table with the rules of the booktabs package.
  case latex
  /// One line per cell with unrounded numbers.
  case csv
  /// All of the above as JSON.
  case json

  /// The tables one after the other, ending with a newline.
  public func render(_ tables: [Table]) -> String {
    switch self {
    case .text: tables.map(\.text).joined(separator: "\n\n")
    case .markdown: tables.map(\.markdown).joined(separator: "\n")
    case .latex: tables.map(\.latex).joined(separator: "\n")
    case .csv: tables.map(\.csv).joined(separator: "\n")
    case .json: Table.json(tables)
    }
  }
}
