/// What is wrong with a table of data.
public enum DataError: Error, Sendable, Hashable {
  /// No rows at all, or a header alone.
  case empty
  /// The file is not text in UTF-8.
  case notText
  /// A quoted field that begins on this line never ends.
  case unterminatedQuote(line: Int)
  /// One column whose fields look like several that another character separates.
  case otherSeparator(line: Int, String)
  /// A quoted field that goes on behind its closing quote.
  case textBehindQuote(line: Int)
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
  /// A file of another format than the one that was named.
  case wrongFormat(expected: String)
  /// Fewer bytes than the file says it has.
  case truncated(needed: Int, found: Int)
  /// Bytes behind the last number.
  case trailingBytes(Int)
  /// Elements that are no numbers, or numbers of a kind that is not read.
  case unsupportedType(String)
  /// An array without an axis, or with more elements than can be counted.
  case unsupportedShape([Int])
  /// A dataset is named where there is a group with these members.
  case isGroup(String, members: [String])
  /// Filters that libhdf5 lacks here, which a dataset is packed with.
  case missingFilters([String])
  /// No dataset of this path, in a group with these members.
  case noDataset(String, known: [String])
  /// An element that is NaN or infinite; rows from 0.
  case notFinite(row: Int, column: String, value: String)
  /// A number that is no grey level from 0 to 255; rows from 0.
  case notALevel(row: Int, column: String, Double)
  /// A number that has no logit with a margin, among numbers of some range; rows from 0.
  case outsideUnitInterval(
    row: Int, column: String, Double, margin: Double, all: ClosedRange<Double>)
  /// As many coordinates as rows, or more: no covariance has an inverse then.
  case noCovariance(rows: Int, dimension: Int)
  /// Too few rows for a training, a validation and a test part.
  case tooFewRows(Int, needed: Int)
  /// Fewer training rows that differ from each other than means to start from.
  case tooFewDistinctRows(Int, needed: Int)
}

extension DataError: CustomStringConvertible {
  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .empty: "the file has no rows of data"
    case .notText: "the file is not UTF-8 text"
    case .unterminatedQuote(let line): "line \(line): a quoted field has no closing quote"
    case .otherSeparator(let line, let separator):
      "line \(line): the file has one column as it is read, and its fields seem to be separated by "
        + (separator == "\t" ? "tabulators" : "\"\(separator)\"") + "; say \"separator\": \""
        + (separator == "\t" ? "\\t" : separator) + "\" in data"
    case .textBehindQuote(let line):
      "line \(line): a field goes on behind its closing quote; a quote inside of quotes is doubled"
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
    case .wrongFormat(let expected): "the file is not \(expected); check data.type and the file"
    case .truncated(let needed, let found):
      "the file ends too soon: \(needed) bytes are needed where it has \(found); fetch it anew"
    case .trailingBytes(let count):
      "\(count) bytes follow the last number of the array; the file is damaged"
    case .unsupportedType(let type):
      "\(type) cannot be read; save whole numbers, or numbers of half, single or double precision"
    case .unsupportedShape(let shape):
      "an array of the shape \(shape) is no table; its first axis must run over rows"
    case .isGroup(let path, let members):
      "\(path) is a group, and a dataset is needed; it has \(members.joined(separator: ", "))"
    case .missingFilters(let names):
      "the dataset is packed with \(names.joined(separator: " and ")), which libhdf5 cannot unpack here; "
        + "pack it with gzip instead, or save it as .npy"
    case .noDataset(let path, let known):
      "there is no dataset \(path); the group has \(known.joined(separator: ", "))"
    case .notFinite(let row, let column, let value):
      "row \(row), column \(column), both from 0: \(value) is no data; correct it or drop the column"
    case .notALevel(let row, let column, let value):
      "row \(row), column \(column), both from 0: \(value) is no grey level from 0 to 255; "
        + "set dequantise to false, or dequantise_by to median-gap"
    case .outsideUnitInterval(let row, let column, let value, let margin, let all):
      "row \(row), column \(column), both from 0: \(value) has no logit with margin \(margin): numbers "
        + (margin > 0 ? "from 0 to 1" : "above 0 and below 1")
        + " have one, and those of the file go from \(all.lowerBound) to \(all.upperBound); "
        + (margin == 0 && all.lowerBound >= 0 && all.upperBound <= 1
          ? "set logit to a margin above 0, as 0.05"
          : "scale them, set dequantise_by to levels where they are grey levels, or leave logit out")
    case .noCovariance(let rows, let dimension):
      "\(rows) training rows have no covariance in \(dimension) dimensions; more rows than dimensions "
        + "are needed"
    case .tooFewRows(let count, let needed):
      "\(count) rows are too few: at least \(needed) are needed for three parts"
    case .tooFewDistinctRows(let count, let needed):
      "\(count) training rows differ from each other where \(needed) are to start from; use more rows, "
        + "or fewer components"
    }
  }
}
