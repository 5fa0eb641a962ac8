import Execution
import Planning
import Results
import ScoreMatching
import Testing

@testable import Experiments

// Seen to fail: with one mixing matrix for all repeats, with samples mixed by its transpose or not at all.
struct IndependentComponentTrialTests {
  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// Two factors of four in the rows: medians of 60 fall by 16 within 30 %.
  @Test("Maximum likelihood finds the sources, its error falling like one over the rows")
  func consistency() throws {
    let plan = try plan(
      """
      { "name": "ica", "seed": 5,
        "base": {
          "data": { "type": "ica", "mixing": "per-repeat", "validation": 1, "test": 1 }, "dimension": 4,
          "model": "ica", "loss": "ml", "precision": "float64", "fit": "full-batch",
          "lbfgs": { "tolerance": 1e-6 } },
        "grid": { "data.train": [1000, 4000, 16000], "repeat": 60 },
        "metrics": ["unmixing_error", "parameter_error", "converged"] }
      """)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    var errors: [Int: [Double]] = [:]  // looked up only
    for trial in plan.trials {
      let record = try #require(runner.run(trial))
      #expect(record.metric("converged") == 1, "\(record.outcome)")
      let error = try #require(record.metric("unmixing_error"))
      errors[trial.settings.integer("data.train"), default: []].append(error)
    }
    let medians = [1000, 4000, 16000].map { median(errors[$0] ?? []) }
    // The figure of Hyvärinen (2005) has 10^-1.15, 10^-1.65 and 10^-2.36, medians of 11.
    #expect(medians[0] > 0.04 && medians[0] < 0.1, "\(medians)")
    #expect(medians[0] / medians[2] > 12 && medians[0] / medians[2] < 22, "\(medians)")
    let all = errors.values.flatMap { $0 }
    #expect(Set(all).count == all.count)
    let matrices = plan.trials.prefix(60).compactMap { trial in
      (Targets.make(trial.settings) as? IndependentComponents)?.mixing
    }
    #expect(Set(matrices).count == 60)
  }
}
