import Execution
import Planning
import Results
import ScoreMatching
import Settings
import Synchronization
import Testing

@testable import Experiments

struct FullBatchTests {
  private func run(
    _ text: String, limits: TrialRunner.Limits = TrialRunner.Limits()
  ) throws -> [TrialRecord?] {
    let plan = try plan(text)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []), limits: limits)
    return plan.trials.map { runner.run($0) }
  }

  private func gaussian(_ grid: String, lbfgs: String = #""tolerance": 1e-9"#) -> String {
    """
    { "name": "gaussian", "seed": 3,
      "base": {
        "data": { "type": "gaussian", "covariance": "equicorrelated", "train": 500, "validation": 50, "test": 100 },
        "dimension": 3, "precision": "float64", "model": "gaussian", "fit": "full-batch",
        "lbfgs": { \(lbfgs) } },
      "grid": { \(grid) },
      "metrics": ["implicit_score_matching", "log_likelihood", "converged"] }
    """
  }

  @Test(
    "Maximum likelihood, implicit and explicit score matching fit Gaussians as the closed form does"
  )
  func closedForm() throws {
    let records = try run(gaussian(#""loss": ["ml", "ism", "esm", "gaussian-fit"]"#))
      .compactMap { $0 }
    try #require(records.count == 4)
    for metric in ["implicit_score_matching", "log_likelihood"] {
      let values = try records.map { try #require($0.metric(metric)) }
      #expect((values[0] - values[3]).magnitude < 1e-9, "ml, \(metric): \(values)")
      #expect((values[1] - values[3]).magnitude < 1e-9, "ism, \(metric): \(values)")
    }
    for record in records.prefix(3) {
      #expect(record.outcome == .completed && record.metric("converged") == 1)
      #expect(record.parameterCount == 9 && record.steps > 3)
      #expect(record.curves.map(\.step) == Array(0...record.steps))
      let (first, last) = (try #require(record.curves.first), try #require(record.curves.last))
      #expect(last.trainingLoss < first.trainingLoss && last.gradientNorm <= 1e-9)
      #expect(last.validationLoss < first.validationLoss)
    }
    #expect(records[3].metric("converged") == nil)
  }

  @Test("A trial that hits the cap is complete, and says so in its message and its metric")
  func cap() throws {
    let record = try #require(
      try run(gaussian(#""loss": ["ml"]"#, lbfgs: #""tolerance": 1e-9, "iterations": 3"#))[0])
    #expect(record.outcome.status == .completed)
    #expect(record.outcome.message.hasPrefix("not converged at the cap of 3 iterations"))
    #expect(record.outcome.message.hasSuffix("raise lbfgs.iterations"))
    #expect(record.metric("converged") == 0 && record.steps == 3)
  }

  @Test(
    "In single precision a tolerance beyond its rounding is not reached, and the message says why")
  func singlePrecision() throws {
    let text = gaussian(#""loss": ["ml"], "precision": ["float32"]"#, lbfgs: #""tolerance": 1e-12"#)
    let record = try #require(try run(text)[0])
    #expect(record.metric("converged") == 0)
    #expect(record.outcome.message.contains("use precision float64"), "\(record.outcome)")
    let easy = gaussian(#""loss": ["ml"], "precision": ["float32"]"#, lbfgs: #""tolerance": 1e-4"#)
    #expect(try run(easy)[0]?.metric("converged") == 1)
  }

  @Test(
    "What a loss draws is drawn once: it converges, twice to the same bits; more draws are others")
  func commonRandomNumbers() throws {
    let text = { (draws: Int) in
      gaussian(
        #""loss": ["dsm", "ssm"], "sigma": 0.5"#,
        lbfgs: #""tolerance": 1e-8, "draws": \#(draws)"#)
    }
    let (first, second, more) = (try run(text(2)), try run(text(2)), try run(text(3)))
    for ((a, b), c) in zip(zip(first, second), more) {
      let (a, b, c) = (try #require(a), try #require(b), try #require(c))
      #expect(a.metric("converged") == 1 && a.hasSameResults(as: b))
      #expect(a.parameters != c.parameters)
    }
  }

  @Test("It is given up when it is stopped, and ends at the limit of time with what it has")
  func limits() throws {
    let calls = Mutex(0)
    let stopped = TrialRunner.Limits(isStopped: {
      calls.withLock { $0 += 1 }
      return calls.withLock { $0 } > 4
    })
    #expect(try run(gaussian(#""loss": ["ml"]"#), limits: stopped)[0] == nil)
    let late = try #require(
      try run(gaussian(#""loss": ["ml"]"#), limits: TrialRunner.Limits(seconds: 0))[0])
    #expect(late.outcome.status == .timedOut && late.metric("converged") == 0)
  }

  @Test("Its memory is that of its arenas, its rows and the pairs that L-BFGS remembers")
  func memory() throws {
    let text = gaussian(#""loss": ["ml", "dsm", "esm"], "precision": ["float32", "float64"]"#)
    let plan = try plan(text)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let demands = TrialDemands(runner).demands(of: plan.trials, jobs: 1)
    for (trial, demand) in zip(plan.trials, demands) {
      let isDouble = trial.settings.text("precision") == "float64"
      let data = try TrialData(trial, files: DataFiles(folders: []))
      let loss = try #require(TrainingLoss(trial.settings))
      let model = Models.make(for: trial.settings, dimension: 3)
      let fit = FullBatch(loss, of: model, trial.settings["lbfgs"] ?? .null)
      let held =
        isDouble
        ? try FullBatchSession<Double>(trial, data, fit, runner.programs, runner).arenaBytes
        : try FullBatchSession<Float>(trial, data, fit, runner.programs, runner).arenaBytes
      #expect(
        demand.memory.training
          == held.step + 1500 * (isDouble ? 8 : 4) + (2 * 20 + 6) * 12 * 8)
      #expect(demand.memory.validation == held.validation + 150 * 8)
      #expect(demand.length.steps == 1000 && demand.length.earliestStop == 1)
    }
  }
}
