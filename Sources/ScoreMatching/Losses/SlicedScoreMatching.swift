import Expressions
import Settings

/// Sliced score matching: the Fisher divergence seen along random projections.
///
///     J(θ) = E_x E_v [ vᵀ ∇ₓs(x; θ) v + ½ (vᵀ s(x; θ))² ]
///
/// Equals ``implicitScoreMatching(_:at:)`` in expectation when E[v vᵀ] = I, which every
/// ``Projection`` but the unit sphere guarantees: the first term is then Hutchinson's estimator of
/// div s.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - v: one projection per row, [n, d], or M of them, [M, n, d].
/// - Returns: the mean over rows and slices, a scalar.
/// - Complexity: one evaluation and M Jacobian-vector products, whatever d is.
///
/// Reference: Song, Garg, Shi & Ermon, UAI 2019, eq. (7), arXiv:1905.07088.
public func slicedScoreMatching(
  _ score: ScoreFunction, at x: Tensor, along v: Tensor
) -> Tensor {
  let (s, sDot) = jvp(score, at: x, along: v)  // s(x) and (∇ₓs) v
  return mean(dot(v, sDot) + square(dot(v, s)) / 2)
}

struct SlicedObjective: Objective {
  static let name = "ssm"
  static let summary = "sliced score matching, E[v' grad s v + 1/2 (v's)^2]"
  static let settings = Slices.settings

  private let slices: Slices

  init(_ trial: SettingValue) { slices = Slices(trial) }

  var streams: [String] { [Slices.stream] }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    slicedScoreMatching(model.score, at: x, along: slices.draw(x.shape))
  }
}
