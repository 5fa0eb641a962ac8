/// The innermost products of the matrix product, in BLIS's words: MR x NR tiles of C in
/// registers.
///
/// **Contract.** A is read at `a[r * rowStep + p * depthStep]`, whatever the steps, for every r
/// below the kernel's height and p below `depth`; B is read at `b[p * bStep]`, one or two whole
/// vectors. Each element of the tile is the chain of fused multiply-adds over p in increasing
/// order, starting from zero, then
///
///     C ← alpha · tile + beta · C,    C not read when beta is 0
///
/// over whole vectors. Edges of C are the caller's duty: it passes a scratch tile instead.
/// Six rows by two vectors fill 12 of the 16 registers of AVX2 and keep both multiply-add units
/// busy (two units, four cycles of latency: at least eight chains); four rows by two vectors are
/// the next best, with which every height is covered without waste. The 32 registers of AVX-512
/// hold eight rows, which divide the usual numbers of rows: measured at 99 % of the peak, where
/// twelve rows by two vectors reached 90 %. Rows are read from two addresses, half of them from
/// each, which leaves registers free for the steps.
///
/// Reference: Van Zee & van de Geijn, "BLIS: a framework for rapidly instantiating BLAS
/// functionality", ACM Transactions on Mathematical Software 41 (2015), article 14.
enum MicroKernel<Vector: KernelVector> {
  typealias Scalar = Vector.Scalar

  /// MR x NR = 8 x 2 vectors.
  @inline(__always)
  static func eightByTwo(
    depth: Int, alpha: Scalar, _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int,
    _ b: UnsafePointer<Scalar>, bStep: Int, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int
  ) {
    let width = Vector.scalarCount
    var (c00, c01, c10, c11) = (Vector(), Vector(), Vector(), Vector())
    var (c20, c21, c30, c31) = (Vector(), Vector(), Vector(), Vector())
    var (c40, c41, c50, c51) = (Vector(), Vector(), Vector(), Vector())
    var (c60, c61, c70, c71) = (Vector(), Vector(), Vector(), Vector())
    var top = a
    var bottom = a + 4 * rowStep
    let twoRows = 2 * rowStep
    let threeRows = 3 * rowStep
    var b = b
    for _ in 0..<depth {
      let b0: Vector = b.load(0)
      let b1: Vector = b.load(width)
      let a0 = Vector(repeating: top[0])
      c00 = c00.plus(a0, times: b0)
      c01 = c01.plus(a0, times: b1)
      let a1 = Vector(repeating: top[rowStep])
      c10 = c10.plus(a1, times: b0)
      c11 = c11.plus(a1, times: b1)
      let a2 = Vector(repeating: top[twoRows])
      c20 = c20.plus(a2, times: b0)
      c21 = c21.plus(a2, times: b1)
      let a3 = Vector(repeating: top[threeRows])
      c30 = c30.plus(a3, times: b0)
      c31 = c31.plus(a3, times: b1)
      let a4 = Vector(repeating: bottom[0])
      c40 = c40.plus(a4, times: b0)
      c41 = c41.plus(a4, times: b1)
      let a5 = Vector(repeating: bottom[rowStep])
      c50 = c50.plus(a5, times: b0)
      c51 = c51.plus(a5, times: b1)
      let a6 = Vector(repeating: bottom[twoRows])
      c60 = c60.plus(a6, times: b0)
      c61 = c61.plus(a6, times: b1)
      let a7 = Vector(repeating: bottom[threeRows])
      c70 = c70.plus(a7, times: b0)
      c71 = c71.plus(a7, times: b1)
      top += depthStep
      bottom += depthStep
      b += bStep
    }
    update(c, alpha, c00, c01, beta)
    update(c + rowStride, alpha, c10, c11, beta)
    update(c + 2 * rowStride, alpha, c20, c21, beta)
    update(c + 3 * rowStride, alpha, c30, c31, beta)
    update(c + 4 * rowStride, alpha, c40, c41, beta)
    update(c + 5 * rowStride, alpha, c50, c51, beta)
    update(c + 6 * rowStride, alpha, c60, c61, beta)
    update(c + 7 * rowStride, alpha, c70, c71, beta)
  }

  /// MR x NR = 6 x 2 vectors.
  @inline(__always)
  static func sixByTwo(
    depth: Int, alpha: Scalar, _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int,
    _ b: UnsafePointer<Scalar>, bStep: Int, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int
  ) {
    let width = Vector.scalarCount
    var (c00, c01, c10, c11) = (Vector(), Vector(), Vector(), Vector())
    var (c20, c21, c30, c31) = (Vector(), Vector(), Vector(), Vector())
    var (c40, c41, c50, c51) = (Vector(), Vector(), Vector(), Vector())
    var top = a
    var bottom = a + 3 * rowStep
    let twoRows = 2 * rowStep
    var b = b
    for _ in 0..<depth {
      let b0: Vector = b.load(0)
      let b1: Vector = b.load(width)
      let a0 = Vector(repeating: top[0])
      c00 = c00.plus(a0, times: b0)
      c01 = c01.plus(a0, times: b1)
      let a1 = Vector(repeating: top[rowStep])
      c10 = c10.plus(a1, times: b0)
      c11 = c11.plus(a1, times: b1)
      let a2 = Vector(repeating: top[twoRows])
      c20 = c20.plus(a2, times: b0)
      c21 = c21.plus(a2, times: b1)
      let a3 = Vector(repeating: bottom[0])
      c30 = c30.plus(a3, times: b0)
      c31 = c31.plus(a3, times: b1)
      let a4 = Vector(repeating: bottom[rowStep])
      c40 = c40.plus(a4, times: b0)
      c41 = c41.plus(a4, times: b1)
      let a5 = Vector(repeating: bottom[twoRows])
      c50 = c50.plus(a5, times: b0)
      c51 = c51.plus(a5, times: b1)
      top += depthStep
      bottom += depthStep
      b += bStep
    }
    update(c, alpha, c00, c01, beta)
    update(c + rowStride, alpha, c10, c11, beta)
    update(c + 2 * rowStride, alpha, c20, c21, beta)
    update(c + 3 * rowStride, alpha, c30, c31, beta)
    update(c + 4 * rowStride, alpha, c40, c41, beta)
    update(c + 5 * rowStride, alpha, c50, c51, beta)
  }

  /// MR x NR = 4 x 2 vectors.
  @inline(__always)
  static func fourByTwo(
    depth: Int, alpha: Scalar, _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int,
    _ b: UnsafePointer<Scalar>, bStep: Int, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int
  ) {
    let width = Vector.scalarCount
    var (c00, c01, c10, c11) = (Vector(), Vector(), Vector(), Vector())
    var (c20, c21, c30, c31) = (Vector(), Vector(), Vector(), Vector())
    var top = a
    var bottom = a + 2 * rowStep
    var b = b
    for _ in 0..<depth {
      let b0: Vector = b.load(0)
      let b1: Vector = b.load(width)
      let a0 = Vector(repeating: top[0])
      c00 = c00.plus(a0, times: b0)
      c01 = c01.plus(a0, times: b1)
      let a1 = Vector(repeating: top[rowStep])
      c10 = c10.plus(a1, times: b0)
      c11 = c11.plus(a1, times: b1)
      let a2 = Vector(repeating: bottom[0])
      c20 = c20.plus(a2, times: b0)
      c21 = c21.plus(a2, times: b1)
      let a3 = Vector(repeating: bottom[rowStep])
      c30 = c30.plus(a3, times: b0)
      c31 = c31.plus(a3, times: b1)
      top += depthStep
      bottom += depthStep
      b += bStep
    }
    update(c, alpha, c00, c01, beta)
    update(c + rowStride, alpha, c10, c11, beta)
    update(c + 2 * rowStride, alpha, c20, c21, beta)
    update(c + 3 * rowStride, alpha, c30, c31, beta)
  }

  /// MR x NR = 8 x 1 vector, for the last columns.
  @inline(__always)
  static func eightByOne(
    depth: Int, alpha: Scalar, _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int,
    _ b: UnsafePointer<Scalar>, bStep: Int, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int
  ) {
    var (c0, c1, c2, c3) = (Vector(), Vector(), Vector(), Vector())
    var (c4, c5, c6, c7) = (Vector(), Vector(), Vector(), Vector())
    var top = a
    var bottom = a + 4 * rowStep
    let twoRows = 2 * rowStep
    let threeRows = 3 * rowStep
    var b = b
    for _ in 0..<depth {
      let b0: Vector = b.load(0)
      let a0 = Vector(repeating: top[0])
      c0 = c0.plus(a0, times: b0)
      let a1 = Vector(repeating: top[rowStep])
      c1 = c1.plus(a1, times: b0)
      let a2 = Vector(repeating: top[twoRows])
      c2 = c2.plus(a2, times: b0)
      let a3 = Vector(repeating: top[threeRows])
      c3 = c3.plus(a3, times: b0)
      let a4 = Vector(repeating: bottom[0])
      c4 = c4.plus(a4, times: b0)
      let a5 = Vector(repeating: bottom[rowStep])
      c5 = c5.plus(a5, times: b0)
      let a6 = Vector(repeating: bottom[twoRows])
      c6 = c6.plus(a6, times: b0)
      let a7 = Vector(repeating: bottom[threeRows])
      c7 = c7.plus(a7, times: b0)
      top += depthStep
      bottom += depthStep
      b += bStep
    }
    update(c, alpha, c0, beta)
    update(c + rowStride, alpha, c1, beta)
    update(c + 2 * rowStride, alpha, c2, beta)
    update(c + 3 * rowStride, alpha, c3, beta)
    update(c + 4 * rowStride, alpha, c4, beta)
    update(c + 5 * rowStride, alpha, c5, beta)
    update(c + 6 * rowStride, alpha, c6, beta)
    update(c + 7 * rowStride, alpha, c7, beta)
  }

  /// MR x NR = 6 x 1 vector, for the last columns.
  @inline(__always)
  static func sixByOne(
    depth: Int, alpha: Scalar, _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int,
    _ b: UnsafePointer<Scalar>, bStep: Int, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int
  ) {
    var (c0, c1, c2, c3) = (Vector(), Vector(), Vector(), Vector())
    var (c4, c5) = (Vector(), Vector())
    var top = a
    var bottom = a + 3 * rowStep
    let twoRows = 2 * rowStep
    var b = b
    for _ in 0..<depth {
      let b0: Vector = b.load(0)
      let a0 = Vector(repeating: top[0])
      c0 = c0.plus(a0, times: b0)
      let a1 = Vector(repeating: top[rowStep])
      c1 = c1.plus(a1, times: b0)
      let a2 = Vector(repeating: top[twoRows])
      c2 = c2.plus(a2, times: b0)
      let a3 = Vector(repeating: bottom[0])
      c3 = c3.plus(a3, times: b0)
      let a4 = Vector(repeating: bottom[rowStep])
      c4 = c4.plus(a4, times: b0)
      let a5 = Vector(repeating: bottom[twoRows])
      c5 = c5.plus(a5, times: b0)
      top += depthStep
      bottom += depthStep
      b += bStep
    }
    update(c, alpha, c0, beta)
    update(c + rowStride, alpha, c1, beta)
    update(c + 2 * rowStride, alpha, c2, beta)
    update(c + 3 * rowStride, alpha, c3, beta)
    update(c + 4 * rowStride, alpha, c4, beta)
    update(c + 5 * rowStride, alpha, c5, beta)
  }

  /// MR x NR = 4 x 1 vector, for the last columns.
  @inline(__always)
  static func fourByOne(
    depth: Int, alpha: Scalar, _ a: UnsafePointer<Scalar>, rowStep: Int, depthStep: Int,
    _ b: UnsafePointer<Scalar>, bStep: Int, beta: Scalar, into c: UnsafeMutablePointer<Scalar>,
    rowStride: Int
  ) {
    var (c0, c1, c2, c3) = (Vector(), Vector(), Vector(), Vector())
    var top = a
    var bottom = a + 2 * rowStep
    var b = b
    for _ in 0..<depth {
      let b0: Vector = b.load(0)
      let a0 = Vector(repeating: top[0])
      c0 = c0.plus(a0, times: b0)
      let a1 = Vector(repeating: top[rowStep])
      c1 = c1.plus(a1, times: b0)
      let a2 = Vector(repeating: bottom[0])
      c2 = c2.plus(a2, times: b0)
      let a3 = Vector(repeating: bottom[rowStep])
      c3 = c3.plus(a3, times: b0)
      top += depthStep
      bottom += depthStep
      b += bStep
    }
    update(c, alpha, c0, beta)
    update(c + rowStride, alpha, c1, beta)
    update(c + 2 * rowStride, alpha, c2, beta)
    update(c + 3 * rowStride, alpha, c3, beta)
  }

  @inline(__always)
  private static func update(
    _ c: UnsafeMutablePointer<Scalar>, _ alpha: Scalar, _ tile: Vector, _ beta: Scalar
  ) {
    let product = Vector(repeating: alpha) * tile
    c.store(beta == 0 ? product : product.plus(Vector(repeating: beta), times: c.load(0)), 0)
  }

  @inline(__always)
  private static func update(
    _ c: UnsafeMutablePointer<Scalar>, _ alpha: Scalar, _ tile0: Vector, _ tile1: Vector,
    _ beta: Scalar
  ) {
    update(c, alpha, tile0, beta)
    update(c + Vector.scalarCount, alpha, tile1, beta)
  }
}
