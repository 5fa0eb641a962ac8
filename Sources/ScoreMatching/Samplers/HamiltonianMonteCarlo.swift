import Expressions
import Settings

/// One leapfrog of Hamiltonian dynamics with H = E(x) + ½‖p‖².
///
///     p½ = p + (ε/2) s(x),   y = x + ε p½,   p' = p½ + (ε/2) s(y)
///
/// Keeps volume, is its own inverse with the momentum reversed, and over a fixed time leaves an error
/// in H of order ε².
///
/// - Parameters:
///   - x: points, [n, d].
///   - p: momenta, [n, d].
///   - s: the score at x, [n, d].
///   - epsilon: the step size ε, a scalar.
///   - score: the score s = -∇E.
/// - Returns: the next points, momenta and scores.
/// - Complexity: one evaluation of the score.
///
/// Reference: Neal, Handbook of MCMC (2011), eq. (2.28) to (2.30), arXiv:1206.1901.
public func leapfrog(
  _ x: Tensor, momentum p: Tensor, score s: Tensor, stepSize epsilon: Tensor,
  _ score: ScoreFunction
) -> (point: Tensor, momentum: Tensor, score: Tensor) {
  let half = p + epsilon / 2 * s
  let y = x + epsilon * half
  let sY = score(y)
  return (y, half + epsilon / 2 * sY, sY)
}

/// Hamiltonian Monte Carlo: a fresh momentum, leapfrogs, and the last point accepted with probability
/// min(1, exp(H before - H after)).
///
/// Exact in the end, whatever the step size. One evaluation of the energy and its gradient a leapfrog.
/// A simulation's step is one leapfrog; at the first of a trajectory the momentum is drawn, at the
/// last the point is accepted or the trajectory's first point taken up again.
struct HamiltonianMonteCarlo: Sampler {
  static let declaration = Variant(
    "hmc", "Hamiltonian Monte Carlo: leapfrogs, then accepted or not; needs an energy",
    [
      SamplerChains.stepSize(0.2, "epsilon of a leapfrog: time, in data units over momentum"),
      Setting(
        "leapfrogs", .integer(1...10_000), default: .number(10), "leapfrogs of a trajectory"),
      SamplerChains.steps(100, "trajectories of each chain"),
    ] + SamplerChains.settings())

  let chains: SamplerChains
  let stepSize: Double
  let leapfrogs: Int
  let steps: Int

  var need: SamplerNeed { .energy }
  var proposalCount: Int { steps }

  init(_ settings: SettingValue) {
    chains = SamplerChains(settings)
    stepSize = settings.real("step_size")
    leapfrogs = settings.integer("leapfrogs")
    steps = settings.integer("steps")
  }

  func simulation(of density: Subject, from x: [Double]) -> Simulation {
    let trajectory = Trajectory(
      dimension: density.dimension, energy: density.requiredEnergy, score: density.score)
    let (stepSize, leapfrogs) = (stepSize, leapfrogs)
    return Simulation(
      count: chains.count,
      [Simulation.Variable("x", [density.dimension], initial: .rows(x))] + trajectory.variables,
      streams: Trajectory.streams,
      [
        Simulation.Stage(step: trajectory.prepare),
        Simulation.Stage(
          repetitions: steps * leapfrogs,
          scalars: { Trajectory.scalars(at: $0, leapfrogs: leapfrogs, stepSize: stepSize) },
          step: trajectory.leapfrog),
      ])
  }
}
