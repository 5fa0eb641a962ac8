import Settings

/// The losses that an experiment can name, with the settings that stand beside them.
public enum Losses {
  /// The losses that are minimised, in the order of documentation.
  public static let objectives: [any Objective.Type] =
    [
      ExplicitObjective.self, ImplicitObjective.self, SlicedObjective.self,
      VarianceReducedSlicedObjective.self, FiniteDifferenceSlicedObjective.self,
      FiniteDifferenceVarianceReducedSlicedObjective.self, DenoisingObjective.self,
      FiniteDifferenceDenoisingObjective.self, NoiseLadderObjective.self,
      VarianceExplodingObjective.self, VariancePreservingObjective.self,
      SubVariancePreservingObjective.self,
      CurvaturePropagationObjective.self,
      ApproximateBackPropagationObjective.self,
      GeneralizedObjective.self,
      LikelihoodObjective.self, ContrastiveObjective.self,
    ] + ofBits

  /// Losses that compare points of 0 and 1 with their neighbours.
  static let ofBits: [any Objective.Type] = [
    RatioMatchingObjective.self, PseudoLikelihoodObjective.self,
    MinimumProbabilityFlowObjective.self,
  ]

  /// Every loss, in the order of documentation.
  public static let declarations: [Variant] =
    objectives.map { $0.declaration } + [GaussianFit.declaration, exact]

  /// The name of no loss at all: the score that is measured is the data's own.
  public static let exactName = "exact"

  /// Losses that see the normaliser of a density; all others see its score alone.
  static let seeNormalisers = [
    LikelihoodObjective.name, ContrastiveObjective.name, GaussianFit.declaration.name, exactName,
  ]

  /// The noise scales that the loss of a trial trains a network for; nil for a loss that is not of
  /// that kind.
  static func noiseRange(of trial: SettingValue) -> NoiseRange? {
    let type = objectives.first { .text($0.name) == trial["loss.type"] }
    return (type as? any NoiseConditionalObjective.Type)?.range(trial)
  }

  /// The noise scales that the trial's network is trained for, and the settings that they follow from; nil
  /// for a model that knows its score at every scale from what it learned at some.
  static func trainedRange(
    of trial: SettingValue
  ) -> (range: NoiseRange, ends: NoiseRange.Ends)? {
    guard trial["model.type"] != .text(MixtureModel.declaration.name),
      let range = noiseRange(of: trial)
    else { return nil }
    return (range, trial.has("beta_max") ? DiffusionLoss.ends : NoiseRange.ends)
  }

  /// The ends of ``noiseRange(of:)``, for rules about precision.
  public static func noiseScales(
    of trial: SettingValue
  ) -> (smallest: Double, largest: Double)? {
    noiseRange(of: trial).map { ($0.smallest, $0.largest) }
  }

  private static let exact = Variant(
    exactName, "nothing is learned: the exact score of the data, to sample from and to measure")
}
