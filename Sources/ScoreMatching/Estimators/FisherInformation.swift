/// The Fisher information of one observation, from estimated scores, and the intervals that it gives.
public enum FisherInformation {
  /// The mean of S_A S_Bᵀ over observations, made symmetric.
  ///
  ///     Î = ½ E[S_A(x) S_B(x)ᵀ + S_B(x) S_A(x)ᵀ],   x ~ p(x | θ̂)
  ///
  /// Two scores from simulations of their own have independent errors, which a product of both leaves out on
  /// average; the square of one would add them to the information. What remains of bias is that of smoothing.
  ///
  /// - Parameters:
  ///   - first: S_A at observations drawn at θ̂ for this alone, row-major [n, p].
  ///   - second: S_B at the same observations.
  ///   - p: the number of parameters.
  /// - Returns: row-major [p, p].
  /// - Complexity: n p² multiplications.
  ///
  /// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025, with one
  /// score.
  public static func estimate(
    _ first: [Double], _ second: [Double], parameterCount p: Int
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: p * p)
    for start in stride(from: 0, to: first.count, by: p) {
      for i in 0..<p {
        for j in 0..<p { sums[i * p + j] += first[start + i] * second[start + j] }
      }
    }
    let n = Double(max(first.count / p, 1))
    return (0..<p * p).map { (sums[$0] + sums[$0 % p * p + $0 / p]) / (2 * n) }
  }

  /// The standard errors of the maximum of the likelihood of n observations: √(Î⁻¹)ᵢᵢ/n. Nil where Î is not
  /// positive definite.
  ///
  /// - Complexity: p³ multiplications.
  ///
  /// Reference: Fisher, "Theory of statistical estimation", Proceedings of the Cambridge Philosophical Society 22
  /// (1925).
  public static func standardErrors(
    _ information: [Double], parameterCount p: Int, observations n: Int
  ) -> [Double]? {
    Cholesky(information, count: p).map { factor in
      let inverse = factor.inverse
      return (0..<p).map { (inverse[$0 * p + $0] / Double(n)).squareRoot() }
    }
  }
}
