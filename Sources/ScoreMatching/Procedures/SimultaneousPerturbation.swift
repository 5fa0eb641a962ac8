import Expressions
import Randomness
import Settings

/// Simultaneous perturbation of all parameters, over a kernel density estimate of the likelihood: the baseline
/// of Fisher score matching.
///
///     θₖ₊₁ = θₖ + aₖ (ℓ(θₖ + cₖ Δ) - ℓ(θₖ - cₖ Δ))/(2 cₖ) Δ,   aₖ = a/(k + A)^α,  cₖ = c/k^γ
///
/// Δ is one Rademacher direction a step, ℓ the mean log density of the observations by ``KernelDensity`` of half
/// the step's simulations each, and A a part of the number of steps.
///
/// Reference: Spall, IEEE Transactions on Aerospace and Electronic Systems 34 (1998), 817-823; Bertl, Ewing,
/// Kosiol & Futschik, Statistical Applications in Genetics and Molecular Biology 16 (2017), with the kernel
/// density.
public struct SimultaneousPerturbation: Sendable, Hashable {
  /// Its name in an experiment file and the settings that stand beside it.
  public static let declaration = Variant(
    "kde-spsa",
    "simultaneous perturbation over a kernel density estimate of a simulator's likelihood",
    neighbours: [
      LikelihoodAscent.setting,
      Setting(
        "spsa",
        .group([
          Setting("gain", .real(.positive), default: .number(1), "a, the size of steps"),
          Setting(
            "perturbation", .real(.positive), default: .number(0.1), unit: "parameter units",
            "c, how far the parameters are moved to either side in each coordinate"),
          Setting(
            "gain_decay", .real(.nonNegative), default: .number(1),
            "alpha, the power of the step's number that gains fall with"),
          Setting(
            "perturbation_decay", .real(.nonNegative), default: .number(1.0 / 6),
            "gamma, the power of the step's number that perturbations fall with"),
          Setting(
            "stability", .real(.nonNegative), default: .number(0.1),
            "A as a part of the number of steps: it holds the first gains down"),
          Setting(
            "bandwidth", .optional(.real(.positive)), default: .null, unit: "data units",
            "standard deviation of the kernel; Silverman's rule for each coordinate where absent"),
        ]), default: .object([SettingValue.Member]()), "the gains of simultaneous perturbation"),
    ])

  let gain: Double
  let perturbation: Double
  let gainDecay: Double
  let perturbationDecay: Double
  let stability: Double
  let bandwidth: Double?

  init(_ settings: SettingValue) {
    gain = settings.real("gain")
    perturbation = settings.real("perturbation")
    gainDecay = settings.real("gain_decay")
    perturbationDecay = settings.real("perturbation_decay")
    stability = settings.real("stability")
    bandwidth = settings.has("bandwidth") ? settings.real("bandwidth") : nil
  }

  /// aₖ at step k of T, counted from 1.
  public func gain(at k: Int, of total: Int) -> Double {
    gain / Real.power(Double(k) + stability * Double(total), gainDecay)
  }

  /// cₖ at step k, counted from 1.
  public func perturbation(at k: Int) -> Double {
    perturbation / Real.power(Double(k), perturbationDecay)
  }

  /// The estimated gradient of ℓ at step k, and ℓ about there.
  ///
  /// - Parameters:
  ///   - theta: the parameters, [p].
  ///   - k: the step, counted from 1.
  ///   - observations: row-major [n, d].
  ///   - count: simulations, half of them on either side.
  ///   - generator: draws the direction, then the simulations.
  /// - Complexity: n · count kernels.
  public func gradient(
    of simulator: any Simulator, at theta: [Double], step k: Int, observations: [Double],
    simulations count: Int, using generator: inout RandomGenerator
  ) -> (gradient: [Double], value: Double) {
    let c = perturbation(at: k)
    let delta = theta.map { _ in generator.uniform() < 0.5 ? -1.0 : 1.0 }
    let values = [c, -c].map { side in
      let moved = zip(theta, delta).map { $0 + side * $1 }
      let samples = simulator.draw(count / 2, at: moved, using: &generator)
      return KernelDensity(samples, dimension: simulator.dimension, bandwidth: bandwidth)
        .meanLogDensity(of: observations)
    }
    let slope = (values[0] - values[1]) / (2 * c)
    return (delta.map { slope * $0 }, (values[0] + values[1]) / 2)
  }
}
