import Expressions

/// A symmetric positive-definite matrix as a Gaussian needs it.
///
/// The matrix a I + b 1 1ᵀ (identity, equal correlations) is kept as its two numbers, so that no d
/// x d array exists however large d is; any other one is kept with its Cholesky factor.
public enum Covariance: Sendable, Hashable {
  /// a I + b 1 1ᵀ.
  case uniform(variance: Double, shared: Double)
  /// Any matrix, by its factor and its elements, row-major.
  case full(Cholesky, [Double])

  /// The matrix with these elements, row-major [d, d]; nil where it is not positive definite.
  public init?(_ matrix: [Double], dimension: Int) {
    guard let factor = Cholesky(matrix, count: dimension) else { return nil }
    self = .full(factor, matrix)
  }

  /// Σ⁻¹ applied to each point, [..., d] → [..., d].
  func solve(_ x: Tensor) -> Tensor {
    let d = x.shape.last ?? 1
    switch self {
    case .uniform(let a, let b):
      guard b != 0 else { return x / .fill(a) }
      let total = sum(x, axes: [-1]).expanded(at: x.rank - 1)
      return (x - total * .fill(b / (a + Double(d) * b))) / .fill(a)
    case .full(let factor, _):
      return matmul(x, .literal(factor.inverse, [d, d]))
    }
  }

  /// (Σ + v I)⁻¹ applied to each point for any v, [..., d] and [..., 1] → [..., d].
  ///
  /// - Complexity: the eigenvectors of a full matrix are found when it is first called.
  var solveWithNoise: (_ x: Tensor, _ variance: Tensor) -> Tensor {
    switch self {
    case .uniform(let a, let b):
      return { x, v in
        let own = .fill(a) + v
        guard b != 0 else { return x / own }
        let d = Double(x.shape.last ?? 1)
        let share = .fill(b) / (own + .fill(d * b))
        return (x - sum(x, axes: [-1]).column * share) / own
      }
    case .full(let factor, let matrix):
      let d = factor.count
      var known: SymmetricEigen?
      return { x, v in
        let eigen = known ?? SymmetricEigen(matrix, count: d)
        known = eigen
        let vectors = Tensor.literal(eigen.vectors.flatMap { $0 }, [d, d])
        let turned = matmul(x, transpose(vectors)) / (.literal(eigen.values, [d]) + v)
        return matmul(turned, vectors)
      }
    }
  }

  /// Σ⁻¹, row-major.
  func inverse(dimension d: Int) -> [Double] {
    switch self {
    case .uniform(let a, let b):
      let shared = -b / (a + Double(d) * b) / a
      return (0..<d * d).map { $0 / d == $0 % d ? 1 / a + shared : shared }
    case .full(let factor, _): return factor.inverse
    }
  }

  /// ln det Σ.
  func logDeterminant(dimension d: Int) -> Double {
    switch self {
    case .uniform(let a, let b): Double(d - 1) * Real.log(a) + Real.log(a + Double(d) * b)
    case .full(let factor, _): 2 * factor.diagonal.reduce(0) { $0 + Real.log($1) }
    }
  }

  /// Σ + variance · I.
  func adding(_ variance: Double, dimension d: Int) -> Covariance? {
    switch self {
    case .uniform(let a, let b):
      return .uniform(variance: a + variance, shared: b)
    case .full(_, let matrix):
      var sum = matrix
      for i in 0..<d { sum[i * d + i] += variance }
      return Covariance(sum, dimension: d)
    }
  }

  /// A draw of N(0, Σ) from one of N(0, I).
  func coloured(_ z: [Double]) -> [Double] {
    switch self {
    case .uniform(let a, let b):
      // (a I + b 1 1ᵀ)^½ = √a I + c 1 1ᵀ with c = (√(a + d b) - √a)/d.
      let d = Double(z.count)
      let shift = ((a + d * b).squareRoot() - a.squareRoot()) / d * z.reduce(0, +)
      return z.map { a.squareRoot() * $0 + shift }
    case .full(let factor, _):
      return factor.multiply(z)
    }
  }
}
