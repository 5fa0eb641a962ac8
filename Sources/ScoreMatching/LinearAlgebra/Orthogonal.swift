import Randomness

/// Random rotations.
enum Orthogonal {
  /// A matrix with orthonormal rows, uniform over all of them, row-major.
  ///
  /// Gram-Schmidt on normal rows, each projection done twice: once is not orthogonal to rounding.
  ///
  /// - Complexity: 4 n³ multiplications.
  static func random(_ n: Int, using generator: inout RandomGenerator) -> [Double] {
    var rows: [[Double]] = []
    for _ in 0..<n {
      var row = (0..<n).map { _ in generator.normal() }
      for _ in 0..<2 {
        for other in rows {
          let overlap = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in 0..<n { row[i] -= overlap * other[i] }
        }
      }
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      rows.append(row.map { $0 / norm })
    }
    return rows.flatMap { $0 }
  }

  /// Qᵀ diag(λ) Q, row-major and exactly symmetric.
  static func conjugate(_ eigenvalues: [Double], by basis: [Double]) -> [Double] {
    let n = eigenvalues.count
    var result = [Double](repeating: 0, count: n * n)
    for k in 0..<n {
      for i in 0..<n {
        let scaled = eigenvalues[k] * basis[k * n + i]
        for j in 0...i { result[i * n + j] += scaled * basis[k * n + j] }
      }
    }
    for i in 0..<n {
      for j in 0..<i { result[j * n + i] = result[i * n + j] }
    }
    return result
  }
}
