extension Gemm {
  /// Copies `rows` x `depth` of A into a micropanel of `height` rows: element (r, p) goes to
  /// `panel[p * height + r]`, rows beyond `rows` become zero.
  @inline(__always)
  static func packA(
    _ a: MatrixView<Scalar>, rows: Int, depth: Int, height: Int,
    into panel: UnsafeMutablePointer<Scalar>
  ) {
    if a.columnStride == 1 {
      Move.transpose(
        rows: depth, columns: rows, a.pointer, sourceStride: a.rowStride, into: panel,
        destinationStride: height)
    }
    if a.rowStride == 1 {
      for p in 0..<depth {
        let (source, place) = (a.pointer + p &* a.columnStride, panel + p &* height)
        for r in 0..<rows { place[r] = source[r] }
      }
    }
    for r in 0..<rows where a.columnStride != 1 && a.rowStride != 1 {
      let row = a.pointer + r * a.rowStride
      for p in 0..<depth { panel[p &* height &+ r] = row[p &* a.columnStride] }
    }
    for r in rows..<max(rows, height) {
      for p in 0..<depth { panel[p &* height &+ r] = 0 }
    }
  }

  /// Copies `depth` x `columns` of B into a micropanel `panelWidth` wide: element (p, j) goes to
  /// `panel[p * panelWidth + j]`, columns beyond `columns` become zero.
  @inline(__always)
  static func packB(
    _ b: MatrixView<Scalar>, depth: Int, columns: Int, into panel: UnsafeMutablePointer<Scalar>
  ) {
    if columns == panelWidth && b.columnStride == 1 {
      let width = Vector.scalarCount
      for p in 0..<depth {
        let row = b.pointer + p &* b.rowStride
        let left: Vector = row.load(0)
        let right: Vector = row.load(width)
        panel.store(left, p &* panelWidth)
        panel.store(right, p &* panelWidth &+ width)
      }
      return
    }
    if b.columnStride == 1 {
      for p in 0..<depth {
        let (row, place) = (b.pointer + p &* b.rowStride, panel + p &* panelWidth)
        for j in 0..<columns { place[j] = row[j] }
        for j in columns..<max(columns, panelWidth) { place[j] = 0 }
      }
      return
    }
    if b.rowStride == 1 {
      Move.transpose(
        rows: depth, columns: columns, b.pointer, sourceStride: b.columnStride, into: panel,
        destinationStride: panelWidth)
    }
    for j in 0..<columns where b.rowStride != 1 {
      let column = b.pointer + j &* b.columnStride
      for p in 0..<depth { panel[p &* panelWidth &+ j] = column[p &* b.rowStride] }
    }
    for j in columns..<max(columns, panelWidth) {
      for p in 0..<depth { panel[p &* panelWidth &+ j] = 0 }
    }
  }
}
