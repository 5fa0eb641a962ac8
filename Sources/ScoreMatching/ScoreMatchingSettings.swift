import Settings

/// What an experiment can say about the mathematics: everything that this module declares.
public enum ScoreMatchingSettings {
  /// The settings at the top of a trial; `model` and `training` come with the losses they apply to.
  public static let settings: [Setting] = [
    Setting("data", .variant(Targets.declarations), "what is learned from"),
    Setting("loss", .selector(Losses.declarations), "what is minimised"),
  ]

  /// The measurements that an experiment can name.
  public static let metrics: [Variant] = Metrics.declarations

  /// The combinations without meaning.
  public static let rules: [Catalogue.Rule] = [
    Gaussian.refusal, GaussianMixture.refusal, Refusals.exactScoreNeeded,
    Refusals.secondDerivativeNeeded, Refusals.unitSphere, Refusals.energyNeeded,
  ]
}
