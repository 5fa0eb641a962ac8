import Planning
import Results
import Synchronization
import Testing

@testable import Experiments

struct DeadlineTests {
  /// What takes minutes: a sampler, a metric's simulation, minibatches, directions.
  private static let endless = [
    (#", "sampler": { "type": "ula", "samples": 1000, "steps": 1000000 }"#, ""),
    ("", #", { "type": "ais_log_likelihood", "temperatures": 100000, "chains": 1000 }"#),
    ("", #", { "type": "gradient_variance", "minibatches": 1000000 }"#),
    (
      #", "sampler": { "type": "ula", "samples": 1000, "steps": 5 }"#,
      #", { "type": "sliced_wasserstein", "slices": 1000000 }"#
    ),
  ]

  private func run(
    _ extra: (base: String, metrics: String), _ limits: TrialRunner.Limits
  ) throws -> (record: TrialRecord?, seconds: Double) {
    let plan = try plan(
      """
      { "name": "deadline", "seed": 3,
        "base": { "dimension": 4, "loss": "dsm", "sigma": 0.5,
          "data": { "type": "gaussian-mixture", "train": 500, "validation": 200, "test": 400 },
          "model": { "type": "energy-mlp", "hidden": [8] }, "training": { "steps": 5 } \(extra.base) },
        "grid": { "repeat": 1 },
        "metrics": ["implicit_score_matching" \(extra.metrics), "fisher_divergence"] }
      """)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []), limits: limits)
    let trial = try #require(plan.trials.first)
    let start = ContinuousClock().now
    let record = runner.run(trial)
    return (record, seconds(start.duration(to: ContinuousClock().now)))
  }

  @Test(arguments: endless)
  func theLimitOfTimeHoldsAfterTrainingToo(_ base: String, _ metrics: String) throws {
    let (found, spent) = try run((base, metrics), TrialRunner.Limits(seconds: 1))
    let record = try #require(found)
    #expect(record.outcome.status == .timedOut && spent < 10)
    #expect(record.outcome.message.contains("at the limit of 1.0 s with 5 steps"))
    #expect(record.steps == 5 && !record.parameters.isEmpty)
    // What takes one pass is there, on both parts.
    #expect(
      record.metrics.map(\.name) == [
        "implicit_score_matching", "fisher_divergence", "validation_implicit_score_matching",
        "validation_fisher_divergence",
      ])
  }

  @Test(arguments: endless)
  func aStopAfterTrainingTakesAFractionOfASecond(_ base: String, _ metrics: String) throws {
    let asked = Mutex<ContinuousClock.Instant?>(nil)
    let start = ContinuousClock().now
    let limits = TrialRunner.Limits(isStopped: {
      let now = ContinuousClock().now
      guard start.duration(to: now) > .seconds(1) else { return false }
      asked.withLock { $0 = $0 ?? now }
      return true
    })
    let (record, spent) = try run((base, metrics), limits)
    #expect(record == nil && spent < 10)
    let first = try #require(asked.withLock { $0 })
    #expect(first.duration(to: ContinuousClock().now) < .seconds(1))
  }

  @Test func aClosedFormIsGivenUpToo() throws {
    let plan = try plan(
      """
      { "name": "closed", "seed": 3,
        "base": { "data": { "type": "truncated-normal", "train": 500, "validation": 50, "test": 50 },
          "dimension": 2, "loss": "generalized-ism", "fit": "closed-form",
          "model": { "type": "exponential-family", "statistics": ["x", "x^2"] } },
        "grid": { "repeat": 1 }, "metrics": ["fisher_divergence"] }
      """)
    func end(_ limits: TrialRunner.Limits) -> TrialRecord? {
      plan.trials.compactMap(
        TrialRunner(plan: plan, files: DataFiles(folders: []), limits: limits).run
      ).first
    }
    #expect(end(TrialRunner.Limits())?.outcome.status == .completed)
    #expect(end(TrialRunner.Limits(seconds: 0))?.outcome.status == .timedOut)
    #expect(end(TrialRunner.Limits(isStopped: { true })) == nil)
  }

  /// A simulation may call a stream of its own by the name of any other.
  @Test func noTwoPurposesOfMetricsAreTheSame() {
    let names = ["noise", "minibatches", "simulation", "generator", "noise test"]
    let parts = ["test", "validation", "both"]
    let purposes = parts.flatMap { part in
      [TrialStreams.metric(part), TrialStreams.generator(part)]
        + names.flatMap { [TrialStreams.simulation($0, part), TrialStreams.variance($0, part)] }
    }.map(\.purpose)
    #expect(Set(purposes).count == purposes.count)
    #expect(purposes.first == "metric noise test")
  }
}
