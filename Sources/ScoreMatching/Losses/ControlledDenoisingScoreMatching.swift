import Expressions

/// Denoising score matching with a control variate, weighted by σ²: its variance stays bounded as
/// σ → 0.
///
///     J(θ) = E[ ½σ²‖s(x + σε)‖² + σ (s(x + σε) - s(x))ᵀε ] + ½d,   ε ~ N(0, I)
///
/// ``denoisingScoreMatching(_:at:noise:scale:)`` less σ s(x)ᵀε and ½(‖ε‖² - d), whose means are 0: the
/// same expectation and minimiser. Divided by σ², as the textbooks' loss is, its gradient has
/// variance of order 1/σ² without the control variate and of order 1 with it; less d/(2σ²) it then
/// tends to ``varianceReducedSlicedScoreMatching(_:at:along:)`` along Gaussian directions. Where σ is
/// not small against what the score varies over, the control variate may add variance. The loss of
/// a batch is no square, and may be negative.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: two evaluations of the score.
///
/// Reference: Wang, Cheng, Li, Zhu & Zhang, AISTATS 2020, arXiv:2002.07501.
public func controlledDenoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let (noisy, clean) = (score(x + sigma * epsilon), score(x))
  let product = sigma * dot(noisy - clean, epsilon)
  let constant = Tensor.fill(Double(x.shape[x.rank - 1]) / 2)
  return mean(square(sigma) * dot(noisy, noisy) / 2 + product) + constant
}
