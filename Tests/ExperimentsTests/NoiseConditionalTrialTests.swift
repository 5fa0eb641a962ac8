import Planning
import Results
import Testing

@testable import Experiments

struct NoiseConditionalTrialTests {
  /// Trained, sampled from and measured; the flow of the data's own score gives their likelihood.
  @Test func aNetworkOfAllNoiseLevelsIsTrainedSampledAndMeasured() throws {
    let plan = try plan(
      """
      { "name": "levels", "seed": 3,
        "base": {
          "data": { "type": "gaussian-mixture", "components": 3, "spread": 2, "train": 4000, "validation": 100, "test": 300 },
          "training": { "steps": 1500, "batch": 128, "ema": 0.99,
            "optimizer": { "type": "adam", "learning_rate": 1e-2, "schedule": "cosine" },
            "early_stopping": { "metric": "validation_loss", "patience": 15 } },
          "model": { "type": "noise-conditional-score-mlp", "hidden": [32, 32], "residual": true, "data_scale": 2 },
          "sampler": { "type": "probability-flow", "samples": 300 } },
        "grid": { "loss": ["exact", "ncsn", "dsm-ve", "dsm-vp", "dsm-subvp"], "beta_max": [10], "t_min": [0.02] },
        "metrics": [
          { "type": "smoothed_fisher_divergence", "sigma": 1 }, { "type": "denoising_loss", "sigma": 1 },
          { "type": "denoising_floor", "sigma": 1 }, "energy_distance",
          { "type": "flow_log_likelihood", "sigma_min": 0.2, "sigma_max": 10, "steps": 40, "data_scale": 2 },
          { "type": "target_log_likelihood", "sigma": 0.2 }, "implicit_score_matching" ] }
      """)
    let runner = TrialRunner(plan: plan, files: DataFiles(folders: []))
    let records = plan.trials.compactMap(runner.run)
    #expect(records.count == 5)
    let flow = "flow_log_likelihood_sigma_min_0.2_sigma_max_10_steps_40_data_scale_2"
    for record in records {
      #expect(record.outcome == .completed, "\(record.outcome)")
      let target = try #require(record.metric("target_log_likelihood_sigma_0.2"))
      let likelihood = try #require(record.metric(flow))
      let isExact = record.steps == 0
      #expect((likelihood - target).magnitude < (isExact ? 0.02 : 0.3), "\(record.settings)")
      let floor = try #require(record.metric("denoising_floor_sigma_1"))
      let loss = try #require(record.metric("denoising_loss_sigma_1"))
      let excess = loss / floor - 1
      #expect(isExact ? excess.magnitude < 1e-12 : excess > 0 && excess < 0.05, "\(excess)")
      #expect(try #require(record.metric("smoothed_fisher_divergence_sigma_1")) < 0.1)
      #expect(try #require(record.metric("energy_distance")) < 0.2)
    }
  }
}
