/// Reads a table from an array in the IDX format, in which the MNIST images are distributed.
///
/// The first axis runs over rows; all others are flattened to columns, which are called `0`, `1`, ….
///
/// - Parameter bytes: the file, not compressed.
/// - Throws: ``DataError`` where it is no such file or holds less or more than it says.
/// - Complexity: linear in the bytes.
///
/// Reference: LeCun, Cortes & Burges, "The MNIST database of handwritten digits".
public func parseIDX(_ bytes: [UInt8]) throws(DataError) -> Table {
  guard bytes.starts(with: [0, 0]), bytes.count >= 4 else {
    throw .wrongFormat(expected: "an array in the IDX format, as MNIST's images are")
  }
  let types: [UInt8: NumberType] = [
    0x08: .unsigned8, 0x09: .signed8, 0x0B: .signed16, 0x0C: .signed32, 0x0D: .float32,
    0x0E: .float64,
  ]
  guard let type = types[bytes[2]] else { throw .unsupportedType("IDX's type \(bytes[2])") }
  let rank = Int(bytes[3])
  let start = 4 + 4 * rank
  guard bytes.count >= start else { throw .truncated(needed: start, found: bytes.count) }
  let shape = (0..<rank).map { axis in
    Int(NumberType.unsigned32.number(in: bytes, at: 4 + 4 * axis, isBigEndian: true))
  }
  return try ArrayLayout(type: type, isBigEndian: true, shape: shape, start: start)
    .table(in: bytes)
}
