import Execution
import Planning
import Results
import ScoreMatching
import Settings
import Synchronization
import Testing

@testable import Experiments

// Seen to fail with other draws at each evaluation, with one draw for all or their sum, with a stop not heard, with the rounding of double precision for single, with
// convergence always claimed, with the limit of time not looked at; with the last start kept, all starts from one
// point, degenerate ends kept for their loss, curves of all starts, and a collapse told as rounding.
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

  @Test("The loss is the mean over the draws, each of them another")
  func meanOverDraws() throws {
    let losses = try [1, 2, 3].map { draws in
      let text = gaussian(
        #""loss": ["dsm"], "sigma": 0.5"#, lbfgs: #""iterations": 0, "draws": \#(draws)"#)
      return try #require(try run(text)[0]?.curves.first?.trainingLoss)
    }
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
      let difference = (losses[one] / losses[other] - 1).magnitude
      #expect(difference > 1e-6 && difference < 0.2, "\(losses)")
    }
  }

  private func mixture(
    _ model: String, lbfgs: String, train: Int = 60, metrics: String = ""
  ) -> String {
    """
    { "name": "mixture", "seed": 4,
      "base": {
        "data": { "type": "gaussian-mixture", "means": [[-8], [0], [8]], "train": \(train), "validation": 50,
          "test": 300 },
        "dimension": 1, "precision": "float64", "loss": "ml", "fit": "full-batch",
        "model": { "type": "mixture" \(model) }, "lbfgs": { "tolerance": 1e-7 \(lbfgs) } },
      "grid": { "repeat": 6 }, "metrics": ["log_likelihood", "converged" \(metrics)] }
    """
  }

  @Test("A normal that narrows on a row is told as that, not as rounding")
  func collapse() throws {
    let records = try run(mixture(#", "components": 12, "scale": 0.05"#, lbfgs: "", train: 24))
      .compactMap { $0 }
    let collapsed = records.filter { $0.outcome.message.contains("narrows on a training row") }
    #expect(collapsed.count >= 3, "\(records.map(\.outcome))")
    for record in records {
      #expect(!record.outcome.message.contains("rounding"), "\(record.outcome)")
    }
    for record in collapsed {
      #expect(record.outcome.status == .completed && record.metric("converged") == 0)
      #expect(record.outcome.message.contains("the scale of component"))
    }
  }

  @Test(
    "Of several starts the least training loss is kept, and the first is the one that there was")
  func starts() throws {
    let one = try run(mixture(#", "components": 3"#, lbfgs: "", train: 300)).compactMap { $0 }
    let many = try run(
      mixture(
        #", "components": 3"#, lbfgs: #", "starts": 12"#, train: 300,
        metrics: #", "parameter_error""#)
    ).compactMap { $0 }
    try #require(one.count == 6 && many.count == 6)
    var isLower = false
    for (a, b) in zip(one, many) {
      let (first, best) = (
        try #require(a.curves.last?.trainingLoss), try #require(b.curves.last?.trainingLoss)
      )
      #expect(best <= first)
      if best == first { #expect(a.parameters == b.parameters && a.steps == b.steps) }
      isLower = isLower || best < first - 0.01
      #expect(b.metric("converged") == 1 && b.curves.map(\.step) == Array(0...b.steps))
      #expect(try #require(b.metric("parameter_error")) < 0.5)
    }
    #expect(isLower)
    let rows = try run(
      mixture(#", "components": 3, "start": "rows""#, lbfgs: #", "starts": 3"#, train: 300))
    for (a, b) in zip(rows, many) {
      let (a, b) = (try #require(a?.curves.last), try #require(b.curves.last))
      #expect((a.trainingLoss - b.trainingLoss).magnitude < 1e-9)
    }
  }

  @Test("A start that degenerates is not kept beside one that does not, though its loss is lower")
  func soundStarts() throws {
    let text = { (count: Int) in
      self.mixture(#", "components": 5, "scale": 0.3"#, lbfgs: #", "starts": \#(count)"#, train: 40)
    }
    let (one, many) = (try run(text(1)).compactMap { $0 }, try run(text(15)).compactMap { $0 })
    func isSound(_ record: TrialRecord) -> Bool {
      !record.outcome.message.contains("narrows on")
    }
    #expect(one.contains { !isSound($0) }, "\(one.map(\.outcome))")
    #expect(many.allSatisfy(isSound), "\(many.map(\.outcome))")
  }

  @Test("Rows that lie in a line leave a Gaussian's precision without bound, which is said")
  func degenerateRows() throws {
    let text = gaussian(#""loss": ["ml"]"#).replacing(#""train": 500"#, with: #""train": 3"#)
    let record = try #require(try run(text)[0])
    #expect(record.metric("converged") == 0)
    #expect(
      record.outcome.message.contains("the precision grows without bound"), "\(record.outcome)")
  }

  @Test("Starts that would all be the same are refused")
  func sameStarts() throws {
    func mistake(_ text: String) -> String {
      do {
        _ = try plan(text)
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      mistake(gaussian(#""loss": ["ml"]"#, lbfgs: #""starts": 2"#)).contains("every time the same"))
    #expect(mistake(gaussian(#""loss": ["ml"]"#, lbfgs: #""starts": 1"#)).isEmpty)
    let given = mixture(#", "means": [[1], [2], [3]]"#, lbfgs: #", "starts": 2"#)
    #expect(mistake(given).contains("every time the same"))
    #expect(
      mistake(mixture(#", "means": [[1], [2], [3]], "start": "rows""#, lbfgs: ""))
        .contains("cannot start at training rows"))
  }

  @Test("It is given up when it is stopped, and ends at the limit of time with what it has")
  func limits() throws {
    let calls = Mutex(0)
    let stopped = TrialRunner.Limits(isStopped: {
      calls.withLock { $0 += 1 }
      return calls.withLock { $0 } > 4
    })
    #expect(try run(gaussian(#""loss": ["ml"]"#), limits: stopped)[0] == nil)
    // Nothing to measure: it is the fit that is given up.
    let unmeasured = gaussian(#""loss": ["ml"]"#)
      .replacing(#""implicit_score_matching", "log_likelihood", "converged""#, with: "")
    let always = TrialRunner.Limits(isStopped: { true })
    #expect(try run(unmeasured, limits: always)[0] == nil)
    #expect(try run(unmeasured)[0]?.outcome == .completed)
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
