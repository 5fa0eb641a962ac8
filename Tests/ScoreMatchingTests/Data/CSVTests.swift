// Seen to fail with the line counted from 0, with open quotes and text behind quotes let pass, and with empty lines taken
// as rows.
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct CSVTests {
  static func parse(
    _ text: String, separator: String = ",", header: Bool = true,
    dropping dropped: DroppedColumns = .init()
  ) throws(DataError) -> Table {
    try parseCSV(
      Array(text.utf8), separator: separator.utf8.first ?? 0, header: header, dropping: dropped)
  }

  @Test func namesAndNumbersAreReadRowByRow() throws {
    let table = try Self.parse("a,b\n1,2.5\n-3e2,.5\n")
    #expect(table == Table(columns: ["a", "b"], values: [1, 2.5, -300, 0.5]))
    #expect(try Self.parse("1,2\n3,4", header: false).columns == ["0", "1"])
  }

  @Test func quotesLineEndsMarksAndBlanksAreUnderstood() throws {
    let table = try Self.parse(
      "\u{FEFF}\"fixed; acidity\";\"a \"\"b\"\"\"\r\n\r\n 7.4 ;3.38e-005\r\n\"1\";2", separator: ";"
    )
    #expect(table.columns == ["fixed; acidity", "a \"b\""])
    #expect(table.values == [7.4, 3.38e-5, 1, 2])
  }

  @Test func aFieldOverSeveralLinesCountsThemAndEqualNamesStay() throws {
    let table = try Self.parse("\"a\nb\",\"c\"  ,c\r\n1,2,3\r\n")
    #expect(table.columns == ["a\nb", "c  ", "c"] && table.values == [1, 2, 3])
    #expect(throws: DataError.notANumber(line: 3, column: "0", text: " x")) {
      try Self.parse("\"1\"\n\n x", header: false).columns
    }
  }

  @Test func droppedColumnsMayHoldAnything() throws {
    let text = "id,x,label\nA,1,red\nB,2,\n"
    let dropped = DroppedColumns(names: ["id"], indices: [-1])
    #expect(try Self.parse(text, dropping: dropped) == Table(columns: ["x"], values: [1, 2]))
  }

  static let mistakes: [(String, DroppedColumns, DataError)] = [
    ("", .init(), .empty),
    ("a,b\n", .init(), .empty),
    ("a,b\n1,2\n\n3\n", .init(), .raggedRow(line: 4, found: 1, expected: 2)),
    ("a,b\n1,2,\n", .init(), .raggedRow(line: 2, found: 3, expected: 2)),
    ("a,b\n1,2\n3,x4\n", .init(), .notANumber(line: 3, column: "b", text: "x4")),
    ("a,b\n1,\n", .init(), .notANumber(line: 2, column: "b", text: "")),
    ("a\nnan\n", .init(), .notANumber(line: 2, column: "a", text: "nan")),
    ("a\n1e999\n", .init(), .notANumber(line: 2, column: "a", text: "1e999")),
    ("a\n0x10\n", .init(), .notANumber(line: 2, column: "a", text: "0x10")),
    ("a\n1 2\n", .init(), .notANumber(line: 2, column: "a", text: "1 2")),
    ("a;b\n1;2\n", .init(), .otherSeparator(line: 2, ";")),
    ("a;b\n1;2\n", .init(names: ["b"]), .otherSeparator(line: 2, ";")),
    ("a\tb\nx\t2\n", .init(), .otherSeparator(line: 2, "\t")),
    ("a b c\n1 2 3\n", .init(), .otherSeparator(line: 2, " ")),
    ("a;b\nx;y\n", .init(), .notANumber(line: 2, column: "a;b", text: "x;y")),
    ("a\n\"1\n2\n", .init(), .unterminatedQuote(line: 2)),
    ("a\n\"1\"2\n", .init(), .textBehindQuote(line: 2)),
    ("a\n1\n\"\"\"\"3\n", .init(), .textBehindQuote(line: 3)),
    ("a\n\"\"\n", .init(), .notANumber(line: 2, column: "a", text: "")),
    ("a\nNaN\n", .init(), .notANumber(line: 2, column: "a", text: "NaN")),
    ("a\n-inf\n", .init(), .notANumber(line: 2, column: "a", text: "-inf")),
    ("a\nNA\n", .init(), .notANumber(line: 2, column: "a", text: "NA")),
    ("a\n1,5\n", .init(), .raggedRow(line: 2, found: 2, expected: 1)),
    ("a;b\n1,5;2\n", .init(), .raggedRow(line: 2, found: 2, expected: 1)),
    ("\u{FEFF}", .init(), .empty),
    ("\r\n\r\n", .init(), .empty),
    ("a,b\r1,2\r", .init(), .empty),
    ("a,b\n1,2\r\r\n", .init(), .notANumber(line: 2, column: "b", text: "2\r")),
    ("a,b,\n1,2\n", .init(), .raggedRow(line: 2, found: 2, expected: 3)),
    ("a,b\n1,2\n", .init(names: ["c"]), .unknownColumn("c", known: ["a", "b"])),
    ("a,b\n1,2\n", .init(indices: [-3]), .columnOutOfRange(-3, count: 2)),
    ("a,b\n1,2\n", .init(indices: [0, 1]), .noColumns),
  ]

  @Test(arguments: mistakes.indices)
  func everyMistakeIsNamedWithItsPlace(_ index: Int) {
    let (text, dropped, expected) = Self.mistakes[index]
    #expect(throws: expected) { try Self.parse(text, dropping: dropped) }
    #expect(!expected.description.isEmpty)
  }

  @Test func aForgottenSeparatorIsToldWithAndWithoutAHeader() throws {
    #expect(throws: DataError.otherSeparator(line: 1, ";")) {
      try parseCSV(Array("1;2\n3;4\n".utf8), separator: 0x2C, header: false)
    }
    #expect(
      DataError.otherSeparator(line: 1, ";").description.hasSuffix(
        "say \"separator\": \";\" in data"))
    #expect(
      DataError.otherSeparator(line: 1, "\t").description.contains(
        #"tabulators; say "separator": "\t""#))
    // One column of numbers whose name has the character stays what it is.
    let table = try parseCSV(Array("a;b\n1\n2\n".utf8), separator: 0x2C, header: true)
    #expect(table == Table(columns: ["a;b"], values: [1, 2]))
  }

  @Test func noBytesStopTheProgram() {
    var numbers = TestNumbers(seed: 1)
    let start = Array("\"a\",b;c\r\n1,-2e3\n\"4\"\"\",5\n".utf8)
    var readable = 0
    for _ in 0..<5000 {
      var bytes = start
      for _ in 0...numbers.index(below: 4) {
        bytes[numbers.index(below: bytes.count)] = UInt8(numbers.index(below: 256))
      }
      bytes.removeLast(numbers.index(below: bytes.count))
      if (try? parseCSV(bytes, separator: 0x2C, header: numbers.uniform() < 0)) != nil {
        readable += 1
      }
    }
    #expect(readable < 5000)
  }

  @Test func bytesThatAreNotTextAreRefused() {
    #expect(throws: DataError.notText) {
      try parseCSV([0x61, 0xFF, 0x0A, 0x31], separator: 0x2C, header: true)
    }
  }
}
