// Each file below has the mistakes that its name says; the snapshots are what its author reads. Seen to fail: a column
// counted in bytes, the nearest name left out.

import Planning
import TestSupport
import Testing

@Suite struct DiagnosticSnapshotTests {
  @Test(arguments: BrokenFiles.syntax)
  func mistakesOfSyntaxAreExplained(_ file: BrokenFile) {
    check(file)
  }

  @Test(arguments: BrokenFiles.settings)
  func mistakesInSettingsAreExplained(_ file: BrokenFile) {
    check(file)
  }

  @Test(arguments: BrokenFiles.grid)
  func mistakesInTheGridAreExplained(_ file: BrokenFile) {
    check(file)
  }

  @Test(arguments: BrokenFiles.tables)
  func mistakesInMetricsAndTablesAreExplained(_ file: BrokenFile) {
    check(file)
  }

  private func check(_ file: BrokenFile) {
    guard let error = mistakes(file.text) else {
      Issue.record("\(file.name) has no mistake")
      return
    }
    expectSnapshot(error.description, named: "diagnostics-" + file.name)
  }
}

/// An experiment file with mistakes.
struct BrokenFile: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }

  var testDescription: String { name }
}
