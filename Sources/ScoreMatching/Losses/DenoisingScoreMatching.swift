import Expressions

/// Denoising score matching, weighted by σ²: the model predicts the noise that was added.
///
///     J(θ) = ½ E‖σ s(x + σε; θ) + ε‖²,   ε ~ N(0, I)
///
/// σ² times ``unweightedDenoisingScoreMatching(_:at:noise:scale:)``. Its minimiser is the score of
/// the smoothed density p * N(0, σ²I); for N(0, τ²I) data its least value is ½dτ²/(τ² + σ²).
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the score.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9); the weight: Song & Ermon, NeurIPS
/// 2019, eq. (6), arXiv:1907.05600.
public func denoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let residual = sigma * score(x + sigma * epsilon) + epsilon  // σ (s - ∇ log q_σ)
  return mean(dot(residual, residual)) / 2
}

/// Denoising score matching without a weight: the Fisher divergence to the smoothed density, up to
/// a constant in θ.
///
///     J(θ) = ½ E‖s(x + σε; θ) + ε/σ‖²,   ε ~ N(0, I)
///
/// Equals implicit score matching of the smoothed density p * N(0, σ²I) plus d/(2σ²).
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar; its variance grows like d/(2σ⁴) as σ → 0.
/// - Complexity: one evaluation of the score.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9).
public func unweightedDenoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let residual = score(x + sigma * epsilon) + epsilon / sigma  // s - ∇ log q_σ
  return mean(dot(residual, residual)) / 2
}

/// Denoising score matching, weighted by σ⁴: half the squared error of the denoiser x̃ + σ² s(x̃).
///
///     J(θ) = ½ E‖σ² s(x + σε; θ) + σε‖²,   ε ~ N(0, I)
///
/// The convention of the code of the sliced-score-matching paper. Its least value is half the
/// Bayes-optimal denoising error.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the score.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9) times σ⁴.
public func quarticDenoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let residual = square(sigma) * score(x + sigma * epsilon) + sigma * epsilon
  return mean(dot(residual, residual)) / 2
}
