import Expressions
import Settings

/// Denoising score matching of an energy by finite differences, weighted by σ².
///
///     J(θ) = ½ E (σ (E(x̃ - tv) - E(x̃ + tv)) / 2t + vᵀn)²,   x̃ = x + σn,  n ~ N(0, I)
///
/// with t = ε/√d, so that ε is the length of tv. Where E[v vᵀ] = I its mean over v equals
/// ``denoisingScoreMatching(_:at:noise:scale:)`` of the score s = -∇E, for every ε where the energy is
/// quadratic and up to order ε² elsewhere. No derivative in x is taken; the price is the variance
/// that the directions add.
///
/// - Parameters:
///   - energy: the model energy E(·; θ) = -log p + const, [..., d] → [...].
///   - x: data, [n, d].
///   - noise: standard normal noise n, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
///   - v: one projection per row, [n, d], or M of them, [M, n, d], of length √d.
///   - epsilon: the distance ε from x̃ in data units, a scalar.
/// - Returns: the mean over rows and slices, a scalar.
/// - Complexity: 2M evaluations of the energy.
///
/// Reference: Pang, Xu, Li, Song, Ermon & Zhu, NeurIPS 2020, section 4 (FD-DSM), arXiv:2007.03317.
public func finiteDifferenceDenoisingScoreMatching(
  _ energy: EnergyFunction, at x: Tensor, noise: Tensor, scale sigma: Tensor, along v: Tensor,
  distance epsilon: Tensor
) -> Tensor {
  let t = FiniteDifference.step(epsilon, dimension: x.shape[x.rank - 1])
  let noisy = x + sigma * noise
  let slope = (energy(noisy - t * v) - energy(noisy + t * v)) / (2 * t)  // vᵀs
  return mean(square(sigma * slope + dot(v, noise))) / 2  // σ vᵀ(s - ∇ log q_σ)
}

struct FiniteDifferenceDenoisingObjective: Objective {
  static let name = "fd-dsm"
  static let summary =
    "denoising score matching by finite differences of an energy along directions"
  static let settings =
    [Noise.setting, DenoisingWeight.setting] + Slices.settings + [Distance.setting]

  private let noise: Noise
  private let weight: DenoisingWeight
  private let slices: Slices
  private let distance: Distance

  init(_ trial: SettingValue) {
    (noise, weight) = (Noise(trial), DenoisingWeight(trial))
    (slices, distance) = (Slices(trial), Distance(trial))
  }

  var streams: [String] { [Noise.stream, Slices.stream] }
  var scalars: [ScalarValue] { noise.scalars + distance.scalars }
  var unitPower: Int { weight.unitPower }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    weight.factor(noise.sigma)
      * finiteDifferenceDenoisingScoreMatching(
        model.requiredEnergy, at: x, noise: noise.draw(x.shape), scale: noise.sigma,
        along: slices.draw(x.shape), distance: distance.epsilon)
  }
}
