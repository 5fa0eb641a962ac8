// Seen to fail: the caret left without its end of colour.

import Foundation
import Settings
import TestSupport
import Testing

@testable import Planning

@Suite struct DiagnosticTextTests {
  private let broken = """
    { "name": "t", "base": { "data": "gaussian" },
      "grid": { "loss": ["ism", "smm"], "repeat": 1e400 } }
    """

  @Test func coloursAreAddedToTheSameText() throws {
    for file in BrokenFiles.syntax + BrokenFiles.settings + BrokenFiles.grid + BrokenFiles.tables {
      let error = try #require(mistakes(file.text))
      #expect(error.text(.plain) == error.description)
      let bare = error.text(.colored).replacing(/\u{1b}\[[0-9;]*m/, with: "")
      #expect(bare == error.description)
      #expect(!error.description.contains("\u{1b}"))
    }
  }

  @Test func everyLineEndsWithoutColour() throws {
    let error = try #require(mistakes(broken))
    for line in error.text(.colored).split(separator: "\n") {
      let marks = line.matches(of: /\u{1b}\[([0-9;]*)m/).map(\.output.1)
      for (index, mark) in marks.enumerated() {
        #expect((mark == "0") == (index % 2 == 1), "\(line)")
      }
      #expect(marks.count % 2 == 0)
    }
  }

  @Test func theColouredTextIsAsRecorded() throws {
    let error = try #require(mistakes(broken))
    expectSnapshot(
      error.text(.colored).replacing("\u{1b}", with: "ESC"), named: "diagnostics-in-colour")
  }
}

@Suite struct DiagnosticJSONTests {
  @Test func programsReadEveryPartOfAMistake() throws {
    for file in BrokenFiles.syntax + BrokenFiles.settings + BrokenFiles.grid + BrokenFiles.tables {
      let error = try #require(mistakes(file.text))
      // Foundation's reader, not ours, says that it is JSON.
      let parsed = try JSONSerialization.jsonObject(with: Data(error.json.utf8)) as? [String: Any]
      let list = try #require(parsed?["diagnostics"] as? [[String: Any]])
      #expect(list.count == error.diagnostics.count)
      for (object, diagnostic) in zip(list, error.diagnostics) {
        #expect(object.count == 10)
        #expect(object["file"] as? String == "t.json")
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
