import Expressions
import Settings

/// Ratio matching: score matching for bits, on the ratios of the probabilities of neighbours.
///
///     J(θ) = E Σᵢ g(p(x; θ)/p(xⁱ; θ))²,   g(u) = 1/(1 + u),   g(p(x)/p(xⁱ)) = σ(-Fᵢ(x))
///
/// Up to a constant it is the expected squared distance ½ Σₓ p*(x) Σᵢ ([g(p/pⁱ) - g(p*/p*ⁱ)]² + [g(pⁱ/p) -
/// g(p*ⁱ/p*)]²) of the model's ratios to those of the data, so that the data's own probabilities are its minimiser.
/// It lies between 0 and d, is bounded in every row, and is not convex.
///
/// - Parameters:
///   - energy: acting on points, [..., d] → [...].
///   - x: points of 0 and 1, [n, d].
/// - Returns: the mean over rows, a scalar without a unit.
/// - Complexity: ``flipLogOdds(of:at:)``.
///
/// Reference: Hyvärinen, Computational Statistics & Data Analysis 51 (2007), 2499-2512, section 3.
public func ratioMatching(_ energy: EnergyFunction, at x: Tensor) -> Tensor {
  mean(sum(square(sigmoid(-flipLogOdds(of: energy, at: x))), axes: [0]))
}

struct RatioMatchingObjective: BinaryObjective {
  static let name = "rm"
  static let summary = "ratio matching on bits, E sum_i sigma(-F_i)^2 over the flips of single bits"

  init(_ trial: SettingValue) {}

  func value(_ energy: EnergyFunction, at x: Tensor) -> Tensor { ratioMatching(energy, at: x) }
}
