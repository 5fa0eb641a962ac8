import Settings

/// What an experiment can say about the mathematics: everything that this module declares.
public enum ScoreMatchingSettings {
  /// The settings at the top of a trial; `model` and `training` come with the losses they apply to.
  public static let settings: [Setting] = [
    Setting(
      "data", .variant(Targets.declarations + Simulators.declarations), "what is learned from"),
    Setting(
      "loss", .selector(Losses.declarations + LikelihoodAscent.losses), "what is minimised"),
    Samplers.setting,
  ]

  /// The measurements that an experiment can name.
  public static let metrics: [Variant] = Metrics.declarations

  /// Why a trial cannot have a metric.
  public static let availability = MetricAvailability(
    ignoring: [
      "repeat", "training", "slices", "projection", "epsilon", "sigma", "precision",
      "keep_test_data",
    ],
    absence: { trial in
      let target = Targets.make(trial)
      return { metric in
        do throws(MetricAbsence) {
          _ = try Metrics.make(metric, trial: trial, target: target)
          return nil
        } catch {
          return error.description
        }
      }
    })

  /// The scale of every number, in words that a results file keeps; the documentation's page of
  /// conventions says more.
  public static let conventions = """
    score = grad log p = -grad energy; every loss and Fisher divergence has the factor 1/2, is a sum over \
    coordinates and a mean over rows; random directions v have E[v v'] = I (the sphere has radius sqrt d, \
    unit-sphere alone radius 1 and 1/d of the loss); denoising losses are weighted by sigma^2 unless \
    weighting says otherwise; sigma, tau, noise and scale are standard deviations in data units; epsilon is \
    the length of a finite difference's step in data units; log densities and likelihoods are in nats; \
    metrics are computed in double precision
    """

  /// The combinations without meaning.
  public static let rules: [Catalogue.Rule] = [
    LikelihoodAscent.refusal, GaussianSimulator.refusal,
    Gaussian.refusal, GaussianMixture.refusal, Refusals.exactScoreNeeded,
    Refusals.secondDerivativeNeeded, Refusals.unitSphere, Refusals.energyNeeded,
    Perceptron.refusal, NoiseRange.refusal, DiffusionLoss.refusal, Refusals.noiseLevels,
    Refusals.layersNeeded, Samplers.refusal,
    TruncatedNormal.refusal, ExponentialFamily.refusal, GeneralizedObjective.refusal,
    ClosedForm.refusal, Support.refusal,
    MixtureModel.refusal, GaussianFit.refusal, DensityRefusals.normaliserNeeded,
    DensityRefusals.noisyEnergyNeeded, DensityRefusals.quadratureIsOneDimensional,
    FullBatch.refusal, BinaryRefusals.refusal, IndependentComponents.refusal,
    IndependentComponentModel.refusal, ContrastiveNoise.refusal,
  ]
}
