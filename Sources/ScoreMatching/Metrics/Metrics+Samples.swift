import Settings

extension Metrics {
  /// One of the metrics of what the trial's sampler drew.
  static func ofSamples(
    _ settings: SettingValue, _ trial: SettingValue, _ target: (any Target)?
  ) throws(MetricAbsence) -> Metric {
    let type = settings.text("type")
    // What cannot be mended by a sampler is said first.
    if type.hasPrefix("mixture_weight") { _ = try mixture(target) }
    guard let sampler = Samplers.make(trial) else {
      throw MetricAbsence("nothing is sampled; `sampler` says how")
    }
    switch type {
    case "mmd":
      try checkPairs(sampler, trial)
      return .maximumMeanDiscrepancy(
        bandwidth: settings.has("bandwidth") ? settings.real("bandwidth") : nil,
        limit: settings.integer("limit"))
    case "energy_distance":
      try checkPairs(sampler, trial)
      return .energyDistance(limit: settings.integer("limit"))
    case "sliced_wasserstein":
      return .slicedWasserstein(
        slices: settings.integer("slices"), order: settings.integer("order"))
    case "mixture_weight_error": return .mixtureWeightError(try mixture(target))
    case "mixture_weight":
      let mixture = try mixture(target)
      return try Metric.mixtureWeight(mixture, component: settings.integer("component"))
        .orAbsent("the mixture has \(mixture.mixture.logWeights.count) normals, counted from 0")
    case "sampler_acceptance":
      guard sampler.proposalCount > 0 else {
        throw MetricAbsence("the sampler \(trial.text("sampler.type")) accepts every proposal")
      }
      return .samplerAcceptance
    default: preconditionFailure("metric \(type) is not declared")
    }
  }

  private static func mixture(_ target: (any Target)?) throws(MetricAbsence) -> GaussianMixture {
    try (target as? GaussianMixture).orAbsent("the data are no mixture of normals")
  }

  /// Two points of each kind make a pair; the rows of a file are not counted here.
  private static func checkPairs(
    _ sampler: any Sampler, _ trial: SettingValue
  ) throws(MetricAbsence) {
    guard sampler.chains.count > 1 else {
      throw MetricAbsence("two samples make a pair, and sampler.samples is 1")
    }
    for path in ["data.test", "data.validation"] where trial.has(path) && trial.integer(path) < 2 {
      throw MetricAbsence("two held-out rows make a pair, and \(path) is 1")
    }
  }
}
