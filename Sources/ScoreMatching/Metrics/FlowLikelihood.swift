import Expressions
import Settings

/// The log density that a model's probability flow gives held-out rows, as a metric's settings ask
/// for it.
///
/// It is the density at σ_min of what the flow makes of a normal law at σ_max, that of the training
/// data's moments unless σ_d is given: normalised, and so comparable between models; that of the data
/// smoothed by σ_min where the score is exact and σ_max large (`target_log_likelihood` with the same
/// sigma). See ``ProbabilityFlow``.
struct FlowLikelihood: Sendable, Hashable {
  static let settings = [
    Setting(
      NoiseRange.smallestName, .optional(.real(.positive)), default: .null, unit: "data units",
      "the noise scale of the density; null for the smallest that the trial's loss trains, where it "
        + "trains none for 0.1"),
    Setting(
      NoiseRange.largestName, .optional(.real(.positive)), default: .null, unit: "data units",
      "the noise scale where data are taken for normal; null for the largest that the trial's loss "
        + "trains, where it trains none for the largest distance between training rows"),
    Setting(
      "steps", .integer(2...100_000), default: .number(100),
      "steps of Runge and Kutta's fourth order, equal in log sigma"),
    Setting(
      "divergence",
      .choice([
        Choice("exact", "the trace of the Jacobian"),
        Choice("hutchinson", "along one random direction for each row: unbiased"),
      ]), default: .text("exact"), "how the divergence of the score is found"),
    Setting(
      "data_scale", .optional(.real(.nonNegative)), default: .null, unit: "data units",
      "takes N(0, (sigma_max^2 + data_scale^2) I) for the data at sigma_max; null for a normal law "
        + "with the mean and the covariance of the training data"),
  ]

  let stepCount: Int
  let isExact: Bool
  private let settings: SettingValue
  private let trial: SettingValue

  /// The settings of a metric.
  ///
  /// - Throws: for a trial whose score is known at one scale alone, and where the scales do not rise.
  init(_ settings: SettingValue, trial: SettingValue) throws(MetricAbsence) {
    guard Abilities(trial).noisyScore else {
      throw MetricAbsence("the score is known at one noise scale alone")
    }
    let range = NoiseRange(settings, trial: trial)
    guard range.smallest < range.largest else {
      throw MetricAbsence(
        "its sigma_min, \(range.smallest), is not below its sigma_max, \(range.largest)")
    }
    (self.settings, self.trial) = (settings, trial)
    stepCount = settings.integer("steps")
    isExact = settings.text("divergence") == "exact"
  }

  /// The simulations whose `log_density` is wanted, one for each number of steps.
  func simulations(
    _ model: Subject, _ data: MetricData, stepCounts: [Int]
  ) throws -> [Simulation] {
    let range = NoiseRange(settings, trial: trial, rows: data.train, dimension: data.dimension)
    let prior: ProbabilityFlow.Prior =
      settings.has("data_scale")
      ? .isotropic(dataScale: settings.real("data_scale"))
      : .normal(
        try NoisyNormal(
          of: data.train, noiseScale: range.largest, dimension: data.dimension))
    return stepCounts.map {
      ProbabilityFlow.logDensity(
        of: model, at: data.heldOut,
        along: ProbabilityFlow.Path(from: range.smallest, to: range.largest, stepCount: $0),
        prior: prior, isExact: isExact)
    }
  }
}

extension Metric {
  /// The mean log density of held-out rows by the probability flow.
  ///
  ///     E[ ln N(x'; m, C + σ_max² I) - ∫ σ² div s du ],  u = ln σ
  ///
  /// - Parameter flow: where the flow begins and ends, and in how many steps.
  /// - Complexity: four evaluations of the score and its divergence a step.
  ///
  /// Reference: Song et al., ICLR 2021, eq. (39), arXiv:2011.13456.
  static func flow(_ flow: FlowLikelihood) -> Metric {
    Metric(
      unit: "nat", "mean log-likelihood of held-out data by the probability flow",
      .simulations(
        MetricSimulations(
          ofRows: { try flow.simulations($0, $1, stepCounts: [flow.stepCount]) },
          reduce: { mean($0[0].values("log_density")) })))
  }

  /// The error that the steps leave in ``flow(_:)``, by a second solution in half as many.
  ///
  ///     E|ln p_N - ln p_M| / ((N/M)⁴ - 1),   M = ⌊N/2⌋
  ///
  /// For a method of fourth order that is the error of the finer solution, to its leading order.
  ///
  /// - Parameter flow: where the flow begins and ends, and in how many steps.
  /// - Complexity: one and a half times that of ``flow(_:)``.
  ///
  /// Reference: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I (1993), eq. (II.4.4).
  static func flowError(_ flow: FlowLikelihood) -> Metric {
    let half = flow.stepCount / 2
    let ratio = Double(flow.stepCount) / Double(half)
    let factor = ratio * ratio * ratio * ratio - 1
    return Metric(
      unit: "nat", "error of the log-likelihood by the probability flow, from half the steps",
      .simulations(
        MetricSimulations(
          ofRows: { try flow.simulations($0, $1, stepCounts: [flow.stepCount, half]) },
          reduce: { results in
            let (fine, coarse) = (
              results[0].values("log_density"), results[1].values("log_density")
            )
            return mean(zip(fine, coarse).map { ($0 - $1).magnitude }) / factor
          })))
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }
}
