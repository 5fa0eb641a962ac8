import ScoreMatching
import Settings

extension Catalogue {
  /// Everything that a ScoreSweep experiment can say: the mathematics' settings and the runner's own.
  public static let scoreSweep = Catalogue(
    settings: ScoreMatchingSettings.settings + [precision, keepTestData],
    metrics: ScoreMatchingSettings.metrics,
    rules: ScoreMatchingSettings.rules + [lostInRounding, beyondPrecision],
    metricRules: [Metrics.refusal], availability: ScoreMatchingSettings.availability,
    frozenDefaults: FrozenDefaults([
      // Once fixed numbers and a start around 0; now the trial's own range and the moments of its data.
      "sampler[probability-flow].sigma_max": .number(10),
      "sampler[probability-flow].sigma_min": .number(0.1),
      "sampler[probability-flow].start": .object(["type": .text("noise")]),
    ]))

  private static let precision = Setting(
    "precision",
    .choice([
      Choice("float32", "single precision; metrics are computed in double all the same"),
      Choice("float64", "double precision"),
    ]), default: .text("float32"), "the number type of training")

  private static let keepTestData = Setting(
    "keep_test_data", .boolean, default: .boolean(false),
    "keep the held-out data beside the parameters, so that other programs can check a metric")
}
