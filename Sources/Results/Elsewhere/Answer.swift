import Settings

/// Bytes that one process of this program hands another: whole numbers of 8 bytes, little-endian, texts and
/// lists with their counts, a digest of all at the end.
///
/// Whoever reads them believes nothing: a count that the bytes cannot hold, a digest that does not fit and
/// a byte too many are a ``BadAnswer``.
struct AnswerWriter {
  private var bytes: [UInt8] = []
  /// Texts that were written before, by number: axes, settings and units repeat from row to row.
  private var known: [String: Int] = [:]

  /// All that was written, and its digest.
  consuming func finish() -> [UInt8] {
    bytes + SHA256.digest(bytes)
  }

  mutating func bits(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func bits(_ value: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func integer(_ value: Int) { bits(UInt64(bitPattern: Int64(value))) }
  mutating func number(_ value: Double) { bits(value.bitPattern) }
  mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

  mutating func text(_ value: String) {
    if let number = known[value] { return integer(number) }
    integer(-1)
    integer(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
    known[value] = known.count
  }

  mutating func list<Element>(
    _ values: [Element], _ write: (inout AnswerWriter, Element) -> Void
  ) {
    integer(values.count)
    for value in values { write(&self, value) }
  }

  mutating func optional<Value>(_ value: Value?, _ write: (inout AnswerWriter, Value) -> Void) {
    flag(value != nil)
    if let value { write(&self, value) }
  }
}

/// Reads what an ``AnswerWriter`` wrote.
struct AnswerReader {
  private var rest: ArraySlice<UInt8>
  private var known: [String] = []

  /// - Throws: ``BadAnswer`` where the digest is not that of the bytes before it.
  init(_ bytes: [UInt8]) throws(BadAnswer) {
    let count = bytes.count - 32
    guard count >= 0, SHA256.digest(bytes[..<count]) == Array(bytes[count...]) else {
      throw BadAnswer()
    }
    rest = bytes[..<count]
  }

  /// - Throws: ``BadAnswer`` where something is left.
  func finish() throws(BadAnswer) {
    guard rest.isEmpty else { throw BadAnswer() }
  }

  private mutating func take(_ count: Int) throws(BadAnswer) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw BadAnswer() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func bits64() throws(BadAnswer) -> UInt64 {
    try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func bits32() throws(BadAnswer) -> UInt32 {
    try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func integer() throws(BadAnswer) -> Int {
    Int(Int64(bitPattern: try bits64()))
  }

  mutating func number() throws(BadAnswer) -> Double { Double(bitPattern: try bits64()) }

  mutating func flag() throws(BadAnswer) -> Bool {
    try take(1).first == 1
  }

  mutating func text() throws(BadAnswer) -> String {
    let number = try integer()
    guard number < 0 else {
      guard number < known.count else { throw BadAnswer() }
      return known[number]
    }
    let text = String(decoding: try take(try integer()), as: UTF8.self)
    known.append(text)
    return text
  }

  /// A list whose elements take at least so many bytes each.
  mutating func list<Element>(
    atLeast size: Int = 1, _ read: (inout AnswerReader) throws(BadAnswer) -> Element
  ) throws(BadAnswer) -> [Element] {
    let count = try integer()
    guard count >= 0, count <= rest.count / size else { throw BadAnswer() }
    var values: [Element] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }

  mutating func optional<Value>(
    _ read: (inout AnswerReader) throws(BadAnswer) -> Value
  ) throws(BadAnswer) -> Value? {
    try flag() ? try read(&self) : nil
  }
}

/// An answer that no process of this program can have meant.
struct BadAnswer: Error, Equatable {}
