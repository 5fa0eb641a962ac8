/// Reads a table from an array that NumPy saved, versions 1 to 3 of its format.
///
/// Whole numbers, half, single and double precision and truth values, in either byte order, row-major or
/// column-major. The first axis runs over rows; all others are flattened to columns, which are called
/// `0`, `1`, …; an array of one axis is one column.
///
/// - Parameter bytes: the file.
/// - Throws: ``DataError`` for anything else, and for numbers that are not finite.
/// - Complexity: linear in the bytes.
///
/// Reference: the module `numpy.lib.format` documents the format.
public func parseNPY(_ bytes: [UInt8]) throws(DataError) -> Table {
  guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
    throw .wrongFormat(expected: "an array saved by NumPy (.npy)")
  }
  guard bytes.count >= 10, (1...3).contains(bytes[6]) else {
    throw bytes.count < 10
      ? .truncated(needed: 10, found: bytes.count)
      : .unsupportedType("version \(bytes[6]) of NumPy's format")
  }
  let lengthBytes = bytes[6] == 1 ? 2 : 4
  let start = 8 + lengthBytes
  guard bytes.count >= start else { throw .truncated(needed: start, found: bytes.count) }
  let length = (0..<lengthBytes).reversed().reduce(0) { $0 << 8 | Int(bytes[8 + $1]) }
  guard bytes.count - start >= length else {
    throw .truncated(needed: start + length, found: bytes.count)
  }
  var header = NPYHeader(text: bytes[start..<start + length])
  return try header.layout(start: start + length).table(in: bytes)
}

/// The header of an array file: a Python dictionary with the keys `descr`, `fortran_order` and `shape`.
private struct NPYHeader {
  private var rest: ArraySlice<UInt8>
  private let mistake = DataError.wrongFormat(
    expected: "the header of an array saved by NumPy, with descr, fortran_order and shape")

  init(text: ArraySlice<UInt8>) { rest = text }

  mutating func layout(start: Int) throws(DataError) -> ArrayLayout {
    var (type, isColumnMajor, shape): (String?, Bool?, [Int]?)
    try take("{")
    while !next("}") {
      switch try string() {
      case "descr" where type == nil:
        type = try key { header throws(DataError) in
          try header.typeName()
        }
      case "fortran_order" where isColumnMajor == nil:
        isColumnMajor = try key {
          header throws(DataError) in try header.truth()
        }
      case "shape" where shape == nil:
        shape = try key { header throws(DataError) in
          try header.extents()
        }
      default: throw mistake
      }
      guard next(",") || rest.first == UInt8(ascii: "}") else { throw mistake }
    }
    guard let type, let isColumnMajor, let shape, rest.allSatisfy({ $0 == 0x20 || $0 == 0x0A })
    else { throw mistake }
    let (number, isBigEndian) = try Self.numberType(type)
    return ArrayLayout(
      type: number, isBigEndian: isBigEndian, shape: shape, isColumnMajor: isColumnMajor,
      start: start)
  }

  private static func numberType(
    _ name: String
  ) throws(DataError) -> (type: NumberType, isBigEndian: Bool) {
    let types: [String: NumberType] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "b1": .unsigned8, "u1": .unsigned8,
      "u2": .unsigned16,
      "u4": .unsigned32, "u8": .unsigned64, "i1": .signed8, "i2": .signed16, "i4": .signed32,
      "i8": .signed64,
    ]
    let order = name.first ?? " "
    // What is neither, of one byte or in the order of "this machine", is read as little-endian.
    guard "<>|=".contains(order), let type = types[String(name.dropFirst())] else {
      throw .unsupportedType("NumPy's type \(name)")
    }
    return (type, order == ">")
  }

  private mutating func key<Value>(
    _ value: (inout NPYHeader) throws(DataError) -> Value
  ) throws(DataError) -> Value {
    try take(":")
    return try value(&self)
  }

  /// The name of a type; a list of named fields is no single number.
  private mutating func typeName() throws(DataError) -> String {
    skipBlanks()
    guard rest.first != UInt8(ascii: "[") else {
      throw .unsupportedType("NumPy's structured arrays")
    }
    return try string()
  }

  private mutating func truth() throws(DataError) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      rest = rest.dropFirst(word.utf8.count)
      return value
    }
    throw mistake
  }

  private mutating func extents() throws(DataError) -> [Int] {
    var extents: [Int] = []
    try take("(")
    while !next(")") {
      skipBlanks()
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard let extent = Int(String(decoding: digits, as: UTF8.self)) else { throw mistake }
      extents.append(extent)
      rest = rest.dropFirst(digits.count)
      _ = next("L")  // Python 2 wrote long numbers so
      guard next(",") || rest.first == UInt8(ascii: ")") else { throw mistake }
    }
    return extents
  }

  private mutating func string() throws(DataError) -> String {
    skipBlanks()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw mistake
    }
    let text = rest.dropFirst().prefix { $0 != quote }
    guard text.endIndex < rest.endIndex else { throw mistake }
    rest = rest[(text.endIndex + 1)...]
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func take(_ character: Character) throws(DataError) {
    guard next(character) else { throw mistake }
  }

  /// Whether that character comes next; it is then passed.
  private mutating func next(_ character: Character) -> Bool {
    skipBlanks()
    guard rest.first == character.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x0A } }
}
