/// The factorisation A = L Lᵀ of a symmetric positive-definite matrix, L lower triangular.
///
/// Reference: Golub & Van Loan, "Matrix Computations", 4th ed., algorithm 4.2.1.
public struct Cholesky: Sendable, Hashable {
  /// The number of rows and columns.
  public let count: Int
  /// L, row-major, zeros above the diagonal.
  public let lower: [Double]

  /// Factorises a symmetric matrix, given row-major; nil where it is not positive definite.
  ///
  /// - Complexity: n³/3 multiplications.
  public init?(_ matrix: [Double], count n: Int) {
    precondition(matrix.count == n * n, "cholesky: \(matrix.count) numbers, \(n) rows")
    var lower = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = matrix[i * n + j]
        for k in 0..<j { sum -= lower[i * n + k] * lower[j * n + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return nil }
          lower[i * n + i] = sum.squareRoot()
        } else {
          lower[i * n + j] = sum / lower[j * n + j]
        }
      }
    }
    count = n
    self.lower = lower
  }

  /// The diagonal of L.
  public var diagonal: [Double] { (0..<count).map { lower[$0 * count + $0] } }

  /// L z: a draw of N(0, A) from one of N(0, I).
  public func multiply(_ z: [Double]) -> [Double] {
    (0..<count).map { i in
      (0...i).reduce(0) { $0 + lower[i * count + $1] * z[$1] }
    }
  }

  /// A⁻¹, row-major, exactly symmetric.
  ///
  /// - Complexity: n³ multiplications.
  public var inverse: [Double] {
    let n = count
    // M = L⁻¹ column by column, then A⁻¹ = Mᵀ M.
    var m = [Double](repeating: 0, count: n * n)
    for column in 0..<n {
      m[column * n + column] = 1 / lower[column * n + column]
      for i in (column + 1)..<max(n, column + 1) {
        var sum = 0.0
        for k in column..<i { sum -= lower[i * n + k] * m[k * n + column] }
        m[i * n + column] = sum / lower[i * n + i]
      }
    }
    var result = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = 0.0
        for k in i..<n { sum += m[k * n + i] * m[k * n + j] }
        result[i * n + j] = sum
        result[j * n + i] = sum
      }
    }
    return result
  }
}
