import Expressions
import Settings

/// One step of the unadjusted Langevin algorithm.
///
///     x + η s(x) + √(2η) z,   z ~ N(0, I)
///
/// The Euler step of dX = s(X) dt + √2 dW, whose law is p in the end; the step leaves a bias of order
/// η: on N(0, 1) the chain's variance is 1/(1 - η/2). Others write it with α = 2η. A chain does not
/// cross between modes that a region without data separates, within any number of steps.
///
/// - Parameters:
///   - x: points, [n, d].
///   - score: s(x), [n, d].
///   - eta: the step size η, a scalar.
///   - noise: standard normal noise, [n, d].
/// - Returns: the next points, [n, d].
/// - Complexity: one evaluation of the score.
///
/// Reference: Roberts & Tweedie, Bernoulli 2 (1996), section 1.4.1; Song & Ermon, NeurIPS 2019, eq.
/// (4) with ε = 2η, arXiv:1907.05600.
public func langevinStep(
  _ x: Tensor, score: Tensor, stepSize eta: Tensor, noise: Tensor
) -> Tensor {
  x + eta * score + squareRoot(2 * eta) * noise
}

/// The unadjusted Langevin algorithm, ``langevinStep(_:score:stepSize:noise:)``.
struct UnadjustedLangevin: Sampler {
  static let declaration = Variant(
    "ula", "unadjusted Langevin: x + eta s + sqrt(2 eta) z, biased by the step size",
    [
      SamplerChains.stepSize(0.01, "eta: the drift is eta s, the noise's variance 2 eta"),
      SamplerChains.steps(1000, "steps of each chain"),
    ] + SamplerChains.settings())

  let chains: SamplerChains
  let stepSize: Double
  let steps: Int

  var need: SamplerNeed { .score }
  var proposalCount: Int { 0 }

  init(_ settings: SettingValue) {
    chains = SamplerChains(settings)
    stepSize = settings.real("step_size")
    steps = settings.integer("steps")
  }

  func simulation(of density: Subject, from x: [Double]) -> Simulation {
    let eta = [ScalarValue("step_size", stepSize)]
    return Simulation(
      count: chains.count,
      [Simulation.Variable("x", [density.dimension], initial: .rows(x))], streams: ["noise"],
      [
        Simulation.Stage(repetitions: steps, scalars: { _ in eta }) { chains in
          let x = chains["x"]
          return [
            Assignment(
              "x",
              langevinStep(
                x, score: density.score(x), stepSize: .scalar("step_size"),
                noise: chains.random(.normal, "noise", [density.dimension])))
          ]
        }
      ])
  }
}
