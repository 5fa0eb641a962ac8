import Experiments
import Foundation
import Planning
import Settings
import Testing

// Seen to fail: with a default changed and the schema file left as it was.
struct ExperimentFilesTests {
  private var folder: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("experiments")
  }

  @Test func everyExperimentOfTheProjectIsPlanned() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.sorted()
    #expect(names.contains("quickstart.json") && names.contains("redwine.json"))
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      let plan = try Plan(reading: bytes, named: name, catalogue: .scoreSweep)
      #expect("\(plan.experiment.name).json" == name)
      #expect(!plan.experiment.tables.isEmpty)
    }
  }

  @Test func theQuickstartHasTheTrialsCountedByHand() throws {
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("quickstart.json")))
    let plan = try Plan(reading: bytes, named: "quickstart.json", catalogue: .scoreSweep)
    // esm and ism once, ssm and ssm-vr with two slices, dsm with three sigmas; five dimensions, four repeats.
    #expect(plan.trials.count == (1 + 1 + 2 + 2 + 3) * 5 * 4)
    #expect(Set(plan.trials.map(\.id)).count == plan.trials.count)
  }

  @Test func theSchemaFileIsTheOneThatTheProgramPrints() throws {
    let file = folder.appendingPathComponent("experiment.schema.json")
    let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let printed = Schema.json(for: .scoreSweep)
    #expect(
      kept.trimmingCharacters(in: .newlines) == printed.trimmingCharacters(in: .newlines),
      "write it anew: scoresweep schema > experiments/experiment.schema.json")
  }
}
