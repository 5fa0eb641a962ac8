extension Reference {
  static func sum<Scalar: KernelScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    var total: Scalar = 0
    for i in 0..<count { total += x[i] }
    return total
  }

  static func dot<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, count: Int
  ) -> Scalar {
    var total: Scalar = 0
    for i in 0..<count { total += x[i] * y[i] }
    return total
  }

  static func maximum<Scalar: KernelScalar>(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    var largest = -Scalar.infinity
    for i in 0..<count { largest = value(.maximum, largest, x[i]) }
    return largest
  }

  static func sumRows<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    for r in 0..<rows {
      let total = sum(x + r * rowStride, count: columns)
      y[r] = accumulate ? y[r] + total : total
    }
  }

  static func sumColumns<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    for c in 0..<columns {
      var total: Scalar = 0
      for r in 0..<rows { total += x[r * rowStride + c] }
      y[c] = accumulate ? y[c] + total : total
    }
  }

  static func dotRows<Scalar: KernelScalar>(
    _ a: UnsafePointer<Scalar>, rowStride aStride: Int, _ b: UnsafePointer<Scalar>,
    rowStride bStride: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<Scalar>,
    accumulate: Bool
  ) {
    for r in 0..<rows {
      let total = dot(a + r * aStride, b + r * bStride, count: columns)
      y[r] = accumulate ? y[r] + total : total
    }
  }

  static func logSumExpRows<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Scalar>
  ) {
    for r in 0..<rows {
      let row = x + r * rowStride
      let largest = maximum(row, count: columns)
      // An infinite maximum is the answer itself: ∞ - ∞ below would give NaN.
      guard largest.isFinite else {
        y[r] = largest
        continue
      }
      var total: Scalar = 0
      for c in 0..<columns { total += value(.exp, row[c] - largest) }
      y[r] = largest + value(.log, total)
    }
  }

  static func maximumRows<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Scalar>
  ) {
    for r in 0..<rows { y[r] = maximum(x + r * rowStride, count: columns) }
  }
}
