internal import CCPU

extension Gemm {
  /// A block of B, `depth` x `columns`, and what its products with blocks of A need.
  struct Block {
    var columns: Int
    var depth: Int
    var alpha: Scalar
    var b: MatrixView<Scalar>
    var readsBInPlace: Bool
    var beta: Scalar
    var tile: UnsafeMutablePointer<Scalar>
    var packedA: UnsafeMutablePointer<Scalar>
    var packedB: UnsafePointer<Scalar>

    /// Packs the micropanels of B; only the last, incomplete one when B is read in place.
    @inline(__always)
    func packColumns(into packedB: UnsafeMutablePointer<Scalar>) {
      for start in stride(from: 0, to: columns, by: panelWidth) {
        let width = min(panelWidth, columns - start)
        if readsBInPlace && width == panelWidth { continue }
        packB(
          MatrixView(
            b.pointer + start * b.columnStride, rowStride: b.rowStride,
            columnStride: b.columnStride),
          depth: depth, columns: width, into: packedB + start * depth)
      }
    }

    /// C ← alpha A B + beta C for a block of A, `rows` x `depth`.
    ///
    /// - Parameter diagonal: the block's column that meets C's diagonal in its first row, where
    ///   only what is on or above the diagonal is wanted.
    @inline(__always)
    func multiply(
      _ a: MatrixView<Scalar>, rows: Int, into c: Output, diagonal: Int? = nil
    ) {
      // Columns far apart would meet in a few sets of the first cache.
      let isSpread = a.columnStride >= 256 && depth > 16 && columns > panelWidth
      let readsAInPlace = a.columnStride == 1 || (a.rowStride == 1 && !isSpread)
      var row = 0
      while row < rows {
        let height = height(remaining: rows - row)
        let used = min(height, rows - row)
        if !readsAInPlace || used < height {
          packA(
            MatrixView(
              a.pointer + row * a.rowStride, rowStride: a.rowStride, columnStride: a.columnStride),
            rows: used, depth: depth, height: height, into: packedA + row * depth)
        }
        row += height
      }
      for start in stride(from: 0, to: columns, by: panelWidth) {
        let width = min(panelWidth, columns - start)
        let inPlace = readsBInPlace && width == panelWidth
        let panel = Panel(
          pointer: inPlace ? b.pointer + start : packedB + start * depth,
          step: inPlace ? b.rowStride : panelWidth, width: width)
        var row = 0
        while row < rows {
          let height = height(remaining: rows - row)
          let used = min(height, rows - row)
          // Below the diagonal from the first row to the last, as are all rows behind.
          if let diagonal, start + width <= diagonal + row { break }
          let out = Output(
            pointer: c.pointer + row * c.rowStride + start * c.columnStride,
            rowStride: c.rowStride, columnStride: c.columnStride)
          if readsAInPlace && used == height {
            multiply(
              a.pointer + row * a.rowStride, rowStep: a.rowStride, depthStep: a.columnStride,
              height: height, rows: used, panel, into: out)
          } else {
            multiply(
              packedA + row * depth, rowStep: 1, depthStep: height, height: height, rows: used,
              panel, into: out)
          }
          row += height
        }
      }
    }

    /// A micropanel of B.
    private struct Panel {
      var pointer: UnsafePointer<Scalar>
      var step: Int
      var width: Int
    }

    /// The height of the next tile: the tallest, and lower ones where they waste fewer rows.
    @inline(__always)
    private func height(remaining: Int) -> Int {
      if remaining <= 4 { return 4 }
      if panelHeight == 8 { return remaining >= 12 || remaining == 7 || remaining == 8 ? 8 : 6 }
      return remaining == 7 || remaining == 8 ? 4 : 6
    }

    /// One tile: straight into C where it is whole and C is row-major, by way of the scratch
    /// tile otherwise.
    @inline(__always)
    private func multiply(
      _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int, height: Int, rows: Int,
      _ panel: Panel, into c: Output
    ) {
      let isWhole = c.columnStride == 1 && rows == height
      if panel.width == panelWidth || panel.width > Vector.scalarCount {
        let direct = isWhole && panel.width == panelWidth
        let destination = direct ? c.pointer : tile
        let rowStride = direct ? c.rowStride : panelWidth
        let beta = direct ? beta : 0
        if beta != 0 { prefetch(destination, rows: height, rowStride: rowStride) }
        kernelTwo(
          height, a, rowStep, depthStep, panel, beta, into: destination, rowStride: rowStride)
        if direct { return }
      } else {
        let direct = isWhole && panel.width == Vector.scalarCount
        let destination = direct ? c.pointer : tile
        let rowStride = direct ? c.rowStride : panelWidth
        let beta = direct ? beta : 0
        kernelOne(
          height, a, rowStep, depthStep, panel, beta, into: destination, rowStride: rowStride)
        if direct { return }
      }
      merge(rows: rows, columns: panel.width, into: c)
    }

    /// Asks for a tile of C while its products are summed: C is then there to be added to.
    @inline(__always)
    private func prefetch(_ c: UnsafeMutablePointer<Scalar>, rows: Int, rowStride: Int) {
      for r in 0..<rows {
        ccpu_prefetch_for_writing(UnsafeRawPointer(c + r &* rowStride))
        ccpu_prefetch_for_writing(UnsafeRawPointer(c + (r &* rowStride &+ panelWidth &- 1)))
      }
    }

    /// The micro-kernel of the given height, two vectors wide.
    @inline(__always)
    private func kernelTwo(
      _ height: Int, _ a: UnsafePointer<Scalar>, _ rowStep: Int, _ depthStep: Int, _ panel: Panel,
      _ beta: Scalar, into c: UnsafeMutablePointer<Scalar>, rowStride: Int
    ) {
      switch height {
      case 8:
        MicroKernel<Vector>.eightByTwo(
          depth: depth, alpha: alpha, a, rowStep: rowStep, depthStep: depthStep, panel.pointer,
          bStep: panel.step, beta: beta, into: c, rowStride: rowStride)
      case 6:
        MicroKernel<Vector>.sixByTwo(
          depth: depth, alpha: alpha, a, rowStep: rowStep, depthStep: depthStep, panel.pointer,
          bStep: panel.step, beta: beta, into: c, rowStride: rowStride)
      default:
        MicroKernel<Vector>.fourByTwo(
          depth: depth, alpha: alpha, a, rowStep: rowStep, depthStep: depthStep, panel.pointer,
          bStep: panel.step, beta: beta, into: c, rowStride: rowStride)
      }
    }

    /// The micro-kernel of the given height, one vector wide.
    @inline(__always)
    private func kernelOne(
      _ height: Int, _ a: UnsafePointer<Scalar>, _ rowStep: Int, _ depthStep: Int, _ panel: Panel,
      _ beta: Scalar, into c: UnsafeMutablePointer<Scalar>, rowStride: Int
    ) {
      switch height {
      case 8:
        MicroKernel<Vector>.eightByOne(
          depth: depth, alpha: alpha, a, rowStep: rowStep, depthStep: depthStep, panel.pointer,
          bStep: panel.step, beta: beta, into: c, rowStride: rowStride)
      case 6:
        MicroKernel<Vector>.sixByOne(
          depth: depth, alpha: alpha, a, rowStep: rowStep, depthStep: depthStep, panel.pointer,
          bStep: panel.step, beta: beta, into: c, rowStride: rowStride)
      default:
        MicroKernel<Vector>.fourByOne(
          depth: depth, alpha: alpha, a, rowStep: rowStep, depthStep: depthStep, panel.pointer,
          bStep: panel.step, beta: beta, into: c, rowStride: rowStride)
      }
    }

    /// C ← tile + beta C over the part of the scratch tile that lies inside C.
    @inline(__always)
    private func merge(rows: Int, columns: Int, into c: Output) {
      for r in 0..<rows {
        let source = tile + r &* panelWidth
        let row = c.pointer + r &* c.rowStride
        for j in 0..<columns {
          let place = j &* c.columnStride
          row[place] = beta == 0 ? source[j] : source[j].addingProduct(beta, row[place])
        }
      }
    }
  }
}
