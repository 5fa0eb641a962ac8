/// Columns that are left out when a table is read.
public struct DroppedColumns: Sendable, Hashable {
  /// By name.
  public var names: [String]
  /// By number, from 0, or from -1 backwards.
  public var indices: [Int]

  /// The columns of these names and numbers.
  public init(names: [String] = [], indices: [Int] = []) {
    self.names = names
    self.indices = indices
  }
}

/// Reads a table from text with one row a line and separated fields.
///
/// Fields may be quoted; a quote inside is doubled. Lines end in LF or CRLF, empty lines are
/// skipped, a byte order mark is too. Behind a closing quote only spaces may stand. Dropped columns may hold anything; the others must be finite
/// decimal numbers.
///
/// - Parameters:
///   - bytes: the file, UTF-8.
///   - separator: the byte between fields.
///   - header: whether the first line names the columns; else they are called `0`, `1`, ….
///   - dropped: the columns to leave out.
/// - Throws: ``DataError`` with the line and the column of what is wrong.
/// - Complexity: linear in the bytes.
public func parseCSV(
  _ bytes: [UInt8], separator: UInt8, header: Bool, dropping dropped: DroppedColumns = .init()
) throws(DataError) -> Table {
  var reader = CSVReader(bytes: bytes, separator: separator)
  guard let first = try reader.row() else { throw .empty }
  var next = header ? try reader.row() : first
  if first.fields.count == 1, let next, next.fields.count == 1,
    let other = otherSeparator(in: next.fields[0], under: header ? first.fields[0] : nil)
  {
    throw .otherSeparator(line: next.line, other)
  }
  let names = header ? first.fields : first.fields.indices.map(String.init)
  let kept = try dropped.remaining(of: names)
  var values: [Double] = []
  while let row = next {
    guard row.fields.count == names.count else {
      throw .raggedRow(line: row.line, found: row.fields.count, expected: names.count)
    }
    for index in kept {
      guard let number = decimalNumber(row.fields[index]) else {
        throw .notANumber(line: row.line, column: names[index], text: row.fields[index])
      }
      values.append(number)
    }
    next = try reader.row()
  }
  guard !values.isEmpty else { throw .empty }
  return Table(columns: kept.map { names[$0] }, values: values)
}

/// The separator that would cut a field into several with numbers among them, and a header into as many;
/// nil for one number.
private func otherSeparator(in field: String, under header: String?) -> String? {
  guard decimalNumber(field) == nil else { return nil }
  func parts(_ text: String, _ separator: String) -> [Substring] {
    text.split(separator: separator, omittingEmptySubsequences: false)
  }
  return [";", "\t", ",", " "].first { separator in
    let fields = parts(field, separator)
    return fields.count > 1 && fields.contains { decimalNumber(String($0)) != nil }
      && (header.map { parts($0, separator).count == fields.count } ?? true)
  }
}

/// The finite number that a text writes in decimal, spaces around it allowed.
private func decimalNumber(_ text: String) -> Double? {
  let space = UInt8(ascii: " ")
  let bytes = text.utf8.drop { $0 == space }
  let end = bytes.lastIndex { $0 != space }.map(bytes.index(after:)) ?? bytes.startIndex
  let trimmed = bytes[bytes.startIndex..<end]
  // Double also reads "nan", "inf" and hexadecimal numbers, which are no data.
  guard trimmed.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }),
    let number = Double(Substring(trimmed)), number.isFinite
  else { return nil }
  return number
}

extension DroppedColumns {
  /// The numbers of the columns that stay.
  func remaining(of columns: [String]) throws(DataError) -> [Int] {
    var isDropped = [Bool](repeating: false, count: columns.count)
    for name in names {
      guard let index = columns.firstIndex(of: name) else {
        throw .unknownColumn(name, known: columns)
      }
      isDropped[index] = true
    }
    for index in indices {
      let position = index < 0 ? index + columns.count : index
      guard columns.indices.contains(position) else {
        throw .columnOutOfRange(index, count: columns.count)
      }
      isDropped[position] = true
    }
    let kept = columns.indices.filter { !isDropped[$0] }
    guard !kept.isEmpty else { throw .noColumns }
    return kept
  }
}

/// Cuts bytes into rows of fields.
private struct CSVReader {
  let bytes: [UInt8]
  let separator: UInt8
  private var position: Int
  private var line = 1

  init(bytes: [UInt8], separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The next row that is not empty, and the line it begins on; nil at the end.
  mutating func row() throws(DataError) -> (line: Int, fields: [String])? {
    while position < bytes.count {
      let start = line
      let isQuoted = bytes[position] == UInt8(ascii: "\"")
      var fields: [String] = []
      var ended = false
      while !ended { ended = try appendField(to: &fields) }
      if fields != [""] || isQuoted { return (start, fields) }
    }
    return nil
  }

  /// Reads one field; true where it is the last of its row.
  private mutating func appendField(to fields: inout [String]) throws(DataError) -> Bool {
    let (quote, newline) = (UInt8(ascii: "\""), UInt8(ascii: "\n"))
    let start = line
    var text: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == newline { line += 1 }
      if byte == quote {
        if isQuoted, position < bytes.count, bytes[position] == quote {
          text.append(quote)
          position += 1
        } else if isQuoted {
          (isQuoted, wasQuoted) = (false, true)
        } else if text.isEmpty, !wasQuoted {
          isQuoted = true
        } else if wasQuoted {
          throw .textBehindQuote(line: line)
        } else {
          text.append(quote)
        }
      } else if !isQuoted, byte == separator || byte == newline {
        try fields.append(string(text, isLast: byte == newline))
        return byte == newline
      } else {
        if wasQuoted, !isQuoted, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\r") {
          throw .textBehindQuote(line: line)
        }
        text.append(byte)
      }
    }
    if isQuoted { throw .unterminatedQuote(line: start) }
    try fields.append(string(text, isLast: true))
    return true
  }

  private func string(_ text: [UInt8], isLast: Bool) throws(DataError) -> String {
    let end = isLast && text.last == UInt8(ascii: "\r") ? text.count - 1 : text.count
    guard let result = String(validating: text[..<end], as: UTF8.self) else { throw .notText }
    return result
  }
}
