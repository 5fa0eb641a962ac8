import Expressions

/// A square matrix as L Q, lower-triangular times orthonormal rows, in Double: how the interpreter
/// inverts, by another way than programs do.
struct OrthogonalRows {
  private var l: [[Double]] = []
  private var q: [[Double]] = []

  /// Gram and Schmidt's method, each projection done twice.
  init(_ rows: [[Double]]) {
    for (i, row) in rows.enumerated() {
      var (rest, factors) = (row, [Double](repeating: 0, count: rows.count))
      for _ in 0..<2 {
        for j in 0..<i {
          let overlap = zip(rest, q[j]).reduce(0) { $0 + $1.0 * $1.1 }
          factors[j] += overlap
          for k in rest.indices { rest[k] -= overlap * q[j][k] }
        }
      }
      factors[i] = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      l.append(factors)
      q.append(rest.map { $0 / factors[i] })
    }
  }

  var logAbsoluteDeterminant: Double {
    l.indices.reduce(0) { $0 + ElementaryFunction.log.evaluate(l[$1][$1]) }
  }

  /// Qᵀ L⁻¹, row-major.
  var inverse: [Double] {
    let n = l.count
    var y: [[Double]] = []  // L⁻¹
    for i in 0..<n {
      y.append(
        (0..<n).map { column in
          let known = (0..<i).reduce(0) { $0 + l[i][$1] * y[$1][column] }
          return ((column == i ? 1 : 0) - known) / l[i][i]
        })
    }
    return (0..<n * n).map { place in
      (0..<n).reduce(0) { $0 + q[$1][place / n] * y[$1][place % n] }
    }
  }
}
