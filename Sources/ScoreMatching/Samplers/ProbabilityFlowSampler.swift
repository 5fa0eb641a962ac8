import Expressions
import Settings

/// The probability flow from the largest noise scale to the smallest, then a
/// ``tweedieStep(_:score:scale:)``: samples without any noise but that of the start.
///
/// Nothing on the way forgets the start, so that what it gets wrong of the data at the largest scale stays
/// in the samples: it begins with their mean and covariance, see ``NoisyNormal``.
///
/// Four evaluations of the score a step; see ``ProbabilityFlow``.
struct ProbabilityFlowSampler: Sampler {
  static let declaration = Variant(
    "probability-flow",
    "the deterministic flow from noise to data; needs a score at any scale",
    [SamplerChains.steps(100, "steps of Runge and Kutta's fourth order, equal in log sigma")]
      + NoiseRange.flowSettings + [
        Setting(
          "denoise", .boolean, default: .boolean(true),
          "end with x + sigma^2 s(x, sigma), Tweedie's formula at the smallest scale")
      ] + SamplerChains.settings(isNoisy: true, start: "noisy-data"))

  let chains: SamplerChains
  let path: ProbabilityFlow.Path
  let denoises: Bool

  var need: SamplerNeed { .noisyScore }
  var proposalCount: Int { 0 }

  init(_ settings: SettingValue) {
    let range = NoiseRange(settings)
    path = ProbabilityFlow.Path(
      from: range.largest, to: range.smallest, stepCount: settings.integer("steps"))
    chains = SamplerChains(settings, noiseScale: range.largest)
    denoises = settings.boolean("denoise")
  }

  func simulation(of density: Subject, from x: [Double]) -> Simulation {
    let score = density.requiredNoisyScore
    return Simulation(
      count: chains.count,
      [Simulation.Variable("x", [density.dimension], initial: .rows(x))],
      [
        ProbabilityFlow.stage(score, along: path),
        .denoising(score, scale: path.end, repetitions: denoises ? 1 : 0),
      ])
  }
}
