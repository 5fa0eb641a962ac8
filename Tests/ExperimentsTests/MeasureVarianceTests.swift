import Planning
import Results
import Testing

@testable import Experiments

// Seen to fail with the same rows drawn for every minibatch.
struct MeasureVarianceTests {
  /// A linear score on normal data, each loss with its own gradient: within 4 standard errors of the
  /// variance of a sum, √(2/4000), and what 20000 rows differ from the law.
  @Test func whatIsMeasuredIsTheClosedForm() throws {
    let plan = try plan(
      """
      { "name": "variance", "seed": 3,
        "base": {
          "data": { "type": "gaussian", "covariance": "equicorrelated", "train": 2000, "validation": 500, "test": 20000 },
          "dimension": 3, "model": { "type": "energy-mlp", "hidden": [], "skip": true },
          "training": { "steps": 50, "batch": 16 } },
        "grid": { "loss": ["esm", "ism", "ssm", "ssm-vr", "fd-ssm", "dsm", "fd-dsm"], "slices": [2],
          "projection": ["rademacher", "gaussian"], "sigma": [0.5], "control_variate": [false, true],
          "precision": ["float64"] },
        "metrics": [{ "type": "loss_variance", "minibatches": 4000 }, "loss_variance_exact",
          { "type": "gradient_variance", "minibatches": 4000 }, "gradient_variance_exact"] }
      """)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    for record in plan.trials.compactMap(runner.run) {
      for quantity in ["loss", "gradient"] {
        let found = try #require(
          record.metrics.first { $0.name.hasPrefix("\(quantity)_variance") }?.value)
        let exact = try #require(record.metric("\(quantity)_variance_exact"))
        #expect(
          (found / exact - 1).magnitude < 0.12, "\(record.settings): \(found), \(exact)")
      }
    }
  }

  @Test func networksHaveAVarianceAndNoClosedForm() throws {
    let plan = try plan(
      smallExperiment(
        grid: #""loss": ["ssm", "gaussian-fit"]"#,
        metrics: #""gradient_variance""#))
    #expect(throws: InvalidExperiment.self) {
      try ExperimentsTests.plan(
        smallExperiment(grid: #""loss": "ssm""#, metrics: #""gradient_variance_exact""#))
    }
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let records = plan.trials.compactMap(runner.run)
    #expect(
      records[0].metrics.map(\.name) == ["gradient_variance", "validation_gradient_variance"])
    #expect(try #require(records[0].metric("gradient_variance")) > 0)
    #expect(records[1].metrics.isEmpty)
    #expect(runner.run(plan.trials[0])?.metrics == records[0].metrics)
  }
}
