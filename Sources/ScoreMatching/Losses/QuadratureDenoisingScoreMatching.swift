import Expressions

/// Denoising score matching with the mean over the noise by Gauss-Hermite quadrature, weighted by σ².
///
///     J(θ) = ½ E_x Σⱼ wⱼ (σ s(x + σεⱼ; θ) + εⱼ)² ≈ ½ E_x E_ε (σ s(x + σε; θ) + ε)²
///
/// What ``denoisingScoreMatching(_:at:noise:scale:)`` is in the limit of infinitely many draws of noise
/// per row: a fixed function of θ, without the variance that draws add. In one dimension: the nodes
/// of a product rule are J^d.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [..., n, 1] → [..., n, 1].
///   - x: data, [n, 1].
///   - rule: the nodes εⱼ and weights wⱼ of the standard normal law.
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: as many evaluations of the score as the rule has nodes.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9), its inner mean by quadrature.
public func quadratureDenoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise rule: GaussHermite, scale sigma: Tensor
) -> Tensor {
  precondition(x.shape.last == 1, "quadrature over the noise: one dimension, found \(x.shape)")
  let count = rule.nodes.count
  let epsilon = Tensor.literal(rule.nodes, [count, 1, 1])
  let residual = sigma * score(x + sigma * epsilon) + epsilon  // [J, n, 1]
  let weights = Tensor.literal(rule.weights, [count])
  return mean(einsum("jn,j->n", dot(residual, residual), weights)) / 2
}
