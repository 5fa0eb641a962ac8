/// What is wrong with a table of data.
public enum DataError: Error, Sendable, Hashable {
  /// No rows at all, or a header alone.
  case empty
  /// The file is not text in UTF-8.
  case notText
  /// A quoted field that begins on this line never ends.
  case unterminatedQuote(line: Int)
  /// A row with more or fewer fields than the first one.
  case raggedRow(line: Int, found: Int, expected: Int)
  /// A field that is not a finite number.
  case notANumber(line: Int, column: String, text: String)
  /// A column to drop that does not exist.
  case unknownColumn(String, known: [String])
  /// A column number to drop that is out of range.
  case columnOutOfRange(Int, count: Int)
  /// Every column is dropped.
  case noColumns
  /// A column with the same number in every row.
  case constantColumn(String)
  /// Columns that depend linearly on each other.
  case dependentColumns(count: Int, rank: Int)
  /// Too few rows for a training, a validation and a test part.
  case tooFewRows(Int, needed: Int)
}

extension DataError: CustomStringConvertible {
  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .empty: "the file has no rows of data"
    case .notText: "the file is not UTF-8 text"
    case .unterminatedQuote(let line): "line \(line): a quoted field has no closing quote"
    case .raggedRow(let line, let found, let expected):
      "line \(line): \(found) fields where the first line has \(expected); "
        + "check the file and the separator"
    case .notANumber(let line, let column, let text):
      "line \(line), column \(column): \"\(text)\" is not a finite number; "
        + "correct it, drop the column, or set header to true if it is a name"
    case .unknownColumn(let name, let known):
      "no column is called \"\(name)\"; the columns are \(known.joined(separator: ", "))"
    case .columnOutOfRange(let index, let count):
      "there is no column \(index); \(count) columns are counted from 0, or from -1 backwards"
    case .noColumns: "every column is dropped; keep at least one"
    case .constantColumn(let name):
      "column \(name) has the same number in every row; drop it"
    case .dependentColumns(let count, let rank):
      "the \(count) columns depend linearly on \(rank) of them; set max_correlation, "
        + "drop columns, or add noise"
    case .tooFewRows(let count, let needed):
      "\(count) rows are too few: at least \(needed) are needed for three parts"
    }
  }
}
