import Expressions
import Settings

/// Sliced score matching of an energy by finite differences: no derivative in x is taken.
///
///     J(θ) = E_x E_v [ ½ ((E(x + tv) - E(x - tv)) / 2t)² - (E(x + tv) - 2E(x) + E(x - tv)) / t² ]
///
/// with t = ε/√d, so that ε is the length of tv. Equals ``slicedScoreMatching(_:at:along:)`` of the
/// score s = -∇E, along the same directions, for every ε where the energy is quadratic; its bias
/// is of order ε² elsewhere. Some programs report twice it, or leave out d. The second difference
/// is lost in rounding where ε is small: ``FiniteDifference/leastDistance(order:dimension:unitRoundoff:)``.
///
/// - Parameters:
///   - energy: the model energy E(·; θ) = -log p + const, [..., d] → [...].
///   - x: data, [n, d].
///   - v: one projection per row, [n, d], or M of them, [M, n, d], of length √d.
///   - epsilon: the distance ε from x in data units, a scalar.
/// - Returns: the mean over rows and slices, a scalar.
/// - Complexity: 1 + 2M evaluations of the energy.
///
/// Reference: Pang, Xu, Li, Song, Ermon & Zhu, NeurIPS 2020, section 4 (FD-SSM), arXiv:2007.03317.
public func finiteDifferenceSlicedScoreMatching(
  _ energy: EnergyFunction, at x: Tensor, along v: Tensor, distance epsilon: Tensor
) -> Tensor {
  let t = FiniteDifference.step(epsilon, dimension: x.shape[x.rank - 1])
  let (centre, ahead, behind) = (energy(x), energy(x + t * v), energy(x - t * v))
  let slope = (ahead - behind) / (2 * t)  // vᵀ∇E = -vᵀs
  // The differences to the centre are exact, and small when they are added.
  let curvature = ((ahead - centre) + (behind - centre)) / square(t)  // vᵀ∇²E v = -vᵀ∇s v
  return mean(square(slope) / 2 - curvature)
}

struct FiniteDifferenceSlicedObjective: Objective {
  static let name = "fd-ssm"
  static let summary =
    "sliced score matching by finite differences of an energy, none of its derivatives"
  static let settings = Slices.settings + [Distance.setting]

  private let slices: Slices
  private let distance: Distance

  init(_ trial: SettingValue) { (slices, distance) = (Slices(trial), Distance(trial)) }

  var streams: [String] { [Slices.stream] }
  var scalars: [ScalarValue] { distance.scalars }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    finiteDifferenceSlicedScoreMatching(
      model.requiredEnergy, at: x, along: slices.draw(x.shape), distance: distance.epsilon)
  }
}
