/// The matrix product: blocking for the caches around the ``MicroKernel``.
///
/// The loops are BLIS's: blocks of `depthBlock` along the inner index, of `columnBlock` columns
/// of B packed into micropanels (L2 and L3), of `rowBlock` rows of A (L2); then micropanels of B
/// (L1), then tiles. A is read where it lies when its rows or its columns are contiguous, since
/// the micro-kernel broadcasts single elements of it anyway: packing it cost 18 % of the time at
/// 128 x 64 x 64.
///
/// How an element is summed depends on k, on which strides are 1 and on whether m or n is at most
/// 4, never on its place in C.
enum Gemm<Vector: KernelVector> {
  typealias Scalar = Vector.Scalar

  /// NR, two vectors.
  static var panelWidth: Int { 2 * Vector.scalarCount }
  /// MR.
  static var panelHeight: Int { Vector.registerCount >= 32 ? 8 : 6 }
  /// KC: a micropanel of B takes 16 KiB, a third to a half of L1.
  static var depthBlock: Int { 256 }
  /// MC: a block of A takes 240 KiB in Float, 480 KiB in Double; a multiple of MR.
  static var rowBlock: Int { 240 }
  /// NC: a multiple of NR.
  static var columnBlock: Int { 512 }
  /// Below this number of rows a row-major B is read where it lies.
  static var packingThreshold: Int { 12 }

  /// The scratch tile, the micropanels of B, those of A; either matrix may play either part.
  static func workspaceCount(_ m: Int, _ n: Int, _ k: Int) -> Int {
    let depth = min(k, depthBlock)
    let longest = max(m, n, 1) + panelWidth
    return panelHeight * panelWidth
      + depth * (min(longest, columnBlock + panelWidth) + min(longest, rowBlock + panelHeight))
  }

  static func run(
    _ m: Int, _ n: Int, _ k: Int, alpha: Scalar, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>,
    beta: Scalar, into c: UnsafeMutablePointer<Scalar>, rowStride: Int,
    workspace: UnsafeMutablePointer<Scalar>
  ) {
    guard m > 0 && n > 0 else { return }
    guard k > 0 else {
      scaleInPlace(m, n, beta: beta, c, rowStride: rowStride)
      return
    }
    let output = Output(pointer: c, rowStride: rowStride, columnStride: 1)
    if n <= DotGemm<Vector>.maximumColumns && a.columnStride == 1 {
      DotGemm<Vector>.run(m, n, k, alpha: alpha, a, b, beta: beta, into: output, workspace)
    } else if m <= DotGemm<Vector>.maximumColumns && b.rowStride == 1 {
      DotGemm<Vector>.run(
        n, m, k, alpha: alpha, b.transposed, a.transposed, beta: beta, into: output.transposed,
        workspace)
    } else if isNarrow(n) && !isNarrow(m) && a.rowStride == 1 {
      // A's columns are contiguous: C transposed fills whole vectors where C would not.
      blocked(
        n, m, k, alpha: alpha, b.transposed, a.transposed, beta: beta, into: output.transposed,
        workspace)
    } else {
      blocked(m, n, k, alpha: alpha, a, b, beta: beta, into: output, workspace)
    }
  }

  /// True for a number of columns that leaves much of a panel empty.
  @inline(__always)
  private static func isNarrow(_ n: Int) -> Bool {
    n < panelWidth && n % Vector.scalarCount != 0
  }

  /// C, or the transpose of C, as a place to write.
  struct Output {
    var pointer: UnsafeMutablePointer<Scalar>
    var rowStride: Int
    var columnStride: Int

    @inline(__always)
    var transposed: Output {
      Output(pointer: pointer, rowStride: columnStride, columnStride: rowStride)
    }
  }

  private static func scaleInPlace(
    _ m: Int, _ n: Int, beta: Scalar, _ c: UnsafeMutablePointer<Scalar>, rowStride: Int
  ) {
    for row in 0..<m {
      for column in 0..<n {
        let place = row * rowStride + column
        c[place] = beta == 0 ? 0 : beta * c[place]
      }
    }
  }

  private static func blocked(
    _ m: Int, _ n: Int, _ k: Int, alpha: Scalar, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>,
    beta: Scalar, into c: Output, _ workspace: UnsafeMutablePointer<Scalar>, isGram: Bool = false
  ) {
    let packedB = workspace + panelHeight * panelWidth
    let roundedColumns = (min(n, columnBlock) + panelWidth - 1) / panelWidth * panelWidth
    let packedA = packedB + min(k, depthBlock) * roundedColumns
    for depthStart in stride(from: 0, to: k, by: depthBlock) {
      let depth = min(depthBlock, k - depthStart)
      for columnStart in stride(from: 0, to: n, by: columnBlock) {
        let block = Block(
          columns: min(columnBlock, n - columnStart), depth: depth, alpha: alpha,
          b: MatrixView(
            b.pointer + depthStart * b.rowStride + columnStart * b.columnStride,
            rowStride: b.rowStride, columnStride: b.columnStride),
          readsBInPlace: m < packingThreshold && b.columnStride == 1,
          beta: depthStart == 0 ? beta : 1, tile: workspace, packedA: packedA, packedB: packedB)
        block.packColumns(into: packedB)
        for rowStart in stride(from: 0, to: m, by: rowBlock) {
          block.multiply(
            MatrixView(
              a.pointer + rowStart * a.rowStride + depthStart * a.columnStride,
              rowStride: a.rowStride, columnStride: a.columnStride),
            rows: min(rowBlock, m - rowStart),
            into: Output(
              pointer: c.pointer + rowStart * c.rowStride + columnStart * c.columnStride,
              rowStride: c.rowStride, columnStride: c.columnStride),
            diagonal: isGram ? rowStart - columnStart : nil)
        }
      }
    }
  }

  // MARK: B packed beforehand

  /// Scalars of B's micropanels: its columns rounded up to whole panels.
  static func packedCount(_ k: Int, _ n: Int) -> Int {
    k * ((n + panelWidth - 1) / panelWidth * panelWidth)
  }

  /// All micropanels of B, those of the first ``depthBlock`` rows first.
  static func pack(
    _ k: Int, _ n: Int, _ b: MatrixView<Scalar>, into packed: UnsafeMutablePointer<Scalar>
  ) {
    let roundedColumns = packedCount(1, n)
    for depthStart in stride(from: 0, to: k, by: depthBlock) {
      let depth = min(depthBlock, k - depthStart)
      for start in stride(from: 0, to: n, by: panelWidth) {
        packB(
          MatrixView(
            b.pointer + depthStart * b.rowStride + start * b.columnStride, rowStride: b.rowStride,
            columnStride: b.columnStride),
          depth: depth, columns: min(panelWidth, n - start),
          into: packed + depthStart * roundedColumns + start * depth)
      }
    }
  }

  static func run(
    _ m: Int, _ n: Int, _ k: Int, alpha: Scalar, _ a: MatrixView<Scalar>,
    packed: UnsafePointer<Scalar>, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int, workspace: UnsafeMutablePointer<Scalar>
  ) {
    guard m > 0 && n > 0 else { return }
    guard k > 0 else {
      scaleInPlace(m, n, beta: beta, c, rowStride: rowStride)
      return
    }
    let roundedColumns = packedCount(1, n)
    for depthStart in stride(from: 0, to: k, by: depthBlock) {
      let depth = min(depthBlock, k - depthStart)
      let panels = packed + depthStart * roundedColumns
      let block = Block(
        columns: n, depth: depth, alpha: alpha,
        b: MatrixView(panels, rowStride: panelWidth), readsBInPlace: false,
        beta: depthStart == 0 ? beta : 1, tile: workspace,
        packedA: workspace + panelHeight * panelWidth, packedB: panels)
      for rowStart in stride(from: 0, to: m, by: rowBlock) {
        block.multiply(
          MatrixView(
            a.pointer + rowStart * a.rowStride + depthStart * a.columnStride,
            rowStride: a.rowStride, columnStride: a.columnStride),
          rows: min(rowBlock, m - rowStart),
          into: Output(pointer: c + rowStart * rowStride, rowStride: rowStride, columnStride: 1))
      }
    }
  }

  // MARK: A with itself

  /// Tiles on and above the diagonal only; what lies below is copied over. Each element has the bits
  /// of the full product, whose factors are only exchanged below the diagonal.
  static func runGram(
    _ m: Int, _ k: Int, _ a: MatrixView<Scalar>, beta: Scalar,
    into c: UnsafeMutablePointer<Scalar>, rowStride: Int,
    workspace: UnsafeMutablePointer<Scalar>
  ) {
    guard m > 0 else { return }
    guard k > 0 else { return scaleInPlace(m, m, beta: beta, c, rowStride: rowStride) }
    blocked(
      m, m, k, alpha: 1, a, a.transposed, beta: beta,
      into: Output(pointer: c, rowStride: rowStride, columnStride: 1), workspace, isGram: true)
    for row in 1..<max(m, 1) {
      for column in 0..<row { c[row &* rowStride &+ column] = c[column &* rowStride &+ row] }
    }
  }
}
