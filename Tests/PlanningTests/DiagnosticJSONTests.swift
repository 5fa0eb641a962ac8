import Foundation
import Testing

@testable import Planning

@Suite struct DiagnosticJSONTests {
  @Test func programsReadEveryPartOfAMistake() throws {
    for file in BrokenFiles.all {
      let error = try #require(
        mistakes(file.text, files: file.files, amendments: file.amendments))
      // Foundation's reader, not ours, says that it is JSON.
      let parsed = try JSONSerialization.jsonObject(with: Data(error.json.utf8)) as? [String: Any]
      let list = try #require(parsed?["diagnostics"] as? [[String: Any]])
      #expect(list.count == error.diagnostics.count)
      for (object, diagnostic) in zip(list, error.diagnostics) {
        #expect(object.count == 10)
        #expect(object["file"] as? String == diagnostic.file)
        #expect(object["line"] as? Int == diagnostic.line)
        #expect(object["column"] as? Int == diagnostic.column)
        #expect(object["width"] as? Int == diagnostic.width)
        #expect(object["path"] as? String == diagnostic.path)
        #expect(object["message"] as? String == diagnostic.message)
        #expect(object["expected"] as? String == diagnostic.expected)
        #expect(object["nearest"] as? String == diagnostic.nearest)
        #expect(object["remedy"] as? String == diagnostic.remedy)
        let kind = try #require(object["kind"] as? String)
        #expect(kind.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil)
      }
    }
  }

  @Test func kindsAreWordsInLowerSnakeCase() {
    #expect(Diagnostic.Kind.duplicateKey.word == "duplicate_key")
    #expect(Diagnostic.Kind.syntax.word == "syntax")
  }
}
