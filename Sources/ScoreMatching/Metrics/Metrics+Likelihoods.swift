import Settings

extension Metrics {
  /// One of the log-likelihoods.
  static func likelihood(
    _ settings: SettingValue, _ trial: SettingValue
  ) throws(MetricAbsence) -> Metric {
    let abilities = Abilities(trial)
    switch settings.text("type") {
    case "log_likelihood":
      // What was learned goes on beyond the data's boundary, where it has mass that no loss of scores
      // sees: its normaliser is another one. The likelihood does see it.
      if !Losses.seeNormalisers.contains(trial.text("loss.type")) { try checkBoundary(trial) }
      guard abilities.logDensity else {
        throw MetricAbsence("the normaliser of the model is not known")
      }
      return .logLikelihood
    case "importance_log_likelihood":
      return .importanceLogLikelihood(try importanceSampling(settings, abilities, trial))
    case "importance_effective_sample_size":
      return .importanceEffectiveSampleSize(try importanceSampling(settings, abilities, trial))
    case "ais_log_likelihood":
      try checkEnergy(abilities, trial)
      try checkCovariance(trial)
      return .annealedLogLikelihood(
        AnnealedImportanceSampling(settings),
        isExact: trial["loss.type"] == .text(Losses.exactName))
    case "ais_standard_error":
      try checkEnergy(abilities, trial)
      try checkCovariance(trial)
      let metric = Metric.annealedStandardError(
        AnnealedImportanceSampling(settings),
        isExact: trial["loss.type"] == .text(Losses.exactName))
      return try metric.orAbsent("one chain has no standard error")
    case "flow_log_likelihood": return .flow(try FlowLikelihood(settings, trial: trial))
    case "flow_error": return .flowError(try FlowLikelihood(settings, trial: trial))
    case let type: preconditionFailure("metric \(type) is not declared")
    }
  }

  private static func importanceSampling(
    _ settings: SettingValue, _ abilities: Abilities, _ trial: SettingValue
  ) throws(MetricAbsence) -> ImportanceSampling {
    try checkEnergy(abilities, trial)
    let sampling = ImportanceSampling(settings)
    if case .data = sampling.law { try checkCovariance(trial) }
    return sampling
  }

  private static func checkEnergy(
    _ abilities: Abilities, _ trial: SettingValue
  ) throws(MetricAbsence) {
    try checkBoundary(trial)
    guard abilities.energy else { throw MetricAbsence("a free-form score has no energy") }
  }

  private static func checkBoundary(_ trial: SettingValue) throws(MetricAbsence) {
    guard Support.isBounded(trial) else { return }
    throw MetricAbsence("the model has mass beyond the data's boundary that the loss does not see")
  }

  /// A normal law can be fitted to the training rows; those of a file are not counted here.
  private static func checkCovariance(_ trial: SettingValue) throws(MetricAbsence) {
    guard trial.has("data.train"), let d = Targets.dimension(trial) else { return }
    let count = trial.integer("data.train")
    guard count <= d else { return }
    throw MetricAbsence(
      "it begins with a normal law like the training data, and \(count) rows have no covariance in "
        + "\(d) dimensions")
  }
}
