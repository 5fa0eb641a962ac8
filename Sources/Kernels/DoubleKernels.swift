// The concrete entry points for Double. Each calls a generic of this module, which the compiler
// specialises here: called generically from another module it would run a thousand times slower.
extension Double: KernelScalar {
  public static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Double, _ a: MatrixView<Double>, _ b: MatrixView<Double>,
    beta: Double, into c: UnsafeMutablePointer<Double>, rowStride: Int,
    workspace: UnsafeMutablePointer<Double>
  ) {
    Gemm<SIMD4<Double>>.run(
      m, n, k, alpha: alpha, a, b, beta: beta, into: c, rowStride: rowStride,
      workspace: workspace)
  }

  public static func gemmWorkspaceCount(_ m: Int, _ n: Int, _ k: Int) -> Int {
    Gemm<SIMD4<Double>>.workspaceCount(m, n, k)
  }

  public static func apply(
    _ f: UnaryFunction, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.apply(f, x, into: y, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.apply(f, x, y, into: z, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Double>, scalar y: Double,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.apply(f, x, scalar: y, into: z, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, scalar x: Double, _ y: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.apply(f, scalar: x, y, into: z, count: count)
  }

  public static func select(
    _ mask: UnsafePointer<Double>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.select(mask, a, b, into: z, count: count)
  }

  public static func multiplyAdd(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    into w: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.multiplyAdd(x, y, z, into: w, count: count)
  }

  public static func fill(_ y: UnsafeMutablePointer<Double>, with value: Double, count: Int) {
    Elementwise<SIMD4<Double>>.fill(y, with: value, count: count)
  }

  public static func copy(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.copy(x, into: y, count: count)
  }

  public static func addInto(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.addInto(x, into: y, count: count)
  }

  public static func scale(
    _ x: UnsafePointer<Double>, by factor: Double, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<SIMD4<Double>>.scale(x, by: factor, into: y, count: count)
  }

  public static func sum(_ x: UnsafePointer<Double>, count: Int) -> Double {
    Reduction<SIMD4<Double>>.sum(x, count: count)
  }

  public static func dot(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int
  ) -> Double {
    Reduction<SIMD4<Double>>.dot(x, y, count: count)
  }

  public static func maximum(_ x: UnsafePointer<Double>, count: Int) -> Double {
    Reduction<SIMD4<Double>>.maximum(x, count: count)
  }

  public static func sumRows(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>, accumulate: Bool
  ) {
    Reduction<SIMD4<Double>>.sumRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
  }

  public static func sumColumns(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>, accumulate: Bool
  ) {
    Reduction<SIMD4<Double>>.sumColumns(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
  }

  public static func dotRows(
    _ a: UnsafePointer<Double>, rowStride aStride: Int, _ b: UnsafePointer<Double>,
    rowStride bStride: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<Double>,
    accumulate: Bool
  ) {
    Reduction<SIMD4<Double>>.dotRows(
      a, rowStride: aStride, b, rowStride: bStride, rows: rows, columns: columns, into: y,
      accumulate: accumulate)
  }

  public static func logSumExpRows(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>
  ) {
    Reduction<SIMD4<Double>>.logSumExpRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y)
  }

  public static func maximumRows(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>
  ) {
    Reduction<SIMD4<Double>>.maximumRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y)
  }

  public static func stridedCopy(
    extents: UnsafeBufferPointer<Int>, _ source: UnsafePointer<Double>,
    strides: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Double>
  ) {
    Move<Double>.stridedCopy(extents: extents, source, strides: strides, into: destination)
  }

  public static func gatherRows(
    _ source: UnsafePointer<Double>, columns: Int, indices: UnsafePointer<Int32>, count: Int,
    into destination: UnsafeMutablePointer<Double>
  ) {
    Move<Double>.gatherRows(
      source, columns: columns, indices: indices, count: count, into: destination)
  }
}
