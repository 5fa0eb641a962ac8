// Damaged data files: a table of finite numbers or an error with words, never a crash.
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct DataFuzzTests {
  private static let rounds = Mutations.rounds(2000, full: 10_000)

  /// What a reader made of a file: a table that is one, or an error that says something.
  private func check(_ bytes: [UInt8], _ read: ([UInt8]) throws(DataError) -> Table) -> Bool {
    do {
      let table = try read(bytes)
      let isTable =
        !table.columns.isEmpty && !table.values.isEmpty
        && table.values.count % table.columns.count == 0 && table.values.allSatisfy(\.isFinite)
      #expect(isTable)
      return true
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
  }

  @Test func damagedTablesOfTextAreTablesOrErrors() {
    let originals = [
      "\"a\",b;c\r\n1,-2e3\n\"4\"\"\",5\n", "x,y\n1,2\n3,4\n5,6\n", "1;2;3\r\n4;5;6\r\n",
      "\u{FEFF}\"first, second\",b\n 1 ,2\n\n3,4", "a\tb\n1\t2\n",
    ].map { Array($0.utf8) }
    var mutations = Mutations(
      of: originals,
      words: ["nan", "inf", "1e999", "-0", "\"", "\"\"", "\r", "\r\n", ",", "\u{0}"],
      seed: 17)
    var readable = 0
    for round in 0..<Self.rounds {
      let bytes = mutations.next()
      let separator = Array(",;\t ".utf8)[round % 4]
      let dropped = DroppedColumns(names: [], indices: round % 3 == 0 ? [-1] : [])
      readable +=
        check(bytes) { bytes throws(DataError) in
          try parseCSV(bytes, separator: separator, header: round % 2 == 0, dropping: dropped)
        } ? 1 : 0
    }
    #expect(readable > Self.rounds / 100 && readable < Self.rounds)
  }

  @Test func damagedArraysOfNumPyAreTablesOrErrors() {
    func file(_ header: String, _ body: Int, version: UInt8 = 1) -> [UInt8] {
      let text = Array(header.utf8) + [0x0A]
      let length =
        version == 1
        ? [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
        : [UInt8(text.count & 0xFF), UInt8(text.count >> 8), 0, 0]
      return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text
        + (0..<body).map { UInt8($0 & 0x3F) }
    }
    let originals = [
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", 48),
      file("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3, 1), }", 24, version: 2),
      file("{'descr': '|u1', 'fortran_order': False, 'shape': (6,), }", 6, version: 3),
    ]
    var mutations = Mutations(
      of: originals,
      words: ["9223372036854775807", "99999999999999999999", "-1", "(", ")", "'<i8'", "True", "0"],
      seed: 19)
    var readable = 0
    for _ in 0..<Self.rounds {
      readable +=
        check(mutations.next()) { bytes throws(DataError) in try parseNPY(bytes) } ? 1 : 0
    }
    #expect(readable > Self.rounds / 50 && readable < Self.rounds)
  }

  @Test func damagedImagesAreTablesOrErrors() {
    let originals: [[UInt8]] = [
      [0, 0, 0x08, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<8).map { UInt8($0 * 30) },
      [0, 0, 0x0E, 1, 0, 0, 0, 2] + [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1, 0, 2, 0xFF, 0xFF],
    ]
    var mutations = Mutations(of: originals, seed: 23)
    var readable = 0
    for _ in 0..<Self.rounds {
      readable +=
        check(mutations.next()) { bytes throws(DataError) in try parseIDX(bytes) } ? 1 : 0
    }
    #expect(readable > Self.rounds / 50 && readable < Self.rounds)
  }
}
