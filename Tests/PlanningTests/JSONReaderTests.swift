// Seen to fail: the depth limit taken out, surrogates combined without the 0x10000, the mismatched
// bracket always consumed.

import Settings
import TestSupport
import Testing

@testable import Planning

@Suite struct JSONReaderTests {
  private func read(_ text: String) -> JSONDocument {
    JSONReader.read(SourceText(Array(text.utf8), name: "t.json"))
  }

  @Test func valuesAreReadWithCommentsBetweenThem() {
    let document = read(
      """
      // first
      {"a": [1, true, null, "x\\u00e9\\ud83d\\ude00 \\"\\\\\\/\\n"], // then
       "b": {"c": -1.5e3}, "d//e": "f // g"} // end
      """)
    #expect(document.diagnostics == [])
    #expect(
      document.root.plain?.canonicalJSON
        == #"{"a":[1,true,null,"xé😀 \"\\/\n"],"b":{"c":-1500},"d//e":"f // g"}"#)
  }

  @Test func aByteOrderMarkAndWindowsLinesAreAccepted() {
    let document = read("\u{feff}{\r\n  \"a\": 1,\r\n  \"b\": x\r\n}\r\n")
    #expect(document.diagnostics.count == 1)
    #expect(document.diagnostics.first?.line == 3)
    #expect(document.diagnostics.first?.column == 8)
    #expect(document.diagnostics.first?.sourceLine == "  \"b\": x")
  }

  @Test func utf16IsNamed() {
    let document = JSONReader.read(SourceText([0xff, 0xfe, 0x7b, 0], name: "t.json"))
    #expect(document.diagnostics.map(\.message) == ["the file is UTF-16"])
  }

  @Test func bytesThatAreNotUTF8AreReportedOncePerRun() {
    var bytes = Array("{\"a\": \"x".utf8)
    bytes += [0xff, 0xfe]
    bytes += Array("y".utf8)
    bytes += [0xc0, 0xaf, 0xed, 0xa0, 0x80]  // overlong and a surrogate
    bytes += Array("é\"}".utf8)
    let document = JSONReader.read(SourceText(bytes, name: "t.json"))
    #expect(document.diagnostics.map(\.column) == [9, 12])
    #expect(document.diagnostics.allSatisfy { $0.message.hasPrefix("bytes that are not UTF-8") })
  }

  @Test func placesCountCharacters() throws {
    let text = "{\n  \"é😀\": {\"ü\": 12}\n}"
    let document = read(text)
    let source = SourceText(Array(text.utf8), name: "t.json")
    let node = try #require(document.root["é😀"]?.value["ü"]?.value)
    let (line, column) = source.position(of: node.span.lowerBound)
    #expect(line == 2)
    #expect(column == 15)
    #expect(source.width(of: node.span) == 2)
  }

  @Test func numbersKeepEveryDigitThatADoubleHas() {
    let texts = [
      "0.1", "-0", "1e0", "1.0", "123456789012345683968", "5e-324", "1.7976931348623157e308",
    ]
    let values = [
      0.1, 0, 1, 1, 123456789012345683968, .leastNonzeroMagnitude, 1.7976931348623157e308,
    ]
    for (text, value) in zip(texts, values) {
      #expect(read(text).root.plain == .number(value), "\(text)")
    }
    #expect(read("-0").root.plain?.canonicalJSON == "0")
  }

  @Test func aHundredThousandBracketsAreAnError() {
    for bracket in ["[", "{\"a\":", "[[],"] {
      let document = read(String(repeating: bracket, count: 100_000))
      #expect(document.diagnostics.first?.kind == .depth)
    }
    #expect(read(String(repeating: "]", count: 100_000)).diagnostics.count >= 1)
  }

  @Test func sixtyFourLevelsAreAccepted() {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(read(text).diagnostics == [])
    #expect(read("[" + text + "]").diagnostics.map(\.kind) == [.depth])
  }

  @Test func aSlipOfOneBracketIsOneMistake() {
    #expect(read(#"{"a": [1, 2}, "b": 3}"#).diagnostics.count == 1)
    #expect(read(#"{"a": {"c": 2], "b": 3}"#).diagnostics.count == 1)
    #expect(read(#"{"a": [1, [2, 3], "b": 3}"#).diagnostics.count >= 1)
  }

  @Test func pathsNameOddKeys() {
    let document = read(#"{"a b": {"c": [0, {"d.e": tru}]}}"#)
    #expect(document.diagnostics.first?.path == #"["a b"].c[1].d.e"#)
  }

  @Test func aFloodOfMistakesIsCutOff() {
    let document = read("[" + String(repeating: "x,", count: 100_000) + "1]")
    #expect(document.diagnostics.count == JSONReader.diagnosticLimit)
    let error = InvalidExperiment(document.diagnostics, in: "t.json")
    #expect(error.description.hasSuffix("200 mistakes, of which 100 are not shown\n"))
  }
}
