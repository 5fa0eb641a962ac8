import Execution
import Planning
import Results
import ScoreMatching
import Settings
import Testing

@testable import Experiments

// Seen to fail with metrics computed that are not defined, with the simulations of one metric taken for another's,
// with few effective draws not said, with the closed-form Gaussian known at one noise scale, and without the numbers
// that follow from a Gaussian's parameters.
struct MeasureTests {
  private func run(_ text: String, idle: Int = 0) throws -> [TrialRecord] {
    let plan = try plan(text)
    let runner = TrialRunner(
      plan: plan, files: DataFiles(folders: []), idleCores: IdleCores(idle))
    return plan.trials.compactMap(runner.run)
  }

  private func text(
    sampler: String, loss: String = "exact", metrics: String, extra: String = ""
  ) -> String {
    let training = #""training": { "steps": 20 }, "model": { "hidden": [8] },"#
    return """
      { "name": "sampled", "seed": 3,
        "base": { "dimension": 3, \(loss == "exact" ? "" : training) \(extra)
          "data": { "type": "gaussian-mixture", "components": 2, "spread": 0.5, "train": 500, "validation": 200,
            "test": 400 },
          "sampler": \(sampler) },
        "grid": { "loss": ["\(loss)"] }, "metrics": [\(metrics)] }
      """
  }

  private let ofSamples = #""mmd", "energy_distance", "sliced_wasserstein", "mixture_weight_error""#

  @Test func aSamplerGivesMetricsAndKeepsItsPointsWhereAsked() throws {
    let sampler =
      #"{ "type": "mala", "samples": 600, "steps": 200, "step_size": 0.5, "keep_samples": true }"#
    let record = try #require(
      try run(text(sampler: sampler, metrics: ofSamples + #", "sampler_acceptance""#)).first)
    #expect(record.outcome == .completed)
    #expect(record.samples.map(\.name) == ["samples"] && record.samples[0].shape == [600, 3])
    let acceptance = try #require(record.metric("sampler_acceptance"))
    #expect(acceptance > 0.3 && acceptance < 1)
    #expect(try #require(record.metric("mmd")).magnitude < 0.01)
    #expect(try #require(record.metric("validation_energy_distance")).magnitude < 0.05)
    #expect(try #require(record.metric("mixture_weight_error")) < 0.1)
  }

  @Test func borrowedCoresChangeNoBit() throws {
    let sampler = #"{ "type": "hmc", "samples": 700, "steps": 5, "keep_samples": true }"#
    let text = text(
      sampler: sampler,
      metrics: ofSamples + #", { "type": "ais_log_likelihood", "temperatures": 5, "chains": 300 }"#)
    let alone = try run(text)
    let together = try run(text, idle: 2)
    #expect(alone.count == 1 && alone[0].hasSameResults(as: together[0]))
  }

  @Test func withoutASamplerThereAreNoSuchMetrics() throws {
    let metrics = ofSamples + #", "log_likelihood""#
    let error = try #require(throws: InvalidExperiment.self) {
      try plan(text(sampler: "null", metrics: metrics))
    }
    #expect(error.diagnostics.map(\.path) == (0..<4).map { "metrics[\($0)]" })
    // Beside a trial that has them.
    let records = try run(
      text(sampler: #"{ "type": "ula", "samples": 1, "steps": 1 }"#, metrics: metrics)
        .replacing(#""grid": {"#, with: #""grid": { "sampler.samples": [1, 10], "#))
    #expect(records.map(\.outcome) == [.completed, .completed])
    #expect(records.map { $0.metric("mmd") == nil } == [true, false])
    #expect(records.allSatisfy { $0.metric("sliced_wasserstein") != nil })
    #expect(throws: InvalidExperiment.self) {
      try plan(
        text(sampler: #"{ "type": "ula", "samples": 10 }"#, metrics: #""sampler_acceptance""#))
    }
  }

  @Test func likelihoodsByWeightsAgreeWithTheExactOne() throws {
    let record = try #require(
      try run(
        text(
          sampler: "null",
          metrics: #""log_likelihood", { "type": "importance_log_likelihood", "draws": 20000 }, "#
            + #"{ "type": "importance_log_likelihood", "scale": 2 }, "#
            + #""importance_effective_sample_size", "#
            + #"{ "type": "ais_log_likelihood", "temperatures": 100, "direction": "reverse" }"#)
      ).first)
    let exact = try #require(record.metric("log_likelihood"))
    for name in record.metrics.map(\.name)
    where name.hasSuffix("log_likelihood") && !name.hasPrefix("validation") {
      #expect((try #require(record.metric(name)) - exact).magnitude < 0.05, "\(name)")
    }
    let size = try #require(
      record.metrics.first { $0.name.hasPrefix("importance_effective_sample_size") }?.value)
    #expect(size > 10_000 && size <= 102_400)
  }

  /// A family fitted in closed form, and importance sampling from it.
  private func family(_ statistics: String, metrics: String = "") -> String {
    """
    { "name": "family", "seed": 3,
      "base": { "dimension": 2, "loss": "ism", "fit": "closed-form",
        "data": { "type": "gaussian-mixture", "components": 2, "train": 2000, "validation": 50, "test": 90 },
        "model": { "type": "exponential-family", "statistics": \(statistics) } },
      "grid": { "repeat": 1 },
      "metrics": ["implicit_score_matching", { "type": "importance_log_likelihood", "draws": 5000 },
        "importance_effective_sample_size", { "type": "ais_log_likelihood", "temperatures": 10, "chains": 64 }
        \(metrics)] }
    """
  }

  @Test func aDensityWithoutANormaliserHasNoLikelihoodAndSaysWhy() throws {
    let record = try #require(try run(family(#"["x", "x^2", "x^3"]"#)).first)
    #expect(record.outcome.status == .completed)
    let message = record.outcome.message
    #expect(message.hasPrefix("importance_log_likelihood_draws_5000, importance_effective"))
    #expect(
      message.contains("not defined: the fitted density has no normaliser: it grows with x["),
      "\(message)")
    for metric in record.metrics {
      #expect(metric.value.isNaN == !metric.name.hasSuffix("implicit_score_matching"), "\(metric)")
    }
    #expect(record.metrics.count == 8)
    let sound = try #require(try run(family(#"["x", "x^2"]"#)).first)
    #expect(sound.outcome == .completed && sound.metrics.allSatisfy(\.value.isFinite))
  }

  @Test func fewEffectiveDrawsAreARemarkOfATrialThatCompleted() throws {
    let narrow = #", { "type": "importance_log_likelihood", "draws": 50, "scale": 1e3 }"#
    let record = try #require(try run(family(#"["x", "x^2"]"#, metrics: narrow)).first)
    #expect(record.outcome.status == .completed)
    let message = record.outcome.message
    #expect(message.contains("effective draws of 50"), "\(message)")
    #expect(message.split(separator: ";").count == 2)  // one remark, with its remedy
  }

  @Test func aGaussianModelIsSeenThroughNoiseAsTheGaussianFitIs() throws {
    let records = try run(
      """
      { "name": "gaussians", "seed": 3,
        "base": { "dimension": 3, "precision": "float64", "model": "gaussian", "fit": "full-batch",
          "lbfgs": { "tolerance": 1e-9 },
          "data": { "type": "gaussian", "covariance": "equicorrelated", "train": 500, "validation": 50, "test": 90 },
          "sampler": { "type": "annealed-langevin", "samples": 200, "steps": 3, "levels": 4 } },
        "grid": { "loss": ["ml", "gaussian-fit"] },
        "metrics": [{ "type": "tweedie_mse", "sigma": 0.7 }, { "type": "flow_log_likelihood", "sigma_min": 0.1,
          "sigma_max": 20, "steps": 20 }, "energy_distance", "parameter_error"] }
      """)
    try #require(records.count == 2)
    for record in records { #expect(record.outcome == .completed, "\(record.outcome)") }
    let names = records[1].metrics.map(\.name)
    #expect(names.count == 6)
    for name in names {
      let (a, b) = (try #require(records[0].metric(name)), try #require(records[1].metric(name)))
      #expect((a - b).magnitude < 1e-6, "\(name): \(a), \(b)")
    }
    #expect(try #require(records[0].metric("parameter_error")) < 0.5)
  }

  @Test func chainsThatRunAwayAreAnOutcomeInWords() throws {
    let sampler = #"{ "type": "ula", "samples": 7, "steps": 2000, "step_size": 1000 }"#
    let record = try #require(
      try run(text(sampler: sampler, metrics: #""sliced_wasserstein""#)).first)
    #expect(record.outcome.status == .diverged)
    #expect(record.outcome.message.hasPrefix("7 of the sampler's 7 chains are not finite"))
  }

  /// What is wrong with an experiment, in words; nothing where it is right.
  private func mistake(_ text: String) -> String {
    do {
      _ = try plan(text)
      return ""
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("mala", "energies"), ("hmc", "energies"), ("annealed-langevin", "noise scales"),
    ("predictor-corrector", "noise scales"),
  ])
  func samplersThatNeedMoreThanAScoreAreRefused(_ sampler: String, _ word: String) throws {
    let sampler = #"{ "type": "\#(sampler)" }"#
    let refused = mistake(text(sampler: sampler, loss: "ism", metrics: #""mmd""#))
    #expect(refused.contains(word) && refused.contains("has no meaning"), "\(refused)")
    #expect(mistake(text(sampler: sampler, metrics: #""mmd""#)).isEmpty)
  }

  @Test func aSamplerIsRefusedNoiseScalesThatItsNetworkNeverSaw() throws {
    func text(_ largest: Double) -> String {
      self.text(
        sampler: #"{ "type": "annealed-langevin", "sigma_max": \#(largest), "sigma_min": 0.5 }"#,
        loss: "ncsn", metrics: #""mmd""#, extra: #""sigma_max": 10, "sigma_min": 0.1,"#
      ).replacing(#""hidden""#, with: #""type": "noise-conditional-score-mlp", "hidden""#)
    }
    #expect(mistake(text(50)).contains("trained for noise scales from 0.1 to 10 alone"))
    #expect(mistake(text(9)).isEmpty)
    let rising = #"{ "type": "annealed-langevin", "sigma_max": 0.1, "sigma_min": 0.5 }"#
    #expect(
      mistake(self.text(sampler: rising, metrics: #""mmd""#)).contains("is above the largest"))
  }

  @Test func theForecastCountsWhatTheSamplerAndTheMetricsTake() throws {
    func demand(_ samples: Int, _ steps: Int) throws -> TrialDemand {
      let plan = try plan(
        text(
          sampler: #"{ "type": "ula", "samples": \#(samples), "steps": \#(steps) }"#,
          loss: "ism", metrics: #""energy_distance""#))
      let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
      return try #require(TrialDemands(runner).demands(of: plan.trials, jobs: 1).first)
    }
    let (few, many) = (try demand(1000, 10), try demand(1000, 1000))
    #expect(many.operations > 5 * few.operations)
    let wide = try demand(100_000, 10)
    // The points, at least.
    #expect(wide.bytes - few.bytes > 99_000 * 3 * 8)
  }
}
