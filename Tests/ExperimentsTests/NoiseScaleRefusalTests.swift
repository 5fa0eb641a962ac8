// Seen to fail with a scale that is no number taken for a small one, no lower limit, and no rules for metrics.
import Experiments
import Planning
import Testing

@Suite struct NoiseScaleRefusalTests {
  private func mistake(_ base: String, metrics: String = "\"fisher_divergence\"") -> String {
    let text =
      #"{"name": "t", "base": {"data": "gaussian", \#(base)}, "grid": {"repeat": 2}, "#
      + #""metrics": [\#(metrics)]}"#
    do throws(InvalidExperiment) {
      _ = try Plan(reading: Array(text.utf8), named: "t.json", catalogue: .scoreSweep)
      return ""
    } catch { return error.diagnostics.map { "\($0.path): \($0)" }.joined(separator: "\n") }
  }

  @Test func noiseBeyondTheNumberTypeIsRefused() {
    for loss in ["dsm-vp", "dsm-subvp"] {
      #expect(mistake(#""loss": "\#(loss)", "beta_max": 137"#).isEmpty)
      let refused = mistake(#""loss": "\#(loss)", "beta_max": 180"#)
      #expect(refused.contains("too large for float32") && refused.contains("below 138"))
      #expect(mistake(#""loss": "\#(loss)", "beta_max": 180, "precision": "float64""#).isEmpty)
      // Beyond Double too: no number at all.
      let nothing = mistake(#""loss": "\#(loss)", "beta_max": 1e9, "precision": "float64""#)
      #expect(nothing.contains("too large for float64"), "\(loss)")
      #expect(mistake(#""loss": "\#(loss)", "t_min": 1e-40"#).contains("too small for float32"))
    }
    for loss in ["ncsn", "dsm-ve"] {
      #expect(mistake(#""loss": "\#(loss)", "sigma_max": 1e14"#).isEmpty)
      #expect(mistake(#""loss": "\#(loss)", "sigma_max": 1e16"#).contains("too large"))
      #expect(mistake(#""loss": "\#(loss)", "sigma_min": 1e-16"#).contains("too small"))
    }
  }

  /// The mistake stands at the metric, and names the trials.
  @Test func aMetricBeyondTheTrainedRangeIsAMistakeOfTheFile() {
    let refused = mistake(
      #""loss": "ncsn", "sigma_min": 0.2"#,
      metrics: #""fisher_divergence", {"type": "tweedie_mse", "sigma": 0.15}"#)
    #expect(refused.hasPrefix("metrics[1]: "), "\(refused)")
    #expect(refused.contains("tweedie_mse_sigma_0.15 with loss ncsn, sigma_min 0.2, sigma_max 10"))
    #expect(refused.contains("(2 trials)"))
    #expect(
      mistake(#""loss": "ncsn", "sigma_min": 0.15"#, metrics: #""tweedie_mse""#).contains(
        "metrics[0]: "))
  }
}
