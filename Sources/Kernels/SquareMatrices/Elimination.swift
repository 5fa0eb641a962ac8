/// Gaussian elimination with partial pivoting, row by row: each row operation is one vector kernel.
enum Elimination<Scalar: KernelScalar> {
  typealias Input = UnsafePointer<Scalar>
  typealias Output = UnsafeMutablePointer<Scalar>

  static func invert(_ a: Input, _ n: Int, into b: Output, workspace u: Output) {
    Scalar.copy(a, into: u, count: n * n)
    Scalar.fill(b, with: 0, count: n * n)
    for i in 0..<n { b[i * n + i] = 1 }
    eliminate(u, n, beside: b)
    for i in (0..<n).reversed() {
      let row = b + i * n
      for j in (i + 1)..<max(n, i + 1) {
        subtract(u[i * n + j], times: b + j * n, from: row, count: n)
      }
      Scalar.apply(.divide, row, scalar: u[i * n + i], into: row, count: n)
    }
  }

  static func logAbsoluteDeterminant(_ a: Input, _ n: Int, workspace u: Output) -> Scalar {
    Scalar.copy(a, into: u, count: n * n)
    eliminate(u, n, beside: nil)
    // The magnitudes of the pivots into the first row, of which nothing else is needed any more.
    for i in 0..<n { u[i] = u[i * n + i].magnitude }
    Scalar.apply(.log, u, into: u, count: n)
    return Scalar.sum(u, count: n)
  }

  /// Turns A into its upper triangular factor; what is done to its rows is done to those of B too.
  private static func eliminate(_ a: Output, _ n: Int, beside b: Output?) {
    for k in 0..<n {
      let pivot = pivotRow(a, n, k)
      if pivot != k {
        exchange(a + k * n, a + pivot * n, count: n)
        if let b { exchange(b + k * n, b + pivot * n, count: n) }
      }
      for i in (k + 1)..<max(n, k + 1) {
        let factor = a[i * n + k] / a[k * n + k]
        subtract(factor, times: a + k * n + k, from: a + i * n + k, count: n - k)
        if let b { subtract(factor, times: b + k * n, from: b + i * n, count: n) }
      }
    }
  }

  /// The row of the largest magnitude in column k on or below the diagonal; one with a NaN before all others.
  private static func pivotRow(_ a: Output, _ n: Int, _ k: Int) -> Int {
    var (found, largest) = (k, a[k * n + k].magnitude)
    for i in (k + 1)..<max(n, k + 1) where !(a[i * n + k].magnitude <= largest) {
      if largest.isNaN { break }
      (found, largest) = (i, a[i * n + k].magnitude)
    }
    return found
  }

  private static func exchange(_ x: Output, _ y: Output, count: Int) {
    for i in 0..<count { (x[i], y[i]) = (y[i], x[i]) }
  }

  private static func subtract(
    _ factor: Scalar, times x: Output, from y: Output, count: Int
  ) {
    Scalar.multiplyAdd(x, .number(factor), .array(y), subtracted: true, into: y, count: count)
  }
}
