import Expressions
import Settings

/// Explicit score matching: the Fisher divergence itself, where the score of the data is known.
///
///     J(θ) = ½ E‖s(x; θ) - s*(x)‖²
///
/// The other losses of this family equal it up to a constant in θ; it is the reference that they
/// are judged by.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - target: the exact score s* at the same points, [n, d].
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the score.
///
/// Reference: Hyvärinen, JMLR 6 (2005), eq. (2).
public func explicitScoreMatching(
  _ score: ScoreFunction, at x: Tensor, target: Tensor
) -> Tensor {
  let residual = score(x) - target
  return mean(dot(residual, residual)) / 2
}

struct ExplicitObjective: Objective {
  static let name = "esm"
  static let summary = "explicit score matching, 1/2 E|s - s*|^2; needs data with an exact score"

  init(_ trial: SettingValue) {}

  var needsTargetScore: Bool { true }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    guard let target else { preconditionFailure("loss esm: no exact score given") }
    return explicitScoreMatching(model.score, at: x, target: target)
  }
}
