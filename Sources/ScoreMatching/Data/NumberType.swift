/// How a binary file keeps a number.
enum NumberType: Sendable, Hashable {
  case unsigned8, unsigned16, unsigned32, unsigned64
  case signed8, signed16, signed32, signed64
  case float16, float32, float64

  /// Bytes of one number.
  var byteCount: Int {
    switch self {
    case .unsigned8, .signed8: 1
    case .unsigned16, .signed16, .float16: 2
    case .unsigned32, .signed32, .float32: 4
    case .unsigned64, .signed64, .float64: 8
    }
  }

  /// The number that an array of bytes keeps at a place.
  func number(in bytes: [UInt8], at place: Int, isBigEndian: Bool) -> Double {
    var bits: UInt64 = 0
    for offset in 0..<byteCount {
      let byte = bytes[place + (isBigEndian ? offset : byteCount - 1 - offset)]
      bits = bits << 8 | UInt64(byte)
    }
    switch self {
    case .unsigned8, .unsigned16, .unsigned32, .unsigned64: return Double(bits)
    case .signed8: return Double(Int8(truncatingIfNeeded: bits))
    case .signed16: return Double(Int16(truncatingIfNeeded: bits))
    case .signed32: return Double(Int32(truncatingIfNeeded: bits))
    case .signed64: return Double(Int64(bitPattern: bits))
    case .float16: return Self.half(UInt16(bits))
    case .float32: return Double(Float(bitPattern: UInt32(bits)))
    case .float64: return Double(bitPattern: bits)
    }
  }

  /// The number of half precision with these bits: one of sign, five of exponent, ten of fraction.
  ///
  /// Reference: IEEE 754-2019, table 3.5, binary16.
  private static func half(_ bits: UInt16) -> Double {
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
    let magnitude =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 0x1F: fraction == 0 ? Double.infinity : .nan
      default:
        (1 + fraction * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }
}

/// Where the numbers of an array lie in a file.
struct ArrayLayout: Sendable, Hashable {
  let type: NumberType
  let isBigEndian: Bool
  /// The extents.
  let shape: [Int]
  /// Whether the first index runs fastest.
  var isColumnMajor = false
  /// The first number's place.
  let start: Int

  /// The array as a table: the first axis runs over rows, all others over columns, row-major.
  ///
  /// Nothing is allocated before the file is known to hold what the shape says.
  ///
  /// - Throws: ``DataError`` where it holds less or more, or a number that is not finite.
  func table(in bytes: [UInt8]) throws(DataError) -> Table {
    let (count, columns) = try extents(heldBy: bytes.count - start)
    let rows = count / columns
    let names = (0..<columns).map(String.init)
    var values = [Double](repeating: 0, count: count)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = isColumnMajor ? columnMajorPlace(row, column) : row * columns + column
        let value = type.number(
          in: bytes, at: start + place * type.byteCount, isBigEndian: isBigEndian)
        guard value.isFinite else {
          throw .notFinite(row: row, column: names[column], value: "\(value)")
        }
        values[row * columns + column] = value
      }
    }
    return Table(columns: names, values: values)
  }

  /// The numbers in all and in a row, where so many bytes hold just these.
  private func extents(heldBy byteCount: Int) throws(DataError) -> (count: Int, columns: Int) {
    guard !shape.isEmpty else { throw .unsupportedShape(shape) }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw .unsupportedShape(shape) }
      count = product
    }
    guard count > 0 else { throw .empty }
    let (needed, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, needed <= byteCount else {
      throw .truncated(needed: overflow ? .max : needed, found: byteCount)
    }
    guard needed == byteCount else { throw .trailingBytes(byteCount - needed) }
    return (count, count / shape[0])
  }

  /// The place of an element, in numbers, where the first index runs fastest.
  private func columnMajorPlace(_ row: Int, _ column: Int) -> Int {
    var (rest, place, stride) = (column, 0, shape.reduce(1, *))
    for extent in shape.dropFirst().reversed() {
      stride /= extent
      place += rest % extent * stride
      rest /= extent
    }
    return place + row
  }
}
