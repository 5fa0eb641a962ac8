// Seen to fail: the caret left without its end of colour.

import TestSupport
import Testing

@testable import Planning

@Suite struct DiagnosticTextTests {
  private let broken = """
    { "name": "t", "base": { "data": "gaussian" },
      "grid": { "loss": ["ism", "smm"], "repeat": 1e400 } }
    """

  @Test func coloursAreAddedToTheSameText() throws {
    for file in BrokenFiles.all {
      let error = try #require(
        mistakes(file.text, files: file.files, amendments: file.amendments))
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

extension BrokenFiles {
  /// Every file with mistakes.
  static var all: [BrokenFile] { syntax + settings + grid + tables + language }
}
