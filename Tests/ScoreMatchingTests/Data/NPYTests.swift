// Seen to fail with column-major elements taken row by row, and half precision's exponent off by one.
import Foundation
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct NPYTests {
  struct Saved: CustomTestStringConvertible {
    let testDescription: String
    let values: [Double]
    let columns: Int
    let base64: String
  }

  /// What NumPy 2.4 wrote.
  static let saved = [
    Saved(
      testDescription: "little-endian doubles", values: [1.5, -2, 3, 4e-3, 5, 6], columns: 2,
      base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMs"
        + "IDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAoAAAAAAAD4PwAAAAAAAADAAAAAAAAACED8qfHSTWJwPwAAAAAAABRAAAAAAAAAGEA="),
    Saved(
      testDescription: "big-endian floats", values: [1.5, -2, 3, Double(Float(4e-3)), 5, 6],
      columns: 2,
      base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMs"
        + "IDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAo/wAAAwAAAAEBAAAA7gxJvQKAAAEDAAAA="),
    Saved(
      testDescription: "column-major, version 2", values: [1.5, -2, 3, 4e-3, 5, 6], columns: 2,
      base64: "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjgnLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgz"
        + "LCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAoAAAAAAAD4PwAAAAAAAAhAAAAAAAAAFEAAAAAAAAAAwPyp8dJNYnA/AAAAAAAAGEA="),
    Saved(
      testDescription: "short integers, version 3", values: [-3, -2, -1, 0, 1, 2], columns: 3,
      base64: "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAo"
        + "MiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAr9//7///8AAAEAAgA="),
    Saved(
      testDescription: "three axes, column-major", values: (0..<12).map(Double.init), columns: 6,
      base64: "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwg"
        + "MywgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "IAoABgIIBAoBBwMJBQs="),
  ]

  @Test(arguments: saved) func whatNumPySavedIsRead(_ saved: Saved) throws {
    let bytes = try #require(Data(base64Encoded: saved.base64))
    let table = try parseNPY(Array(bytes))
    #expect(table.values == saved.values)
    #expect(table.columns == (0..<saved.columns).map(String.init))
  }

  /// A file with this header, and these bytes behind it.
  static func file(
    _ header: String, _ data: [UInt8] = [], version: UInt8 = 1, length: Int? = nil
  ) -> [UInt8] {
    let count = length ?? header.utf8.count
    let size = (0..<(version == 1 ? 2 : 4)).map { UInt8(count >> (8 * $0) & 0xFF) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + size + Array(header.utf8) + data
  }

  static func header(_ type: String, _ shape: String, _ order: String = "False") -> String {
    "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
  }

  static func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } }
  }

  @Test func everyWholeNumberAndTruthIsRead() throws {
    let types: [(String, [UInt8], Double)] = [
      ("|u1", [255], 255), ("|i1", [255], -1), ("|b1", [1], 1), ("<u2", [1, 2], 513),
      (">u2", [1, 2], 258), (">i2", [255, 254], -2), ("<i4", [254, 255, 255, 255], -2),
      ("<u4", [0, 0, 0, 128], 2_147_483_648), (">i8", [0, 0, 0, 0, 0, 0, 1, 0], 256),
      ("<u8", [0, 0, 0, 0, 0, 0, 0, 128], 9.223372036854775808e18),
    ]
    for (type, bytes, value) in types {
      let table = try parseNPY(Self.file(Self.header(type, "(1,)"), bytes))
      #expect(table.values == [value], "\(type)")
    }
  }

  /// IEEE 754-2019, table 3.5: one, the largest, the smallest normal and subnormal, two thirds rounded.
  @Test func halfPrecisionIsRead() throws {
    let numbers: [(UInt16, Double)] = [
      (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0400, 0x1p-14), (0x0001, 0x1p-24),
      (0x3955, 0.66650390625), (0x8000, 0),
    ]
    for (bits, value) in numbers {
      let bytes = [UInt8(bits & 0xFF), UInt8(bits >> 8)]
      for (type, bytes) in [("<f2", bytes), (">f2", bytes.reversed())] {
        let table = try parseNPY(Self.file(Self.header(type, "(1,)"), Array(bytes)))
        #expect(table.values == [value], "\(type) \(bits)")
      }
    }
  }

  @Test func keysMayStandInAnyOrderAndQuotes() throws {
    let header = "{ \"shape\" : ( 1L , 2 ) ,'fortran_order':True,\"descr\":'<f8'}  \n"
    let table = try parseNPY(Self.file(header, Self.doubles([3, 4]), version: 2))
    #expect(table == Table(columns: ["0", "1"], values: [3, 4]))
  }

  static let mistakes: [(String, [UInt8], @Sendable (DataError) -> Bool)] = [
    ("no array", Array("a,b\n1,2\n".utf8), { if case .wrongFormat = $0 { true } else { false } }),
    ("nothing", [], { if case .wrongFormat = $0 { true } else { false } }),
    ("the magic alone", [0x93] + Array("NUMPY".utf8), { $0 == .truncated(needed: 10, found: 6) }),
    (
      "a later version", file("", version: 4),
      { if case .unsupportedType = $0 { true } else { false } }
    ),
    (
      "a header longer than the file", file("{", version: 2, length: 4_000_000_000),
      { $0 == .truncated(needed: 4_000_000_012, found: 13) }
    ),
    ("objects", file(header("|O", "(1,)")), { $0 == .unsupportedType("NumPy's type |O") }),
    (
      "extended precision", file(header("<f16", "(1,)")),
      { $0 == .unsupportedType("NumPy's type <f16") }
    ),
    (
      "half of infinity", file(header("<f2", "(1,)"), [0, 0x7C]),
      { $0 == .notFinite(row: 0, column: "0", value: "inf") }
    ),
    (
      "fields", file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }"),
      { $0 == .unsupportedType("NumPy's structured arrays") }
    ),
    ("no shape", file(header("<f8", "()"), doubles([1])), { $0 == .unsupportedShape([]) }),
    ("no rows", file(header("<f8", "(0, 3)")), { $0 == .empty }),
    (
      "a huge shape", file(header("<f8", "(1000000000000, 1000000)"), doubles([1])),
      { $0 == .truncated(needed: 8_000_000_000_000_000_000, found: 8) }
    ),
    (
      "a shape beyond any number", file(header("<f8", "(9000000000000000000, 9)"), doubles([1])),
      { $0 == .unsupportedShape([9_000_000_000_000_000_000, 9]) }
    ),
    (
      "an extent that is no number", file(header("<f8", "(99999999999999999999,)"), doubles([1])),
      { if case .wrongFormat = $0 { true } else { false } }
    ),
    (
      "numbers missing", file(header("<f8", "(2, 2)"), doubles([1, 2, 3])),
      { $0 == .truncated(needed: 32, found: 24) }
    ),
    (
      "numbers left", file(header("<f8", "(1, 2)"), doubles([1, 2, 3])), { $0 == .trailingBytes(8) }
    ),
    (
      "NaN", file(header("<f8", "(2, 2)"), doubles([1, 2, 3, .nan])),
      { $0 == .notFinite(row: 1, column: "1", value: "nan") }
    ),
    (
      "no order", file("{'descr': '<f8', 'shape': (1,), }", doubles([1])),
      { if case .wrongFormat = $0 { true } else { false } }
    ),
    (
      "a key twice", file("{'descr': '<f8', 'descr': '<f8', }", doubles([1])),
      { if case .wrongFormat = $0 { true } else { false } }
    ),
    (
      "an open quote", file("{'descr"), { if case .wrongFormat = $0 { true } else { false } }
    ),
  ]

  @Test(arguments: mistakes.indices) func whatIsWrongIsSaid(_ index: Int) {
    let (name, bytes, matches) = Self.mistakes[index]
    #expect("\(name)") { _ = try parseNPY(bytes) } throws: { error in
      guard let error = error as? DataError else { return false }
      return matches(error) && !error.description.isEmpty
    }
  }

  /// Whatever is cut off or changed in one byte, a file is read or refused.
  @Test func damagedFilesAreReadOrRefused() throws {
    for saved in Self.saved {
      let bytes = Array(try #require(Data(base64Encoded: saved.base64)))
      for end in bytes.indices {
        #expect(throws: DataError.self) { try parseNPY(Array(bytes[..<end])) }
      }
      var numbers = TestNumbers(seed: 3)
      for _ in 0..<2000 {
        var damaged = bytes
        damaged[numbers.index(below: bytes.count)] = UInt8(numbers.index(below: 256))
        guard let table = try? parseNPY(damaged) else { continue }
        #expect(table.values.count <= bytes.count)
      }
    }
  }
}
