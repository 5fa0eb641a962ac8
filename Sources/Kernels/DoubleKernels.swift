// The concrete entry points for Double. Each calls a generic of this module, which the compiler
// specialises here: called generically from another module it would run a thousand times slower.
extension Double: KernelScalar {
  public static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Double, _ a: MatrixView<Double>, _ b: MatrixView<Double>,
    beta: Double, into c: UnsafeMutablePointer<Double>, rowStride: Int,
    workspace: UnsafeMutablePointer<Double>
  ) {
    Gemm<DoubleVector>.run(
      m, n, k, alpha: alpha, a, b, beta: beta, into: c, rowStride: rowStride,
      workspace: workspace)
  }

  public static func gemmWorkspaceCount(_ m: Int, _ n: Int, _ k: Int) -> Int {
    Gemm<DoubleVector>.workspaceCount(m, n, k)
  }

  public static func packedCount(_ k: Int, _ n: Int) -> Int {
    Gemm<DoubleVector>.packedCount(k, n)
  }

  public static func packColumns(
    _ k: Int, _ n: Int, _ b: MatrixView<Double>, into packed: UnsafeMutablePointer<Double>
  ) {
    Gemm<DoubleVector>.pack(k, n, b, into: packed)
  }

  public static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Double, _ a: MatrixView<Double>,
    packed: UnsafePointer<Double>, beta: Double, into c: UnsafeMutablePointer<Double>,
    rowStride: Int,
    workspace: UnsafeMutablePointer<Double>
  ) {
    Gemm<DoubleVector>.run(
      m, n, k, alpha: alpha, a, packed: packed, beta: beta, into: c, rowStride: rowStride,
      workspace: workspace)
  }

  public static func gram(
    _ m: Int, _ k: Int, _ a: MatrixView<Double>, beta: Double, into c: UnsafeMutablePointer<Double>,
    rowStride: Int, workspace: UnsafeMutablePointer<Double>
  ) {
    Gemm<DoubleVector>.runGram(
      m, k, a, beta: beta, into: c, rowStride: rowStride, workspace: workspace)
  }

  public static func apply(
    _ f: UnaryFunction, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.apply(f, x, into: y, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.apply(f, x, y, into: z, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Double>, scalar y: Double,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.apply(f, x, scalar: y, into: z, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, scalar x: Double, _ y: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.apply(f, scalar: x, y, into: z, count: count)
  }

  public static func select(
    _ mask: UnsafePointer<Double>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into z: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.select(mask, a, b, into: z, count: count)
  }

  public static func multiplyAdd(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    into w: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.multiplyAdd(x, y, z, into: w, count: count)
  }

  public static func multiplyAdd(
    _ x: UnsafePointer<Double>, _ y: KernelOperand<Double>, _ z: KernelOperand<Double>,
    subtracted: Bool, into w: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.multiplyAdd(x, y, z, subtracted: subtracted, into: w, count: count)
  }

  public static func softplusAndSigmoid(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>,
    _ z: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    Elementwise<DoubleVector>.softplusAndSigmoid(x, into: y, z, count: count)
  }

  public static func fill(_ y: UnsafeMutablePointer<Double>, with value: Double, count: Int) {
    Elementwise<DoubleVector>.fill(y, with: value, count: count)
  }

  public static func convert(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    y.update(from: x, count: count)
  }

  public static func convert(
    _ x: UnsafePointer<Double>, toDouble y: UnsafeMutablePointer<Double>, count: Int
  ) {
    y.update(from: x, count: count)
  }

  public static func copy(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.copy(x, into: y, count: count)
  }

  public static func addInto(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.addInto(x, into: y, count: count)
  }

  public static func scale(
    _ x: UnsafePointer<Double>, by factor: Double, into y: UnsafeMutablePointer<Double>, count: Int
  ) {
    Elementwise<DoubleVector>.scale(x, by: factor, into: y, count: count)
  }

  public static func sum(_ x: UnsafePointer<Double>, count: Int) -> Double {
    Reduction<DoubleVector>.sum(x, count: count)
  }

  public static func dot(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int
  ) -> Double {
    Reduction<DoubleVector>.dot(x, y, count: count)
  }

  public static func maximum(_ x: UnsafePointer<Double>, count: Int) -> Double {
    Reduction<DoubleVector>.maximum(x, count: count)
  }

  public static func sumRows(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>, accumulate: Bool
  ) {
    Reduction<DoubleVector>.sumRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
  }

  public static func sumColumns(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>, accumulate: Bool
  ) {
    Reduction<DoubleVector>.sumColumns(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
  }

  public static func dotRows(
    _ a: UnsafePointer<Double>, rowStride aStride: Int, _ b: UnsafePointer<Double>,
    rowStride bStride: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<Double>,
    accumulate: Bool
  ) {
    Reduction<DoubleVector>.dotRows(
      a, rowStride: aStride, b, rowStride: bStride, rows: rows, columns: columns, into: y,
      accumulate: accumulate)
  }

  public static func logSumExpRows(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>
  ) {
    Reduction<DoubleVector>.logSumExpRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y)
  }

  public static func maximumRows(
    _ x: UnsafePointer<Double>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Double>
  ) {
    Reduction<DoubleVector>.maximumRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y)
  }

  public static func invert(
    _ a: UnsafePointer<Double>, _ n: Int, into b: UnsafeMutablePointer<Double>,
    workspace: UnsafeMutablePointer<Double>
  ) {
    Elimination<Double>.invert(a, n, into: b, workspace: workspace)
  }

  public static func logAbsoluteDeterminant(
    _ a: UnsafePointer<Double>, _ n: Int, workspace: UnsafeMutablePointer<Double>
  ) -> Double {
    Elimination<Double>.logAbsoluteDeterminant(a, n, workspace: workspace)
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
