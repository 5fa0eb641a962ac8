import Settings

extension Metrics {
  /// Metrics of parameters that are estimated from simulations.
  static let ofSimulators = [
    Variant(
      "score_error",
      "squared relative error of the estimated Fisher score of all observations at one point",
      [offset, simulations, reference]),
    Variant(
      "latent_score_loss",
      "1/2 E|S(x) - grad ln p(z | theta)|^2 of the estimated Fisher score at one point, z the latent variable",
      [
        offset, simulations,
        Setting(
          "rows", .integer(1...100_000_000), default: .number(10_000), unit: "rows",
          "fresh simulations that it is the mean over"),
      ]),
    Variant("latent_score_floor", "the least latent_score_loss there is"),
    Variant(
      "information_error",
      "squared relative error of the estimated Fisher information at the estimated parameters"),
  ]

  private static let offset = Setting(
    "offset", .real(.any), default: .number(0.1), unit: "parameter units",
    "how far the point is from the true parameters in each coordinate")

  private static let simulations = Setting(
    "simulations", .optional(.integer(2...100_000_000)), default: .null,
    "simulations around the point; those of one step of the ascent where absent")

  private static let reference = Setting(
    "against",
    .choice([
      Choice("smoothed", "the score smoothed by sigma, which is what is estimated"),
      Choice("exact", "the score itself: the bias of smoothing counts"),
    ]), default: .text("smoothed"), "what the estimate is compared with")

  /// The metric of a trial that ascends the likelihood of a simulator.
  static func ofSimulator(
    _ settings: SettingValue, _ trial: SettingValue
  ) throws(MetricAbsence) -> Metric {
    let ascent = try LikelihoodAscent(trial).orAbsent("the loss does not fit a simulator")
    switch settings.text("type") {
    case "parameter_error": return .parameterError(of: ascent)
    case "coverage": return try withIntervals(ascent, .coverage(of: ascent))
    case "standardized_error": return try withIntervals(ascent, .standardizedError(of: ascent))
    case "information_error": return try withIntervals(ascent, .informationError(of: ascent))
    case "latent_score_floor":
      return try Metric.latentScoreFloor(of: ascent).orAbsent(noLatent)
    case "score_error":
      let probe = try FisherScoreProbe(settings, ascent)
      let smoothed = settings.text("against") == "smoothed" ? probe.matching.sigma : nil
      return try Metric.scoreError(of: ascent, at: probe, smoothedBy: smoothed)
        .orAbsent("the smoothed likelihood of the simulator has no closed form")
    case "latent_score_loss":
      let probe = try FisherScoreProbe(settings, ascent)
      return try Metric.latentScoreLoss(of: ascent, at: probe, rows: settings.integer("rows"))
        .orAbsent(noLatent)
    default:
      throw MetricAbsence("a simulator's parameters are estimated, and no density is learned")
    }
  }

  private static let noLatent = "the simulator has no latent variable"

  private static func withIntervals(
    _ ascent: LikelihoodAscent, _ metric: Metric
  ) throws(MetricAbsence) -> Metric {
    guard ascent.informationCount != nil else {
      throw MetricAbsence("the trial estimates no Fisher information; `information` asks for it")
    }
    return metric
  }
}

/// Where a metric estimates a Fisher score, and from how many simulations.
struct FisherScoreProbe: Sendable {
  let point: [Double]
  let simulationCount: Int
  let matching: FisherScoreMatching

  /// - Throws: ``MetricAbsence`` where the loss estimates no score, or too few simulations determine none.
  init(_ settings: SettingValue, _ ascent: LikelihoodAscent) throws(MetricAbsence) {
    guard case .fisherScore(let matching, _) = ascent.method else {
      throw MetricAbsence("the loss estimates no score")
    }
    self.matching = matching
    point = ascent.truth.map { $0 + settings.real("offset") }
    simulationCount =
      settings.has("simulations") ? settings.integer("simulations") : ascent.simulationCount
    if case .linear(let features, 0) = matching.estimator,
      simulationCount < features.count(ascent.simulator.dimension) + 2
    {
      throw MetricAbsence(
        "\(simulationCount) simulations do not determine the score, and the estimator has no ridge")
    }
  }
}
