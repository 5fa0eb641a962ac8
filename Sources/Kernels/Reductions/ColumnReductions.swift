extension Reduction {
  /// Each column is summed from the first row to the last, except that of one, two or four
  /// dense columns several rows share a vector.
  static func sumColumns(
    _ x: Input, rows: Int, columns: Int, rowStride: Int, into y: Output, accumulate: Bool
  ) {
    let width = Vector.scalarCount
    guard columns >= width else {
      if rowStride == columns && width % max(columns, 1) == 0 && rows > width {
        sumDenseColumns(x, rows: rows, columns: columns, into: y, accumulate: accumulate)
      } else {
        sumNarrowColumns(
          x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
      }
      return
    }
    var column = 0
    while column &+ 4 &* width <= columns {
      var (a0, a1, a2, a3) = (Vector(), Vector(), Vector(), Vector())
      var row = x + column
      for _ in 0..<rows {
        a0 += row.load(0)
        a1 += row.load(width)
        a2 += row.load(2 &* width)
        a3 += row.load(3 &* width)
        row += rowStride
      }
      let place = y + column
      place.store(accumulate ? place.load(0) + a0 : a0, 0)
      place.store(accumulate ? place.load(width) + a1 : a1, width)
      place.store(accumulate ? place.load(2 &* width) + a2 : a2, 2 &* width)
      place.store(accumulate ? place.load(3 &* width) + a3 : a3, 3 &* width)
      column &+= 4 &* width
    }
    while column < columns {
      // The last vector reaches back over columns that are done and writes only the others.
      let start = min(column, columns &- width)
      var sums = Vector()
      var row = x + start
      for _ in 0..<rows {
        sums += row.load(0)
        row += rowStride
      }
      for lane in (column &- start)..<width {
        y[start &+ lane] = accumulate ? y[start &+ lane] + sums[lane] : sums[lane]
      }
      column = start &+ width
    }
  }

  private static func sumNarrowColumns(
    _ x: Input, rows: Int, columns: Int, rowStride: Int, into y: Output, accumulate: Bool
  ) {
    for c in 0..<columns {
      var total: Scalar = 0
      for r in 0..<rows { total += x[r &* rowStride &+ c] }
      y[c] = accumulate ? y[c] + total : total
    }
  }

  /// The rows lie one behind the other, so lane l of every vector belongs to column
  /// l mod `columns`.
  private static func sumDenseColumns(
    _ x: Input, rows: Int, columns: Int, into y: Output, accumulate: Bool
  ) {
    let width = Vector.scalarCount
    let count = rows &* columns
    var (a0, a1, a2, a3) = (Vector(), Vector(), Vector(), Vector())
    var i = 0
    while i &+ 4 &* width <= count {
      a0 += x.load(i)
      a1 += x.load(i &+ width)
      a2 += x.load(i &+ 2 &* width)
      a3 += x.load(i &+ 3 &* width)
      i &+= 4 &* width
    }
    while i &+ width <= count {
      a0 += x.load(i)
      i &+= width
    }
    let lanes = (a0 + a1) + (a2 + a3)
    for c in 0..<columns {
      var total: Scalar = 0
      for lane in stride(from: c, to: width, by: columns) { total += lanes[lane] }
      for place in stride(from: i &+ c, to: count, by: columns) { total += x[place] }
      y[c] = accumulate ? y[c] + total : total
    }
  }
}
