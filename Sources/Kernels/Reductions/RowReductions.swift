extension Reduction {
  static func sumRows(
    _ x: Input, rows: Int, columns: Int, rowStride: Int, into y: Output, accumulate: Bool
  ) {
    for r in 0..<rows {
      let total = sum(x + r &* rowStride, count: columns)
      y[r] = accumulate ? y[r] + total : total
    }
  }

  static func dotRows(
    _ a: Input, rowStride aStride: Int, _ b: Input, rowStride bStride: Int, rows: Int,
    columns: Int, into y: Output, accumulate: Bool
  ) {
    for r in 0..<rows {
      let total = dot(a + r &* aStride, b + r &* bStride, count: columns)
      y[r] = accumulate ? y[r] + total : total
    }
  }

  static func maximumRows(
    _ x: Input, rows: Int, columns: Int, rowStride: Int, into y: Output
  ) {
    for r in 0..<rows { y[r] = maximum(x + r &* rowStride, count: columns) }
  }

  /// Rows are taken in groups of one vector, so that their logarithms are one evaluation.
  static func logSumExpRows(
    _ x: Input, rows: Int, columns: Int, rowStride: Int, into y: Output
  ) {
    var start = 0
    while start < rows {
      let group = min(Vector.scalarCount, rows - start)
      var largest = Vector()
      var totals = Vector(repeating: 1)
      for lane in 0..<group {
        let row = x + (start &+ lane) &* rowStride
        largest[lane] = maximum(row, count: columns)
        totals[lane] = sumOfExp(row, count: columns, minus: largest[lane])
      }
      // An infinite maximum is the answer itself: ∞ - ∞ would have given NaN.
      let isInfinite = Vector.isEqual(Vector.magnitude(largest), Vector(repeating: .infinity))
      let result = Vector.choose(isInfinite, largest, largest + Vector.log(totals))
      for lane in 0..<group { y[start &+ lane] = result[lane] }
      start &+= group
    }
  }

  /// Σ exp(x[i] - shift), one vector accumulating; the last one is filled up with exp(-∞) = 0.
  @inline(__always)
  private static func sumOfExp(_ x: Input, count: Int, minus shift: Scalar) -> Scalar {
    let width = Vector.scalarCount
    let shifts = Vector(repeating: shift)
    var totals = Vector()
    var i = 0
    while i &+ width <= count {
      totals += Vector.exp(x.load(i) - shifts)
      i &+= width
    }
    if i < count {
      var rest = Vector(repeating: -.infinity)
      for lane in 0..<(count &- i) { rest[lane] = x[i &+ lane] - shift }
      totals += Vector.exp(rest)
    }
    return totals.sum()
  }
}
