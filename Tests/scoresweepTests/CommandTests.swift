import Foundation
import Testing

// Seen to fail: writing the listing of a plan to stderr.

@Suite struct CommandTests {
  @Test func helpNamesEveryCommandAndTheExitCodes() throws {
    try Tool.with { tool in
      let run = try tool.run("--help")
      #expect(run.status == 0)
      for word in [
        "init", "validate", "plan", "run", "status", "table", "merge", "verify", "schema", "bench",
        "Exit codes",
      ] {
        #expect(run.output.contains(word))
      }
    }
  }

  @Test(arguments: [
    ["frobnicate"], ["run"], ["run", "x.json", "--jobs", "0"],
    ["run", "x.json", "--timeout", "-1"],
    ["plan", "x.json", "--list", "--json"], ["plan", "x.json", "-j", "0"],
    ["table", "x.h5", "--format", "word"],
    ["bench", "--loss", "gaussian-fit"], ["bench", "--width", "64,0"], ["bench", "--cores", "0"],
    ["bench", "--precision", "float16"],
  ])
  func mistakesOnTheCommandLineEndWithSixtyFour(arguments: [String]) throws {
    try Tool.with { tool in
      let running = try tool.start(arguments)
      running.process.waitUntilExit()
      let run = try running.result()
      #expect(run.status == 64)
      #expect(run.output.isEmpty)
      #expect(!run.words.isEmpty)
    }
  }

  @Test func aPlanIsCountedListedExplainedAndPrintedAsJSON() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      #expect(try tool.run("plan", "example.json").output.contains("trials"))
      let lines = try tool.run("plan", "example.json", "--list").output.split(separator: "\n")
      #expect(lines.count == 6)
      let id = try #require(lines.first?.prefix(32))
      let explained = try tool.run("plan", "example.json", "--explain", String(id))
      #expect(explained.status == 0)
      #expect(explained.output.contains(id))
      let json = try tool.run("plan", "example.json", "--json").output
      let plan = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      #expect((plan?["trials"] as? [Any])?.count == 6)
      #expect(try tool.run("plan", "example.json", "--explain", "zz").status == 64)
    }
  }

  @Test func aPlanSaysWhatIsDoneAndWhatTheRestTakes() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      let before = try tool.run("plan", "example.json", "-j", "1").output
      #expect(before.contains("none in results/example.h5: all 6 are new"))
      #expect(before.contains("predicted  about ") && before.contains("one at a time"))
      #expect(before.contains("memory"))
      #expect(try tool.run("run", "example.json", "--quiet").status == 0)
      let after = try tool.run("plan", "example.json").output
      #expect(after.contains("results  6 done, 0 new in results/example.h5\n"))
      #expect(!after.contains("predicted"))
      // The results of half of a larger grid, in another place.
      try tool.write(
        Example.experiment().replacingOccurrences(of: "0.3", with: "0.2"), to: "other.json")
      let json = try tool.run("plan", "other.json", "-o", "results/example.h5", "--json").output
      let plan = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let results = try #require(plan?["results"] as? [String: Any])
      for (name, count) in ["done": 4, "failed": 0, "new": 2, "stale": 2] {
        #expect(results[name] as? Int == count, "\(name)")
      }
      let predicted = try #require(plan?["predicted"] as? [String: Any])
      #expect(predicted["measured_trials"] as? Int == 4)
      #expect(try #require(predicted["wall_seconds"] as? Double) > 0)
      #expect(try #require(predicted["largest_trial_bytes"] as? Int) > 4 << 20)
    }
  }

  @Test func aBenchmarkTimesAllCombinationsAndSaysWhereTheTimeGoes() throws {
    try Tool.with { tool in
      let run = try tool.run(
        "bench", "--loss", "ssm,ism", "--dimension", "2,3", "--width", "8", "--duration", "0.01",
        "--profile", "--json")
      #expect(run.status == 0)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 4)
      for line in lines {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let profile = try #require(object?["profile"] as? [[String: Any]])
        #expect(profile.contains { $0["primitive"] as? String == "gemm" })
        let parts = profile.compactMap { $0["microseconds"] as? Double }
        #expect(parts.count == profile.count && parts.allSatisfy { $0 >= 0 })
      }
      // The contraction that was chosen: the first weight times the last, before any row.
      let program = try tool.run(
        "bench", "--loss", "ism", "--dimension", "3", "--width", "8", "--program"
      ).output
      #expect(program.contains("gemm 8x8x3 layer0.weight layer2.weight"))
    }
  }

  @Test func theSchemaIsJSON() throws {
    try Tool.with { tool in
      let output = try tool.run("schema").output
      let schema = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
      #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
      let defaults = try tool.run("schema", "--defaults").output
      let table = try JSONSerialization.jsonObject(with: Data(defaults.utf8)) as? [String: Any]
      #expect(table?["version"] as? Int == 1)
      #expect(try tool.run("schema", "--markdown").output.hasPrefix("# Experiment files"))
      #expect(try tool.run("schema", "--markdown", "--defaults").status == 64)
    }
  }

  @Test func tablesComeInEveryFormat() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      #expect(try tool.run("run", "example.json", "--quiet").status == 0)
      let marks = [
        "text": "Two losses", "markdown": "| loss \\\\ sigma |", "latex": "\\toprule",
        "csv": "table,loss,sigma,value,n,mean", "json": "\"written\"",
      ]
      for (format, mark) in marks.sorted(by: { $0.key < $1.key }) {
        let run = try tool.run("table", "results/example.h5", "--format", format)
        #expect(run.status == 0)
        #expect(run.words.isEmpty)
        #expect(run.output.contains(mark), "\(format): \(run.output)")
      }
      #expect(try tool.run("table", "results/example.h5", "--name", "other").status == 64)
      #expect(try tool.run("table", "nothing.h5").status == 2)
    }
  }

  @Test func theStatusCountsWhatIsDoneAndWhatWaits() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      let before = try tool.run("status", "example.json").output
      #expect(before.contains("0 done, 0 failed, 6 waiting of 6"))
      #expect(try tool.run("run", "example.json", "--quiet").status == 0)
      let after = try tool.run("status", "example.json", "--json").output
      #expect(after.contains(#""completed":6"#))
    }
  }
}
