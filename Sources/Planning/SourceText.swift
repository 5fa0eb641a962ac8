/// A file's bytes, with the lines and columns that people count.
///
/// A class because every place of a large grid refers to its file.
final class SourceText: Sendable {
  let name: String
  let bytes: [UInt8]
  /// The offset of the first byte of each line.
  private let lineStarts: [Int]

  init(_ bytes: [UInt8], name: String) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The line and column of a byte, both from 1; columns count characters, not bytes.
  func position(of offset: Int) -> (line: Int, column: Int) {
    let line = lineIndex(of: offset)
    let before = bytes[lineStarts[line]..<min(offset, bytes.count)]
    return (line + 1, String(decoding: before, as: UTF8.self).count + 1)
  }

  /// The text of the line that holds a byte, without its end.
  func line(holding offset: Int) -> String {
    let line = lineIndex(of: offset)
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > lineStarts[line] && bytes[end - 1] == UInt8(ascii: "\r") {
      end -= 1
    }
    return String(decoding: bytes[lineStarts[line]..<end], as: UTF8.self)
  }

  /// How many characters a span has on the line where it begins, at least one.
  func width(of span: Range<Int>) -> Int {
    let line = lineIndex(of: span.lowerBound)
    let lineEnd = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    let end = max(span.lowerBound, min(span.upperBound, lineEnd))
    return max(1, String(decoding: bytes[span.lowerBound..<end], as: UTF8.self).count)
  }

  /// The last line that begins at or before an offset.
  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
