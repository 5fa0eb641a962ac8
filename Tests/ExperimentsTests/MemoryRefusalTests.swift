// Trials that no machine can hold. Seen to fail: with twice the free memory let pass; where a
// prediction made arrays of any size, the process ended.
import Planning
import Results
import Testing

@testable import Experiments

struct MemoryRefusalTests {
  private func experiment(_ base: String, metrics: String = #""implicit_score_matching""#) -> String
  {
    """
    { "name": "large",
      "base": { "data": { "type": "gaussian", "train": 100, "validation": 10, "test": 10 },
        "model": { "type": "energy-mlp", "hidden": [4] }, "training": { "steps": 2, "batch": 8 },
        "loss": "dsm", \(base) },
      "grid": { "repeat": 1 }, "metrics": [\(metrics)] }
    """
  }

  @Test func aTrialBeyondAllMemoryIsARowAndNotTheEndOfTheProcess() throws {
    let folder = try TemporaryFolder()
    let chains = #"{ "type": "ais_log_likelihood", "chains": 1000000, "temperatures": 2 }"#
    let texts = [
      experiment(#""dimension": 4096, "sigma": 0.1"#)
        .replacing(#""train": 100,"#, with: #""train": 100000000,"#),
      experiment(
        #""dimension": 4096, "sigma": 0.1, "sampler": { "type": "ula", "samples": 10000000 }"#),
      experiment(#""dimension": 4096, "sigma": 0.1"#, metrics: chains)
        .replacing(#""train": 100,"#, with: #""train": 5000,"#),
      experiment(#""dimension": 4096, "sigma": 0.1"#, metrics: #""ais_log_likelihood""#)
        .replacing(#""train": 100,"#, with: #""train": 5000,"#)
        .replacing(#""test": 10 "#, with: #""test": 100000000 "#),
    ]
    for (number, text) in texts.enumerated() {
      let path = folder.file("\(number).h5")
      let summary = try Sweep(text, at: path).run()
      #expect(summary.isComplete && summary.failed == 1)
      let record = try #require(try records(at: path).first)
      #expect(record.outcome.status == .outOfMemory)
      #expect(record.outcome.message.hasPrefix("not run: it takes about "))
      #expect(record.id.count == 32 && !record.seed.isEmpty && !record.axes.isEmpty)
    }
  }

  @Test func aTrialThatJustFitsIsRun() throws {
    let plan = try plan(experiment(#""dimension": 2, "sigma": 0.1"#))
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let trial = try #require(plan.trials.first)
    #expect(runner.run(trial, taking: 1099, of: 1000)?.outcome.status == .completed)
    #expect(runner.run(trial, taking: 1101, of: 1000)?.outcome.status == .outOfMemory)
    #expect(runner.run(trial, taking: .max, of: .max)?.outcome.status == .completed)
    #expect(runner.run(trial, taking: .max, of: 0)?.outcome.status == .outOfMemory)
  }

  @Test func aShardOfSuchTrialsIsDealtOutToo() throws {
    let text = experiment(
      #""dimension": 4096, "sigma": 0.1, "sampler": { "type": "ula", "samples": 10000000 }"#
    ).replacing(#""repeat": 1"#, with: #""repeat": 4"#)
    let part = ShardOfPlan(
      try #require(Shard(1, of: 2)), of: try plan(text), files: DataFiles(folders: []))
    #expect(part.plan.trials.count == 2 && part.share == 0.5)
  }
}
