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

  @Test(arguments: BrokenFiles.language)
  func mistakesInTheLanguageOfGridsAreExplained(_ file: BrokenFile) {
    check(file)
  }

  @Test func thereAreSixtyOfThem() {
    let all =
      BrokenFiles.syntax + BrokenFiles.settings + BrokenFiles.grid + BrokenFiles.tables
      + BrokenFiles.language
    #expect(Set(all.map(\.name)).count >= 60)
  }

  private func check(_ file: BrokenFile) {
    guard let error = mistakes(file.text, files: file.files, amendments: file.amendments) else {
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
  /// The files that it may include.
  let files: [String: String]
  let amendments: Amendments

  init(
    _ name: String, _ text: String, files: [String: String] = [:],
    amendments: Amendments = Amendments()
  ) {
    self.name = name
    self.text = text
    self.files = files
    self.amendments = amendments
  }

  var testDescription: String { name }
}
