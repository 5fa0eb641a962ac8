import Expressions

/// Central differences of a function along random directions.
///
///     vᵀ∇f ≈ (f(x + tv) - f(x - tv)) / 2t
///     vᵀ∇²f v ≈ (f(x + tv) - 2f(x) + f(x - tv)) / t²,   t = ε/√d
///
/// Both are exact for a quadratic f and have an error of order t² otherwise. A direction with
/// E[v vᵀ] = I has length √d (on average, for Gaussian ones), so that ε is the length of tv whatever
/// the dimension.
///
/// Reference: Pang, Xu, Li, Song, Ermon & Zhu, NeurIPS 2020, section 3, arXiv:2007.03317.
public enum FiniteDifference {
  /// t, what a direction is multiplied by so that the points are ε from x.
  static func step(_ epsilon: Tensor, dimension d: Int) -> Tensor {
    epsilon / .fill(Double(d).squareRoot())
  }

  /// The least ε at which rounding costs less than about a hundredth of the difference.
  ///
  /// A function of magnitude |f| is known to u|f|, its k-th difference thus to u|f|/tᵏ: with |f| of
  /// the size of its derivatives along v, as energies near their data have it, a part 1/128 is lost
  /// where tᵏ = 128u. In single precision that is t = 7.6e-6 for first differences and 2.8e-3 for
  /// second ones.
  ///
  /// - Parameters:
  ///   - order: k, 1 or 2.
  ///   - dimension: d.
  ///   - unitRoundoff: u, half the distance from 1 to the next number.
  public static func leastDistance(
    order: Int, dimension: Int, unitRoundoff: Double
  ) -> Double {
    precondition(order == 1 || order == 2, "finite difference: order \(order)")
    let step = order == 1 ? 128 * unitRoundoff : (128 * unitRoundoff).squareRoot()
    return step * Double(dimension).squareRoot()
  }
}
