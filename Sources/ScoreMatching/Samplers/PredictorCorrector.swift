import Expressions
import Settings

/// The predictor of the variance-exploding equation run backwards in time, from one noise scale to a
/// smaller one.
///
///     x + (σ² - τ²) s(x, σ) + √(σ² - τ²) z,   τ < σ
///
/// - Parameters:
///   - x: points at scale σ, [n, d].
///   - score: s(x, σ), [n, d].
///   - sigma: σ and τ, scalars.
///   - noise: standard normal noise, [n, d].
/// - Returns: points at scale τ, [n, d].
/// - Complexity: one evaluation of the score.
///
/// Reference: Song et al., ICLR 2021, algorithm 2, arXiv:2011.13456.
public func reverseDiffusionStep(
  _ x: Tensor, score: Tensor, from sigma: Tensor, to tau: Tensor, noise: Tensor
) -> Tensor {
  let variance = square(sigma) - square(tau)
  return x + variance * score + squareRoot(variance) * noise
}

/// A Langevin step whose size is set by the ratio of signal to noise.
///
///     x + η s(x, σ) + √(2η) z,   η = 2 (r ‖z‖/‖s‖)²
///
/// ‖z‖ and ‖s‖ are means over the points at hand, as the published algorithm averages over a batch: a
/// point's own ‖s‖ comes near 0 and its step would grow without bound. In a simulation these are the
/// chains of one block, at most 256. Points that are lost, where x or s is not finite, do not count.
///
/// - Parameters:
///   - x: points at scale σ, [n, d].
///   - score: s(x, σ), [n, d].
///   - ratio: r, the ratio of signal to noise, a scalar.
///   - noise: standard normal noise, [n, d].
/// - Returns: points at scale σ, [n, d].
/// - Complexity: one evaluation of the score.
///
/// Reference: Song et al., ICLR 2021, algorithm 4, arXiv:2011.13456.
public func correctorStep(
  _ x: Tensor, score: Tensor, signalToNoise ratio: Tensor, noise: Tensor
) -> Tensor {
  func norm(_ v: Tensor) -> Tensor { squareRoot(dot(v, v)) }
  // NaN and infinity are not less. Both means are over all points, so their ratio needs no count.
  let isKept = less(norm(x) + norm(score), .fill(Double.greatestFiniteMagnitude))
  func average(_ v: Tensor) -> Tensor { mean(select(isKept, norm(v), 0)) }
  let eta = 2 * square(ratio * average(noise) / average(score))
  return langevinStep(x, score: score, stepSize: eta, noise: noise)
}

/// Predictor-corrector sampling of the variance-exploding equation: at each noise scale one
/// ``reverseDiffusionStep(_:score:from:to:noise:)`` to the next and some
/// ``correctorStep(_:score:signalToNoise:noise:)`` there; a ``tweedieStep(_:score:scale:)`` in the
/// end.
///
/// One evaluation of the score for the predictor and one for each corrector step, at each scale.
///
/// Reference: Song et al., ICLR 2021, algorithm 2, arXiv:2011.13456.
struct PredictorCorrector: Sampler {
  static let declaration = Variant(
    "predictor-corrector",
    "reverse diffusion and Langevin steps at falling noise scales; needs a score at any scale",
    [
      Setting(
        "signal_to_noise", .real(.positive), default: .number(0.16),
        "ratio that sets the corrector's step size"),
      Setting(
        "corrector_steps", .integer(0...1000), default: .number(1),
        "corrector steps at each scale"),
    ] + NoiseLadder.settings(levels: 500) + [NoiseLadder.denoise]
      + SamplerChains.settings(isNoisy: true))

  let chains: SamplerChains
  let ladder: NoiseLadder
  let signalToNoise: Double
  let correctorSteps: Int
  let denoises: Bool

  var need: SamplerNeed { .noisyScore }
  var proposalCount: Int { 0 }

  init(_ settings: SettingValue) {
    ladder = NoiseLadder(settings)
    chains = SamplerChains(settings, noiseScale: ladder.largest)
    signalToNoise = settings.real("signal_to_noise")
    correctorSteps = settings.integer("corrector_steps")
    denoises = settings.boolean("denoise")
  }

  func simulation(of density: Subject, from x: [Double]) -> Simulation {
    let score = density.requiredNoisyScore
    let (scales, ratio) = (ladder.scales, signalToNoise)
    let (sigma, tau) = (Tensor.scalar("sigma"), Tensor.scalar("next_sigma"))
    let d = density.dimension
    return Simulation(
      count: chains.count, [Simulation.Variable("x", [d], initial: .rows(x))],
      streams: ["noise"] + (0..<correctorSteps).map { "corrector \($0)" },
      [
        Simulation.Stage(
          repetitions: scales.count - 1,
          scalars: {
            [
              ScalarValue("sigma", scales[$0]), ScalarValue("next_sigma", scales[$0 + 1]),
              ScalarValue("signal_to_noise", ratio),
            ]
          }
        ) { chains in
          let start = chains["x"]
          let predicted = reverseDiffusionStep(
            start, score: score(start, sigma), from: sigma, to: tau,
            noise: chains.random(.normal, "noise", [d]))
          let corrected = (0..<correctorSteps).reduce(predicted) { x, step in
            correctorStep(
              x, score: score(x, tau), signalToNoise: .scalar("signal_to_noise"),
              noise: chains.random(.normal, "corrector \(step)", [d]))
          }
          return [Assignment("x", corrected)]
        },
        .denoising(score, scale: ladder.smallest, repetitions: denoises ? 1 : 0),
      ])
  }
}
