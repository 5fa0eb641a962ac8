// Seen to fail: a setting of the starter misspelt.

import Foundation
import Testing

@testable import scoresweep

@Suite struct InitCommandTests {
  @Test func theStarterIsPlannedAsItIs() throws {
    try Tool.with { tool in
      let run = try tool.run("init", "first.json")
      #expect(run.status == 0)
      #expect(run.output.isEmpty)
      #expect(run.words.contains("scoresweep plan first.json"))
      let plan = try tool.run("plan", "first.json").output
      // In 2 dimensions ism, ssm-vr and three sigmas of dsm; in 8 two sigmas with two step sizes; three repeats.
      #expect(plan.firstMatch(of: /\ntrials +33\n/) != nil)
      #expect(plan.contains("sigma applies only to loss dsm"))
      #expect(plan.contains("excluded: so little noise"))
      #expect(plan.hasPrefix("first: "))
    }
  }

  @Test func aFileThatExistsIsNotTouched() throws {
    try Tool.with { tool in
      try tool.write("mine", to: "experiment.json")
      let run = try tool.run("init")
      #expect(run.status == 2)
      #expect(run.words.contains("experiment.json"))
      let kept = try String(
        contentsOf: tool.folder.appendingPathComponent("experiment.json"), encoding: .utf8)
      #expect(kept == "mine")
      #expect(try tool.run("init", "no/such/folder/x.json").status == 2)
    }
  }

  @Test func aDashPrintsTheStarterAndWritesNothing() throws {
    try Tool.with { tool in
      let run = try tool.run("init", "-")
      #expect(run.status == 0)
      #expect(run.output == Starter.text(named: "experiment"))
      #expect(!tool.exists("-") && !tool.exists("experiment.json"))
    }
  }

  @Test(arguments: [
    ("sweep.json", "sweep"), ("a/b/two-moons.json", "two-moons"), ("x", "x"),
    ("my sweep.json", "experiment"), (".json", "experiment"), ("größe.json", "experiment"),
    ("-x.json", "experiment"),
  ])
  func theNameIsTheFilesWhereItCanBe(path: String, name: String) {
    #expect(Starter.name(for: path) == name)
  }
}
