import Expressions

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
