import Expressions
import Settings

/// Variance-reduced sliced score matching by finite differences of the score.
///
///     J(θ) = E_x E_v [ vᵀ(s(x + tv) - s(x - tv)) / 2t + ½‖(s(x + tv) + s(x - tv)) / 2‖² ]
///
/// with t = ε/√d, so that ε is the length of tv. Equals
/// ``varianceReducedSlicedScoreMatching(_:at:along:)`` along the same directions for every ε where
/// the score is linear; its bias is of order ε² elsewhere. It takes any score, of an energy or not.
/// Only a first difference is taken, which rounding hardly touches.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [..., d] → [..., d].
///   - x: data, [n, d].
///   - v: one projection per row, [n, d], or M of them, [M, n, d], of length √d.
///   - epsilon: the distance ε from x in data units, a scalar.
/// - Returns: the mean over rows and slices, a scalar.
/// - Complexity: 2M evaluations of the score.
///
/// Reference: Pang, Xu, Li, Song, Ermon & Zhu, NeurIPS 2020, section 4, arXiv:2007.03317.
public func finiteDifferenceVarianceReducedSlicedScoreMatching(
  _ score: ScoreFunction, at x: Tensor, along v: Tensor, distance epsilon: Tensor
) -> Tensor {
  let t = FiniteDifference.step(epsilon, dimension: x.shape[x.rank - 1])
  let (ahead, behind) = (score(x + t * v), score(x - t * v))
  let s = (ahead + behind) / 2
  let curvature = dot(v, ahead - behind) / (2 * t)  // vᵀ(∇ₓs) v
  return mean(curvature + dot(s, s) / 2)
}

struct FiniteDifferenceVarianceReducedSlicedObjective: Objective {
  static let name = "fd-ssm-vr"
  static let summary =
    "sliced score matching, variance reduced, by finite differences of the score"
  static let settings = Slices.settings + [Distance.setting]

  private let slices: Slices
  private let distance: Distance

  init(_ trial: SettingValue) { (slices, distance) = (Slices(trial), Distance(trial)) }

  var streams: [String] { [Slices.stream] }
  var scalars: [ScalarValue] { distance.scalars }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    finiteDifferenceVarianceReducedSlicedScoreMatching(
      model.score, at: x, along: slices.draw(x.shape), distance: distance.epsilon)
  }
}
