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

  /// Rows are taken in groups of one vector, so that their logarithms are one evaluation. Narrow
  /// rows are summed column by column, one row a lane; wide ones along the row.
  static func logSumExpRows(
    _ x: Input, rows: Int, columns: Int, rowStride: Int, into y: Output
  ) {
    let isNarrow = columns <= 2 * Vector.scalarCount
    var start = 0
    while start < rows {
      let group = min(Vector.scalarCount, rows - start)
      let first = x + start &* rowStride
      var largest = Vector(repeating: -.infinity)
      var totals = Vector()
      if isNarrow {
        for c in 0..<columns {
          largest = Vector.maximum(largest, column(first + c, rowStride, group))
        }
        for c in 0..<columns {
          totals += Vector.exp(column(first + c, rowStride, group) - largest)
        }
      } else {
        for lane in 0..<group {
          let row = first + lane &* rowStride
          largest[lane] = maximum(row, count: columns)
          totals[lane] = sumOfExp(row, count: columns, minus: largest[lane])
        }
      }
      // An infinite maximum is the answer itself: ∞ - ∞ has given NaN.
      let isInfinite = Vector.isEqual(Vector.magnitude(largest), Vector(repeating: .infinity))
      let result = Vector.choose(isInfinite, largest, largest + Vector.log(totals))
      for lane in 0..<group { y[start &+ lane] = result[lane] }
      start &+= group
    }
  }

  /// One column of `group` rows, row l in lane l.
  @inline(__always)
  private static func column(_ x: Input, _ rowStride: Int, _ group: Int) -> Vector {
    var result = Vector()
    if group == Vector.scalarCount {
      for lane in 0..<Vector.scalarCount { result[lane] = x[lane &* rowStride] }
    } else {
      for lane in 0..<group { result[lane] = x[lane &* rowStride] }
    }
    return result
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
