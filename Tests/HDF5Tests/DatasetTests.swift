// Arrays read and written whole and by rows. Seen to fail: with the row selection's start fixed at
// zero. (A flipped bit is found by zlib's own checksum even without ours.)
import HDF5
import Testing

@Suite struct DatasetTests {
  @Test func rowsAreWrittenAndReadInAnyOrder() throws {
    let rows = (0..<7).map { row in (0..<6).map { Double(row * 10 + $0) } }
    let bytes = try File.image(named: "image") { root in
      let dataset = try root.createDataset("x", shape: [7, 2, 3], of: .float64)
      for row in [3, 0, 6, 1] {
        try dataset.write(rows[row], rows: row..<(row + 1))
      }
      try dataset.write(rows[4] + rows[5], rows: 4..<6)
      try dataset.write([Double](), rows: 2..<2)
    }
    try File.open(image: bytes, named: "image") { root throws in
      let dataset = try root.dataset("x")
      #expect(dataset.shape == [7, 2, 3])
      #expect(dataset.elementType == .float64)
      #expect(try dataset.read(rows: 3..<6) == rows[3] + rows[4] + rows[5])
      #expect(try dataset.read(rows: 2..<3) == [Double](repeating: 0, count: 6))
      #expect(try dataset.read(rows: 5..<5) == [Double]())
    }
  }

  @Test func stringsAreReadByRows() throws {
    let bytes = try File.image(named: "image") { try $0.write(["a", "b", "", "d"], to: "x") }
    let read = try File.open(image: bytes, named: "image") {
      try $0.dataset("x").read(rows: 1..<4, as: String.self)
    }
    #expect(read == ["b", "", "d"])
  }

  @Test func numbersAreConvertedToTheAskedType() throws {
    let bytes = try File.image(named: "image") { try $0.write([1, -2, 3] as [Int32], to: "x") }
    try File.open(image: bytes, named: "image") { root throws in
      #expect(try root.dataset("x").read() == [1.0, -2.0, 3.0])
      #expect(try root.dataset("x").read() == [1, -2, 3] as [Int64])
      let error = #expect(throws: HDF5Error.self) {
        _ = try root.dataset("x").read(as: String.self)
      }
      #expect(error?.operation == "read")
      #expect(error?.path == "/x")
    }
  }

  @Test func aLargeArrayIsCompressed() throws {
    let values = (0..<100_000).map { Float($0 / 100) }
    let bytes = try File.image(named: "image") {
      try $0.write(values, shape: [1000, 100], to: "x")
    }
    #expect(bytes.count < 100_000)
    let read = try File.open(image: bytes, named: "image") {
      try $0.dataset("x").read(as: Float.self)
    }
    let isSame = read == values
    #expect(isSame)
  }

  @Test func aFlippedBitOfALargeArrayIsFound() throws {
    var generator = SystemRandomNumberGenerator()
    let values = (0..<100_000).map { _ in Float.random(in: 0..<1, using: &generator) }
    var bytes = try File.image(named: "image") { try $0.write(values, to: "x") }
    bytes[bytes.count / 2] ^= 1
    let error = #expect(throws: HDF5Error.self) {
      _ = try File.open(image: bytes, named: "image") {
        try $0.dataset("x").read(as: Float.self).count
      }
    }
    #expect(error?.operation == "read")
  }

  @Test func aTextWithANulCharacterIsRefused() throws {
    let error = #expect(throws: HDF5Error.self) {
      _ = try File.image(named: "image") { try $0.write(["a\0b"], to: "x") }
    }
    #expect(error?.summary == "a text holds a NUL character")
  }
}
