import Expressions
import Settings

/// The log of the ratio by which the Metropolis-adjusted Langevin algorithm accepts.
///
///     ln [p(y) q(x | y)] - ln [p(x) q(y | x)],   q(y | x) = N(y; x + η s(x), 2η I)
///     = E(x) - E(y) + ½‖z‖² - ‖x - y - η s(y)‖²/(4η),   y = x + η s(x) + √(2η) z
///
/// Accepting with probability min(1, ratio) makes p stationary whatever η is.
///
/// - Parameters:
///   - x: points and their energies, [n, d] and [n].
///   - y: proposals, their energies and scores, [n, d], [n] and [n, d].
///   - eta: the step size η, a scalar.
///   - noise: the noise z of the proposals, [n, d].
/// - Returns: the log ratios, [n].
/// - Complexity: products with what a step has computed.
///
/// Reference: Roberts & Tweedie, Bernoulli 2 (1996), section 1.4.2.
public func langevinLogRatio(
  from x: (point: Tensor, energy: Tensor), to y: (point: Tensor, energy: Tensor, score: Tensor),
  stepSize eta: Tensor, noise: Tensor
) -> Tensor {
  let back = x.point - y.point - eta * y.score
  return x.energy - y.energy + dot(noise, noise) / 2 - dot(back, back) / (4 * eta)
}

/// The Metropolis-adjusted Langevin algorithm: a step of ``langevinStep(_:score:stepSize:noise:)``,
/// accepted by ``langevinLogRatio(from:to:stepSize:noise:)``.
///
/// Exact in the end; a step of about d^(-1/3) accepts 57 % in many dimensions. One evaluation of the
/// energy and its gradient a step.
struct MetropolisAdjustedLangevin: Sampler {
  static let declaration = Variant(
    "mala", "Metropolis-adjusted Langevin: exact in the end; needs an energy",
    [
      SamplerChains.stepSize(0.1, "eta: the drift is eta s, the noise's variance 2 eta"),
      SamplerChains.steps(1000, "steps of each chain"),
    ] + SamplerChains.settings())

  let chains: SamplerChains
  let stepSize: Double
  let steps: Int

  var need: SamplerNeed { .energy }
  var proposalCount: Int { steps }

  init(_ settings: SettingValue) {
    chains = SamplerChains(settings)
    stepSize = settings.real("step_size")
    steps = settings.integer("steps")
  }

  func simulation(of density: Subject, from x: [Double]) -> Simulation {
    let energy = density.requiredEnergy
    let eta = [ScalarValue("step_size", stepSize)]
    let d = density.dimension
    return Simulation(
      count: chains.count,
      [
        Simulation.Variable("x", [d], initial: .rows(x)), Simulation.Variable("energy"),
        Simulation.Variable("score", [d]), Simulation.Variable("acceptance"),
      ], streams: ["noise", "acceptance"],
      [
        Simulation.Stage {
          [Assignment("energy", energy($0["x"])), Assignment("score", density.score($0["x"]))]
        },
        Simulation.Stage(repetitions: steps, scalars: { _ in eta }) { chains in
          let (x, e, s) = (chains["x"], chains["energy"], chains["score"])
          let (eta, noise) = (Tensor.scalar("step_size"), chains.random(.normal, "noise", [d]))
          let y = langevinStep(x, score: s, stepSize: eta, noise: noise)
          let (eY, sY) = (energy(y), density.score(y))
          let ratio = langevinLogRatio(
            from: (x, e), to: (y, eY, sY), stepSize: eta, noise: noise)
          let accepted = less(log(chains.random(.uniform, "acceptance")), ratio)
          let ofPoint = accepted.expanded(at: 1)
          return [
            Assignment("x", select(ofPoint, y, x)), Assignment("energy", select(accepted, eY, e)),
            Assignment("score", select(ofPoint, sY, s)),
            Assignment("acceptance", chains["acceptance"] + accepted),
          ]
        },
      ])
  }
}
