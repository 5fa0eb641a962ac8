import Execution
import Foundation
import Planning
import ScoreMatching
import Settings
import Testing

@testable import Experiments

// Seen to fail: with the workspace of packed panels left out of the prediction.
struct TrialMemoryTests {
  private func trials(_ text: String) throws -> (trials: [Trial], runner: TrialRunner) {
    let plan = try plan(text)
    return (plan.trials, TrialRunner(plan: plan, files: DataFiles(folders: [])))
  }

  @Test func eachPartIsTheMemoryThatTheTrialsArenasHold() throws {
    let (trials, runner) = try trials(
      smallExperiment(
        grid: #""loss": ["esm", "ism", "ssm-vr", "dsm"], "dimension": [3, 40], "#
          + #""precision": ["float32", "float64"], "training.ema": [null, 0.9]"#))
    #expect(trials.count == 32)
    let demands = TrialDemands(runner).demands(of: trials, jobs: 1)
    for (trial, demand) in zip(trials, demands) {
      let data = try TrialData(trial, files: DataFiles(folders: []))
      let isDouble = trial.settings.text("precision") == "float64"
      let held =
        isDouble
        ? try arenaBytes(trial, data, runner, Double.self)
        : try arenaBytes(trial, data, runner, Float.self)
      let bytes = isDouble ? 8 : 4
      let (train, validation) = (data.train.count, data.validation.count)
      let memory = demand.memory
      #expect(memory.training == held.step + train * bytes + (train / data.dimension + 32) * 4)
      #expect(memory.validation == held.validation + validation * 8)
      #expect(memory.measuring == held.measuring + data.test.count * 8)
      #expect(memory.data == (train + validation + data.test.count) * 8)
      let isExplicit = trial.settings.text("loss.type") == "esm"
      #expect(memory.targets == (isExplicit ? train * bytes + validation * 8 : 0))
      #expect((memory.exactScores > 0) == isExplicit)
      #expect(demand.bytes > memory.training + memory.validation + memory.measuring)
    }
  }

  private func arenaBytes<Scalar: ProgramScalar>(
    _ trial: Trial, _ data: TrialData, _ runner: TrialRunner, _: Scalar.Type
  ) throws -> (step: Int, validation: Int, measuring: Int) {
    let settings = trial.settings
    let loss = try #require(TrainingLoss(settings))
    let model = Models.make(settings["model"] ?? .null, dimension: data.dimension)
    let minimisation = Minimisation(loss, of: model, Training(settings["training"] ?? .null))
    let session = try Session<Scalar>(trial, data, minimisation, runner.programs, runner)
    // One metric after the other.
    let measuring = try runner.items(settings, data.target).map { item in
      try Evaluator(
        [item], of: model.subject, on: data.test, keys: [], programs: runner.programs
      ).arenaBytes
    }
    return (
      session.arenaBytes.step, session.arenaBytes.validation, try #require(measuring.max())
    )
  }
}
