import Expressions
import Settings

/// Sliced score matching with the norm in closed form, which has lower variance as a rule.
///
///     J(θ) = E_x E_v [ vᵀ ∇ₓs(x; θ) v ] + ½ E‖s(x; θ)‖²
///
/// Equals ``implicitScoreMatching(_:at:)`` in expectation when E[v vᵀ] = I. The norm is not
/// projected, so directions on the unit sphere would weigh the trace by 1/d and move the minimiser.
/// Where the Jacobian is near -½ s sᵀ the plain form has the lower variance.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - v: one projection per row, [n, d], or M of them, [M, n, d].
/// - Returns: the mean over rows and slices, a scalar.
/// - Complexity: one evaluation and M Jacobian-vector products, whatever d is.
///
/// Reference: Song, Garg, Shi & Ermon, UAI 2019, eq. (8), arXiv:1905.07088.
public func varianceReducedSlicedScoreMatching(
  _ score: ScoreFunction, at x: Tensor, along v: Tensor
) -> Tensor {
  let (s, sDot) = jvp(score, at: x, along: v)  // s(x) and (∇ₓs) v
  return mean(dot(v, sDot)) + mean(dot(s, s)) / 2
}

struct VarianceReducedSlicedObjective: Objective {
  static let name = "ssm-vr"
  static let summary = "sliced score matching, variance reduced, E[v' grad s v + 1/2 |s|^2]"
  static let settings = Slices.settings

  private let slices: Slices

  init(_ trial: SettingValue) { slices = Slices(trial) }

  var streams: [String] { [Slices.stream] }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    varianceReducedSlicedScoreMatching(model.score, at: x, along: slices.draw(x.shape))
  }
}
