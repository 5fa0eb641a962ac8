import Settings

extension Metrics {
  /// The metric that its settings describe.
  ///
  /// - Parameters:
  ///   - settings: its `type` and settings, defaults filled in.
  ///   - trial: the complete settings of the trial that is measured.
  ///   - target: the distribution of the data, nil where it is not known.
  /// - Throws: ``MetricAbsence`` where it does not exist for this trial: no exact score, no noise scale,
  ///   too few rows.
  public static func make(
    _ settings: SettingValue, trial: SettingValue, target: (any Target)?
  ) throws(MetricAbsence) -> Metric {
    if Simulators.describes(trial["data"] ?? .null) { return try ofSimulator(settings, trial) }
    if Targets.areBits(trial) { try checkBits(settings.text("type"), trial) }
    switch settings.text("type") {
    case let type where ofSimulators.contains { $0.name == type }:
      throw MetricAbsence("the data come from no simulator")
    case "implicit_score_matching":
      guard !IndependentComponentModel.hasJumps(trial) else {
        throw MetricAbsence("the score of Laplacian sources jumps, which its derivative misses")
      }
      return .implicitScoreMatching
    case "fisher_divergence": return .fisherDivergence(to: try known(target))
    case "relative_fisher_divergence": return .relativeFisherDivergence(to: try known(target))
    case "half_fisher_information": return .halfFisherInformation(of: try known(target))
    case "fisher_divergence_in_decile": return try decile(settings, trial, try known(target))
    case "loss_variance": return .variance(try variance(.loss, settings, trial, target))
    case "gradient_variance": return .variance(try variance(.gradient, settings, trial, target))
    case "loss_variance_exact": return try .exactVariance(.loss, trial: trial)
    case "gradient_variance_exact": return try .exactVariance(.gradient, trial: trial)
    case "converged":
      return try Metric.convergence(of: trial).orAbsent("a full-batch fit alone has a tolerance")
    case "weight_error": return try WeightEstimation(trial, target: target).error
    case "asymptotic_weight_variance":
      return try WeightEstimation(trial, target: target).asymptoticVariance()
    case "weight_error_ratio": return try WeightEstimation(trial, target: target).ratio()
    case let type where ofFamilies.contains { $0.name == type }:
      return try ofFamilies(settings, trial: trial, target: target)
    case let type where ofSamples.contains { $0.name == type }:
      return try ofSamples(settings, trial, target)
    case let type where likelihoods.contains { $0.name == type }:
      return try likelihood(settings, trial)
    default: return try atOneScale(settings, trial, target)
    }
  }

  private static func known(_ target: (any Target)?) throws(MetricAbsence) -> any Target {
    try target.orAbsent("data from a file have no exact density")
  }

  /// The noise scale that a metric is asked for, else the trial's own; nil where it has none.
  private static func level(_ settings: SettingValue, _ trial: SettingValue) -> Double? {
    if settings.has("sigma") { return settings.real("sigma") }
    return trial.has("sigma") ? trial.real("sigma") : Losses.noiseRange(of: trial)?.smallest
  }

  /// Metrics at one noise scale.
  private static func atOneScale(
    _ settings: SettingValue, _ trial: SettingValue, _ target: (any Target)?
  ) throws(MetricAbsence) -> Metric {
    let level = level(settings, trial)
    let noScale = "the loss has no noise scale, and the metric is given no sigma"
    let noClosedForm = "the density of the data, smoothed, has no closed form"
    switch settings.text("type") {
    case "denoising_loss": return .denoisingLoss(noiseScale: try level.orAbsent(noScale))
    case "smoothed_fisher_divergence":
      return try Metric.smoothedFisherDivergence(
        to: known(target), noiseScale: level.orAbsent(noScale)
      ).orAbsent(noClosedForm)
    case "denoising_floor":
      return try Metric.denoisingFloor(of: known(target), noiseScale: level.orAbsent(noScale))
        .orAbsent(noClosedForm)
    case "target_log_likelihood":
      return try Metric.targetLogLikelihood(of: known(target), noiseScale: level ?? 0)
        .orAbsent(noClosedForm)
    case "bayes_mse":
      return try Metric.bayesError(of: known(target), noiseScale: settings.real("sigma"))
        .orAbsent(noClosedForm)
    case "tweedie_mse":
      // The exact score without noise would be taken for the best denoiser there is.
      let isExact = trial["loss.type"] == .text(Losses.exactName)
      if isExact, let target, target.noisyScore == nil { throw MetricAbsence(noClosedForm) }
      return .tweedieError(noiseScale: settings.real("sigma"))
    case let type: preconditionFailure("metric \(type) is not declared")
    }
  }

  private static func decile(
    _ settings: SettingValue, _ trial: SettingValue, _ target: any Target
  ) throws(MetricAbsence) -> Metric {
    let decile = settings.integer("decile")
    for path in ["data.test", "data.validation"] where trial.has(path) {
      let count = trial.integer(path)
      guard !Metric.decileRows(decile, of: count).isEmpty else {
        throw MetricAbsence(
          "decile \(decile) of \(count) rows has none: \(path) must be 10 or more")
      }
    }
    return .fisherDivergence(to: target, inDecile: decile)
  }

  private static func variance(
    _ quantity: MinibatchVariance.Quantity, _ settings: SettingValue, _ trial: SettingValue,
    _ target: (any Target)?
  ) throws(MetricAbsence) -> MinibatchVariance {
    guard TrainingLoss(trial)?.contrast == nil else {
      throw MetricAbsence("held-out rows have no noise to be told from")
    }
    return try MinibatchVariance(quantity, settings, trial: trial, target: target)
      .orAbsent("nothing is trained by minibatches")
  }
}
