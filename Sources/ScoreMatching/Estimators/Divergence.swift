import Expressions

/// The divergence of a vector field: the exact trace of its Jacobian.
///
///     div s(x) = Σᵢ ∂sᵢ/∂xᵢ = tr ∇ₓs(x)
///
/// All d basis directions are one stacked axis of Kronecker deltas, which the contraction with the
/// trace eliminates: no derivative is evaluated that the trace does not need.
///
/// - Parameters:
///   - score: a vector field acting on rows, [..., d] → [..., d].
///   - x: points, [..., d].
/// - Returns: the trace at each point, [...].
/// - Complexity: one evaluation of the field and the d directions; for a perceptron with two hidden
///   layers of width h, O(h²) a row whatever d is.
///
/// Reference: Hyvärinen, JMLR 6 (2005), eq. (4), the first term of its sum.
public func divergence(of score: ScoreFunction, at x: Tensor) -> Tensor {
  valueAndDivergence(of: score, at: x).divergence
}

/// The field and its divergence, from one evaluation: [..., d] → [..., d] and [...].
public func valueAndDivergence(
  of score: ScoreFunction, at x: Tensor
) -> (value: Tensor, divergence: Tensor) {
  guard let d = x.shape.last else { preconditionFailure("divergence: a scalar has no coordinates") }
  let delta = Tensor.delta(d)
  let directions =
    delta
    .reshape([d] + Shape(repeating: 1, count: x.rank - 1) + [d])
    .broadcast(to: [d] + x.shape)
  let (s, sDot) = jvp(score, at: x, along: directions)  // sDot[k, ..., i] = ∂sᵢ/∂xₖ
  let leading = String("abcdefgh".prefix(x.rank - 1))
  return (s, einsum("y\(leading)z,yz->\(leading)", sDot, delta))
}

/// Hutchinson's estimate of the divergence along given directions.
///
///     E[vᵀ ∇ₓs(x) v] = tr ∇ₓs(x)   where E[v vᵀ] = I
///
/// Its variance depends on the symmetric part A of the Jacobian alone: 2‖A‖² for Gaussian
/// directions, 2(‖A‖² - Σ Aᵢᵢ²) for signs, 2(d‖A‖² - tr²A)/(d + 2) on the sphere of radius √d.
///
/// - Parameters:
///   - score: a vector field acting on rows, [..., d] → [..., d].
///   - x: points, [..., d].
///   - v: directions, of the shape of x, with any further axes in front (slices).
/// - Returns: the estimate for each direction, the shape of v without its last axis.
/// - Complexity: one evaluation and one Jacobian-vector product per direction.
///
/// Reference: Hutchinson, Communications in Statistics 18 (1989), 1059-1076.
public func hutchinsonDivergence(
  of score: ScoreFunction, at x: Tensor, along v: Tensor
) -> Tensor {
  dot(v, jvp(score, at: x, along: v).tangent)
}
