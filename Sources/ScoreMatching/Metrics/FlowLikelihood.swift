import Expressions
import Settings

/// The log density that a model's probability flow gives held-out rows, as a metric's settings ask
/// for it.
///
/// It is the density of what the flow makes of N(0, (σ_max² + σ_d²) I) at σ_min: normalised, and so
/// comparable between models; that of the data smoothed by σ_min where the score is exact and σ_max
/// large (`target_log_likelihood` with the same sigma). See ``ProbabilityFlow``.
struct FlowLikelihood: Sendable, Hashable {
  static let settings = [
    Setting(
      "sigma_min", .optional(.real(.positive)), default: .null, unit: "data units",
      "the noise scale of the density; where absent, the smallest that the trial's loss trains"),
    Setting(
      "sigma_max", .optional(.real(.positive)), default: .null, unit: "data units",
      "the noise scale where it is taken for normal; where absent, the largest that is trained"),
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
      "sigma_d of the normal law at sigma_max; where absent, the model's own, else 0"),
  ]

  let range: NoiseRange
  let stepCount: Int
  let isExact: Bool
  let dataScale: Double

  /// The settings of a metric; nil for a trial whose score is known at one scale alone, and where the
  /// scales do not rise.
  init?(_ settings: SettingValue, trial: SettingValue) {
    guard Abilities(trial).noisyScore else { return nil }
    let trained =
      Losses.noiseRange(of: trial)
      ?? NoiseRange(smallest: NoiseRange.defaultSmallest, largest: NoiseRange.defaultLargest)
    range = NoiseRange(
      smallest: settings.has("sigma_min") ? settings.real("sigma_min") : trained.smallest,
      largest: settings.has("sigma_max") ? settings.real("sigma_max") : trained.largest)
    guard range.smallest < range.largest else { return nil }
    stepCount = settings.integer("steps")
    isExact = settings.text("divergence") == "exact"
    dataScale =
      settings.has("data_scale")
      ? settings.real("data_scale")
      : trial.has("model.data_scale") ? trial.real("model.data_scale") : 0
  }

  /// The simulation whose `log_density` is wanted, in so many steps.
  func simulation(_ model: Subject, _ data: MetricData, stepCount: Int) -> Simulation {
    ProbabilityFlow.logDensity(
      model.requiredNoisyScore, at: data.heldOut, dimension: data.dimension,
      along: ProbabilityFlow.Path(
        from: range.smallest, to: range.largest, stepCount: stepCount),
      dataScale: dataScale, isExact: isExact)
  }
}

extension Metric {
  /// The mean log density of held-out rows by the probability flow.
  ///
  ///     E[ ln N(x'; 0, (σ_max² + σ_d²) I) - ∫ σ² div s du ],  u = ln σ
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
          ofRows: { model, data in
            [flow.simulation(model, data, stepCount: flow.stepCount)]
          }, reduce: { mean($0[0]["log_density"] ?? []) })))
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
          ofRows: { model, data in
            [flow.stepCount, half].map {
              flow.simulation(model, data, stepCount: $0)
            }
          },
          reduce: { results in
            let (fine, coarse) = (results[0]["log_density"] ?? [], results[1]["log_density"] ?? [])
            return mean(zip(fine, coarse).map { ($0 - $1).magnitude }) / factor
          })))
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }
}
