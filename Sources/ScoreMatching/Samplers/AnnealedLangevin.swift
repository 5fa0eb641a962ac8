import Expressions
import Settings

/// The mean of a clean point given a noisy one, by Tweedie's formula.
///
///     E[x | x̃] = x̃ + σ² ∇ log p_σ(x̃)
///
/// - Parameters:
///   - x: noisy points, [n, d].
///   - score: the score of p * N(0, σ²I) at them, [n, d].
///   - sigma: the noise scale, a standard deviation, a scalar.
/// - Returns: the means, [n, d].
/// - Complexity: one product.
///
/// Reference: Efron, JASA 106 (2011), eq. (1.4); as the last step of a sampler: Jolicoeur-Martineau et
/// al., ICLR 2021, section 3.1, arXiv:2009.05475.
public func tweedieStep(_ x: Tensor, score: Tensor, scale sigma: Tensor) -> Tensor {
  x + square(sigma) * score
}

/// Annealed Langevin dynamics: unadjusted Langevin steps at one noise scale after the other, then a
/// ``tweedieStep(_:score:scale:)``.
///
///     x ← x + η_i s(x, σ_i) + √(2η_i) z,   η_i = η (σ_i/σ_L)²,   σ_1 > … > σ_L
///
/// The larger scales let chains pass between modes in the right proportions; the step falls with the
/// scale so that drift and noise keep their ratio. One evaluation of the score a step.
///
/// Reference: Song & Ermon, NeurIPS 2019, algorithm 1 with ε = 2η, arXiv:1907.05600.
struct AnnealedLangevin: Sampler {
  static let declaration = Variant(
    "annealed-langevin", "Langevin steps at falling noise scales; needs a score at any scale",
    [
      SamplerChains.stepSize(0.0005, "eta at the smallest scale; it grows with sigma squared"),
      SamplerChains.steps(100, "steps of each chain at each scale"),
    ] + NoiseLadder.settings(levels: 10) + [NoiseLadder.denoise]
      + SamplerChains.settings(isNoisy: true))

  let chains: SamplerChains
  let ladder: NoiseLadder
  let stepSize: Double
  let steps: Int
  let denoises: Bool

  var need: SamplerNeed { .noisyScore }
  var proposalCount: Int { 0 }

  init(_ settings: SettingValue) {
    ladder = NoiseLadder(settings)
    chains = SamplerChains(settings, noiseScale: ladder.largest)
    stepSize = settings.real("step_size")
    steps = settings.integer("steps")
    denoises = settings.boolean("denoise")
  }

  func simulation(of density: Subject, from x: [Double]) -> Simulation {
    let score = density.requiredNoisyScore
    let (ladder, stepSize, steps) = (ladder, stepSize, steps)
    let sigma = Tensor.scalar("sigma")
    return Simulation(
      count: chains.count,
      [Simulation.Variable("x", [density.dimension], initial: .rows(x))], streams: ["noise"],
      [
        Simulation.Stage(
          repetitions: ladder.scales.count * steps,
          scalars: { step in
            let scale = ladder.scales[step / steps]
            let ratio = scale / ladder.smallest
            return [
              ScalarValue("sigma", scale), ScalarValue("step_size", stepSize * ratio * ratio),
            ]
          }
        ) { chains in
          let x = chains["x"]
          return [
            Assignment(
              "x",
              langevinStep(
                x, score: score(x, sigma), stepSize: .scalar("step_size"),
                noise: chains.random(.normal, "noise", [density.dimension])))
          ]
        },
        .denoising(score, scale: ladder.smallest, repetitions: denoises ? 1 : 0),
      ])
  }
}

extension Simulation.Stage {
  /// ``tweedieStep(_:score:scale:)`` of the variable `x`.
  static func denoising(
    _ score: @escaping NoisyScoreFunction, scale: Double, repetitions: Int
  ) -> Simulation.Stage {
    let sigma = Tensor.scalar("sigma")
    return Simulation.Stage(
      repetitions: repetitions, scalars: { _ in [ScalarValue("sigma", scale)] }
    ) { chains in
      let x = chains["x"]
      return [Assignment("x", tweedieStep(x, score: score(x, sigma), scale: sigma))]
    }
  }
}
