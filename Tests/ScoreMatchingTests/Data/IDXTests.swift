// Seen to fail with the extents read little-endian.
import Testing

@testable import ScoreMatching

@Suite struct IDXTests {
  static func file(_ type: UInt8, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
    let extents = shape.flatMap { extent in
      [24, 16, 8, 0].map { UInt8(extent >> $0 & 0xFF) }
    }
    return [0, 0, type, UInt8(shape.count)] + extents + data
  }

  @Test func imagesBecomeRows() throws {
    let table = try parseIDX(Self.file(0x08, [2, 2, 3], Array(250...255) + Array(0...5)))
    #expect(table.columns == ["0", "1", "2", "3", "4", "5"])
    #expect(table.values == [250, 251, 252, 253, 254, 255, 0, 1, 2, 3, 4, 5])
    #expect(try parseIDX(Self.file(0x08, [3], [7, 8, 9])).columns == ["0"])
  }

  @Test func everyTypeIsBigEndian() throws {
    let types: [(UInt8, [UInt8], Double)] = [
      (0x09, [0xFE], -2), (0x0B, [0xFF, 0xFE], -2), (0x0C, [0, 0, 1, 0], 256),
      (0x0D, [0x3F, 0xC0, 0, 0], 1.5), (0x0E, [0xC0, 0, 0, 0, 0, 0, 0, 0], -2),
    ]
    for (type, bytes, value) in types {
      #expect(try parseIDX(Self.file(type, [1, 1], bytes)).values == [value])
    }
  }

  static let mistakes: [([UInt8], DataError)] = [
    (
      Array("no array".utf8),
      .wrongFormat(expected: "an array in the IDX format, as MNIST's images are")
    ),
    (file(0x07, [1], [1]), .unsupportedType("IDX's type 7")),
    (Array(file(0x08, [1, 2], [1, 2])[..<9]), .truncated(needed: 12, found: 9)),
    (file(0x08, [2, 2], [1, 2, 3]), .truncated(needed: 4, found: 3)),
    (file(0x08, [2, 2], [1, 2, 3, 4, 5]), .trailingBytes(1)),
    (file(0x08, [0, 2], []), .empty), (file(0x08, [], []), .unsupportedShape([])),
    (
      file(0x0E, [4_000_000_000, 2], []), .truncated(needed: 64_000_000_000, found: 0)
    ),
    (
      file(0x08, [4_000_000_000, 4_000_000_000], []),
      .unsupportedShape([4_000_000_000, 4_000_000_000])
    ),
    (
      file(0x0D, [1, 1], [0x7F, 0x80, 0, 0]), .notFinite(row: 0, column: "0", value: "inf")
    ),
  ]

  @Test(arguments: mistakes) func whatIsWrongIsSaid(_ bytes: [UInt8], _ error: DataError) {
    #expect(throws: error) { try parseIDX(bytes) }
  }
}
