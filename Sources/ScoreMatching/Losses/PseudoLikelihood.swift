import Expressions
import Settings

/// Pseudo-likelihood: the likelihood of each bit given all others.
///
///     J(θ) = -E Σᵢ ln p(xᵢ | x₋ᵢ; θ) = E Σᵢ ln(1 + exp(-Fᵢ(x)))
///
/// It is consistent, convex where the energy is linear in the parameters, and the likelihood itself where the bits
/// are independent.
///
/// - Parameters:
///   - energy: acting on points, [..., d] → [...].
///   - x: points of 0 and 1, [n, d].
/// - Returns: the mean over rows, a scalar, in nats.
/// - Complexity: ``flipLogOdds(of:at:)``.
///
/// Reference: Besag, The Statistician 24 (1975), 179-195.
public func pseudoLikelihood(_ energy: EnergyFunction, at x: Tensor) -> Tensor {
  mean(sum(softplus(-flipLogOdds(of: energy, at: x)), axes: [0]))
}

struct PseudoLikelihoodObjective: BinaryObjective {
  static let name = "pl"
  static let summary = "pseudo-likelihood of bits, -E sum_i ln p(x_i | all others)"

  init(_ trial: SettingValue) {}

  func value(_ energy: EnergyFunction, at x: Tensor) -> Tensor { pseudoLikelihood(energy, at: x) }
}
