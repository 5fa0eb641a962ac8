/// The eigenvalues and eigenvectors of a symmetric matrix, A = Σₖ λₖ uₖ uₖᵀ, largest value first.
///
/// By Jacobi's rotations, which find even small eigenvalues to high relative accuracy.
///
/// Reference: Golub & Van Loan, "Matrix Computations", 4th ed., section 8.5.
public struct SymmetricEigen: Sendable {
  /// λ₁ ≥ λ₂ ≥ ….
  public let values: [Double]
  /// uₖ, each of norm 1, its largest element positive so that it is one vector and not two.
  public let vectors: [[Double]]

  private static let sweepLimit = 60

  /// Decomposes a symmetric matrix, given row-major.
  ///
  /// - Complexity: about 8 sweeps of 3 n³ multiplications.
  public init(_ matrix: [Double], count n: Int) {
    precondition(matrix.count == n * n, "eigen: \(matrix.count) numbers, \(n) rows")
    var a = matrix
    var rows = [Double](repeating: 0, count: n * n)  // row k holds eigenvector k
    for i in 0..<n { rows[i * n + i] = 1 }
    for _ in 0..<Self.sweepLimit {
      var rotated = false
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1)
        where Self.matters(a[p * n + q], a[p * n + p], a[q * n + q]) {
          rotated = true
          let (c, s) = Self.rotation(a[p * n + p], a[p * n + q], a[q * n + q])
          for k in 0..<n {  // columns p and q of A
            let (x, y) = (a[k * n + p], a[k * n + q])
            (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y)
          }
          for k in 0..<n {  // rows p and q of A and of the vectors
            let (x, y) = (a[p * n + k], a[q * n + k])
            (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y)
            let (u, v) = (rows[p * n + k], rows[q * n + k])
            (rows[p * n + k], rows[q * n + k]) = (c * u - s * v, s * u + c * v)
          }
        }
      }
      if !rotated { break }
    }
    let order = (0..<n).sorted { a[$0 * n + $0] > a[$1 * n + $1] }
    values = order.map { a[$0 * n + $0] }
    vectors = order.map { k in
      let row = Array(rows[k * n..<(k + 1) * n])
      let largest = row.max { $0.magnitude < $1.magnitude } ?? 1
      return largest < 0 ? row.map { -$0 } : row
    }
  }

  /// Whether an element off the diagonal is more than rounding beside its two diagonal elements.
  private static func matters(_ element: Double, _ p: Double, _ q: Double) -> Bool {
    element.magnitude > 0x1p-54 * (p.magnitude * q.magnitude).squareRoot()
      && element.magnitude > .leastNormalMagnitude
  }

  /// Cosine and sine of the rotation that makes [[p, o], [o, q]] diagonal.
  private static func rotation(_ p: Double, _ o: Double, _ q: Double) -> (Double, Double) {
    let ratio = (q - p) / (2 * o)
    let t = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
    let c = 1 / (1 + t * t).squareRoot()
    return (c, t * c)
  }
}
