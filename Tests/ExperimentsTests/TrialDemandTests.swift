import Foundation
import Planning
import Settings
import Testing

@testable import Experiments

struct TrialDemandTests {
  private func demands(_ text: String, folders: [String] = []) throws -> [TrialDemand] {
    let plan = try plan(text)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: folders))
    let (one, two) = (TrialDemands(runner), TrialDemands(runner))
    let demands = one.demands(of: plan.trials, jobs: 1)
    // However many cores predict, and when asked again.
    #expect(two.demands(of: plan.trials, jobs: 2) == demands)
    #expect(one.demands(of: plan.trials, jobs: 1) == demands)
    return demands
  }

  @Test func whatATrialDoesNotDependOnDoesNotChangeItsDemand() throws {
    let found = try demands(
      smallExperiment(
        grid: #""loss": ["dsm"], "sigma": [0.1, 0.5], "repeat": 3, "#
          + #""training.optimizer.learning_rate": [1e-3, 1e-2]"#))
    #expect(found.count == 12 && found.allSatisfy { $0 == found[0] })
  }

  @Test func trialsAreGroupedByWhatTheyAskAndByHowLongTheyTrain() throws {
    let plan = try plan(
      smallExperiment(
        grid: #""loss": ["ism", "dsm"], "sigma": [0.1, 0.5], "training.steps": [20, 40], "#
          + #""training.clip": [null, 1, 2], "training.early_stopping.patience": [3, 5]"#,
        training: #", "early_stopping": {}"#))
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let groups = TrialDemands(runner).groups(of: plan.trials, jobs: 2)
    // Losses, steps, clipped or not, patience; not sigma, nor what is clipped to.
    #expect(plan.trials.count == 3 * 2 * 3 * 2 && groups.demands.count == 2 * 2 * 2 * 2)
    #expect(groups.group.count == plan.trials.count && groups.group[0] == 0)
    for (trial, group) in zip(plan.trials, groups.group) {
      let length = groups.demands[group].length
      #expect(length.steps == trial.settings.integer("training.steps"))
      #expect(length.patience == trial.settings.integer("training.early_stopping.patience"))
    }
  }

  @Test func ofManyKindsOfTrialsEvenlySpacedOnesStandForTheirNeighbours() throws {
    let plan = try plan(
      smallExperiment(
        grid: #""loss": ["ism"], "training.batch": {"range": [16, 160, 16]}, "repeat": 2"#))
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let all = TrialDemands(runner).groups(of: plan.trials, jobs: 2)
    let some = TrialDemands(runner).groups(of: plan.trials, jobs: 2, sample: 3)
    #expect(all.kinds == (10, 10) && some.kinds == (10, 3))
    #expect(some.group == all.group)
    // The kinds 1, 5 and 8 stand for 0 to 3, 4 to 6 and 7 to 9.
    let places = [1, 1, 1, 1, 5, 5, 5, 8, 8, 8]
    #expect(some.demands == places.map { all.demands[$0] })
    // A sample as large as all is exact.
    let same = TrialDemands(runner).groups(of: plan.trials, jobs: 2, sample: 10)
    #expect(same.demands == all.demands)
  }

  @Test func moreStepsAreMoreWorkInTheSameMemory() throws {
    let found = try demands(
      smallExperiment(grid: #""loss": ["ism"], "training.steps": [100, 300, 500]"#))
    #expect(found[0].operations > 0 && found[0].programs.step > 0)
    // What is done once stays; a step, and the evaluations that come with it, cost the same.
    let more = (
      found[1].operations - found[0].operations, found[2].operations - found[1].operations
    )
    #expect(more.0 > 200 * found[0].programs.step)
    #expect(abs(more.0 - more.1) < 1e-9 * more.0)
    #expect(found[1].bytes == found[0].bytes && found[1].programs == found[0].programs)
  }

  @Test func doublePrecisionAndLargerBatchesTakeMoreMemory() throws {
    for axis in [#""precision": ["float32", "float64"]"#, #""training.batch": [32, 4096]"#] {
      let found = try demands(smallExperiment(grid: #""loss": ["dsm"], "# + axis))
      #expect(found.count == 2 && found[1].memory.training > found[0].memory.training)
      #expect(found[1].memory.validation == found[0].memory.validation)
    }
  }

  @Test func aClosedFormHasNoStepsButMemory() throws {
    let found = try demands(
      smallExperiment(grid: #""loss": ["ism", "gaussian-fit"], "dimension": [2, 60]"#)
    ).filter { $0.programs.step == 0 }
    #expect(found.count == 2)
    #expect(found[1].bytes > found[0].bytes + 300 * 58 * 8)
  }

  @Test func dataFromAFileAreCountedAsTheyWillBeHeld() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<100).map { "\($0),\(($0 * $0) % 17),\(($0 * 7) % 23)" }
    try ("a,b,c\n" + rows.joined(separator: "\n"))
      .write(toFile: folder.file("t.csv"), atomically: true, encoding: .utf8)
    func text(_ path: String) -> String {
      """
      { "name": "csv", "base": { "data": { "type": "csv", "path": "\(path)" } },
        "grid": { "loss": ["ism", "dsm"] }, "metrics": ["implicit_score_matching"] }
      """
    }
    let found = try demands(text("t.csv"), folders: [folder.path])
    #expect(found.allSatisfy { $0.memory.data == 100 * 3 * 8 && $0.operations > 0 })
    // A file that is not there asks for nothing: its trials fail when they run.
    #expect(try demands(text("none.csv")).allSatisfy { $0.operations == 0 && $0.bytes < 10 << 20 })
  }
}
