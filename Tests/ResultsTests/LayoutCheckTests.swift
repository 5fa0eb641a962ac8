// The rules of the format. Seen to fail: with equal identities let pass.
import Foundation
import HDF5
import Testing

@testable import Results

@Suite struct LayoutCheckTests {
  let experiment = SampleExperiment()

  /// The problems of a file whose root was written by a body.
  private func problems(_ body: (Group) throws -> Void) throws -> [String] {
    let image = try File.image(named: "t", body)
    return try File.open(image: image, named: "t") { LayoutCheck.problems(in: $0) }
  }

  @Test func filesOfOursBreakNoRule() throws {
    try withFolder { folder throws in
      for count in [0, 1, 7, experiment.records.count] {
        let store = ResultsStore(path: folder + "/\(count).h5")
        try store.seal(Array(experiment.records.prefix(count)))
        try store.merge(experiment.description)
        let found = try File.open(at: store.path) { LayoutCheck.problems(in: $0) }
        #expect(found == [])
      }
    }
  }

  @Test func anEmptyFileSaysWhatItLacks() throws {
    let found = try problems { _ in }
    #expect(found.contains { $0.contains("format_version") })
    #expect(found.contains { $0.contains("/trials") })
  }

  /// Rows that break one rule each, and the words that name it.
  private static let breaches: [(String, @Sendable (inout [RecordRow]) -> Void)] = [
    ("are both", { $0[1].record.id = $0[0].record.id }),
    ("no 32 lowercase hexadecimal digits", { $0[2].record.id = "ABC" }),
    ("/trials/checkpoints", { $0[0].checkpointCount += 1 }),
  ]

  @Test(arguments: breaches.indices)
  func everyBreachIsNamed(_ index: Int) throws {
    let (words, breach) = Self.breaches[index]
    let records = experiment.records
    var rows = records.map { RecordRow($0) }
    breach(&rows)
    let changed = rows
    let found = try problems { root in
      try ResultsWriter.write(changed, nil, to: root) { indices, _ in indices.map { records[$0] } }
    }
    #expect(found.contains { $0.contains(words) }, "\(found)")
  }

  @Test func aMissingColumnAWrongLengthAndAMissingScaleAreNamed() throws {
    let rows = experiment.records.map { RecordRow($0) }
    let found = try problems { root in
      try root.setAttribute("Conventions", to: Layout.conventions)
      try root.setAttribute("format_version", to: Layout.formatVersion)
      let group = try root.createGroup(Layout.trials)
      let scale = try TrialsTable.writeTrialScale(Array(rows.indices), to: group)
      let id = try group.write(rows.map(\.record.id), to: "id")
      try id.setAttribute("long_name", to: "identity")
      try id.attach(scale, toAxis: 0)
      try group.write(["completed"], to: "status")
      try group.setAttribute("column-order", to: ["id", "status", "message"])
      try group.setAttribute("axes", to: [String]())
      try group.setAttribute("metrics", to: [String]())
    }
    #expect(found.contains("/trials: the column message is missing"))
    #expect(found.contains("/trials/status: its shape is [1], not [\(rows.count)]"))
    #expect(found.contains { $0.contains("/trials/status: axis 0 has 0 dimension scales") })
    #expect(found.contains { $0.contains("column-order does not list seconds") })
  }
}
