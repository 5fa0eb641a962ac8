/// The matrix product with at most four columns and row-major A: one dot product an element.
///
/// A network's last layer has as many columns as the data have coordinates, often two; padding
/// these to a whole micropanel would waste most of the work. Two rows of A at a time meet all
/// columns of B, so that each loaded vector is used several times.
///
/// Each element is the sum over lanes, in pairs, of fused multiply-add chains over k in steps of
/// a vector, then of the tail in order.
enum DotGemm<Vector: KernelVector> {
  typealias Scalar = Vector.Scalar
  typealias Output = Gemm<Vector>.Output

  static var maximumColumns: Int { 4 }

  static func run(
    _ m: Int, _ n: Int, _ k: Int, alpha: Scalar, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>,
    beta: Scalar, into c: Output, _ workspace: UnsafeMutablePointer<Scalar>
  ) {
    let depthBlock = Gemm<Vector>.depthBlock
    for start in stride(from: 0, to: k, by: depthBlock) {
      let depth = min(depthBlock, k - start)
      for j in 0..<n {
        let column = b.pointer + start * b.rowStride + j * b.columnStride
        for p in 0..<depth { workspace[j &* depth &+ p] = column[p &* b.rowStride] }
      }
      let beta: Scalar = start == 0 ? beta : 1
      var row = 0
      while row < m {
        let isPair = row + 1 < m
        let first = a.pointer + row * a.rowStride + start
        let second = isPair ? first + a.rowStride : first
        for j in 0..<n {
          let sums = dots(first, second, workspace + j * depth, count: depth)
          let place = c.pointer + row * c.rowStride + j * c.columnStride
          write(alpha * sums.first, beta, place)
          if isPair { write(alpha * sums.second, beta, place + c.rowStride) }
        }
        row += 2
      }
    }
  }

  @inline(__always)
  private static func write(
    _ value: Scalar, _ beta: Scalar, _ place: UnsafeMutablePointer<Scalar>
  ) {
    place.pointee = beta == 0 ? value : value.addingProduct(beta, place.pointee)
  }

  @inline(__always)
  private static func dots(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>,
    count: Int
  ) -> (first: Scalar, second: Scalar) {
    let width = Vector.scalarCount
    var (x0, y0) = (Vector(), Vector())
    var i = 0
    while i &+ width <= count {
      let right: Vector = b.load(i)
      x0 = x0.plus(x.load(i), times: right)
      y0 = y0.plus(y.load(i), times: right)
      i &+= width
    }
    var first = x0.sum()
    var second = y0.sum()
    while i < count {
      first.addProduct(x[i], b[i])
      second.addProduct(y[i], b[i])
      i &+= 1
    }
    return (first, second)
  }
}
