import Expressions
import Settings

/// Minimum probability flow: how fast probability leaves the data under the model's own dynamics of single flips.
///
///     J(θ) = E Σᵢ exp(½ (E(x; θ) - E(xⁱ; θ))) = E Σᵢ exp(-½ Fᵢ(x))
///
/// The flow from states that are data to neighbours that are not; rows that are neighbours of each other are not
/// told apart from others, which leaves the minimiser as it is and is what makes the loss a mean over rows. It is
/// convex where the energy is linear in the parameters, and unbounded in single rows: exp(½|F|).
///
/// - Parameters:
///   - energy: acting on points, [..., d] → [...].
///   - x: points of 0 and 1, [n, d].
/// - Returns: the mean over rows, a scalar without a unit.
/// - Complexity: ``flipLogOdds(of:at:)``.
///
/// Reference: Sohl-Dickstein, Battaglino & DeWeese, ICML 2011, eq. (13).
public func minimumProbabilityFlow(_ energy: EnergyFunction, at x: Tensor) -> Tensor {
  mean(sum(exp(-flipLogOdds(of: energy, at: x) / 2), axes: [0]))
}

struct MinimumProbabilityFlowObjective: BinaryObjective {
  static let name = "mpf"
  static let summary = "minimum probability flow on bits, E sum_i exp(-F_i/2) over single flips"

  init(_ trial: SettingValue) {}

  func value(_ energy: EnergyFunction, at x: Tensor) -> Tensor {
    minimumProbabilityFlow(energy, at: x)
  }
}
