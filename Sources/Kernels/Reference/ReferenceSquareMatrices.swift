extension Reference {
  /// Gauss and Jordan's method: the largest element that is left is the next pivot, wherever it stands.
  static func invert<Scalar: KernelScalar>(
    _ a: UnsafePointer<Scalar>, _ n: Int, into b: UnsafeMutablePointer<Scalar>,
    workspace: UnsafeMutablePointer<Scalar>
  ) {
    _ = reduce(a, n, into: b, workspace: workspace)
  }

  static func logAbsoluteDeterminant<Scalar: KernelScalar>(
    _ a: UnsafePointer<Scalar>, _ n: Int, workspace: UnsafeMutablePointer<Scalar>
  ) -> Scalar {
    let b = UnsafeMutablePointer<Scalar>.allocate(capacity: n * n)
    defer { b.deallocate() }
    return reduce(a, n, into: b, workspace: workspace)
      .reduce(0) { $0 + value(.log, $1.magnitude) }
  }

  /// The pivots; B is the inverse, its rows in the order of A's columns.
  private static func reduce<Scalar: KernelScalar>(
    _ a: UnsafePointer<Scalar>, _ n: Int, into b: UnsafeMutablePointer<Scalar>,
    workspace u: UnsafeMutablePointer<Scalar>
  ) -> [Scalar] {
    for place in 0..<n * n { (u[place], b[place]) = (a[place], place / n == place % n ? 1 : 0) }
    var (pivots, columnOf) = ([Scalar](), [Int](repeating: -1, count: n))
    for _ in 0..<n {
      let left = (0..<n * n).filter { columnOf[$0 / n] < 0 && !columnOf.contains($0 % n) }
      guard let place = left.max(by: { u[$0].magnitude < u[$1].magnitude }) else { break }
      let (row, column, pivot) = (place / n, place % n, u[place])
      columnOf[row] = column
      pivots.append(pivot)
      for i in 0..<n where i != row {
        let factor = u[i * n + column] / pivot
        for j in 0..<n {
          u[i * n + j] -= factor * u[row * n + j]
          b[i * n + j] -= factor * b[row * n + j]
        }
      }
      for j in 0..<n {
        u[row * n + j] /= pivot
        b[row * n + j] /= pivot
      }
    }
    // Row r of what stands in B belongs to column columnOf[r] of A.
    let rows = (0..<n).map { row in (0..<n).map { b[row * n + $0] } }
    for (row, column) in columnOf.enumerated() where column >= 0 {
      for j in 0..<n { b[column * n + j] = rows[row][j] }
    }
    return pivots
  }
}
