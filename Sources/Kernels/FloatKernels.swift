// The concrete entry points for Float. Each calls a generic of this module, which the compiler
// specialises here: called generically from another module it would run a thousand times slower.
extension Float: KernelScalar {
  public static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Float, _ a: MatrixView<Float>, _ b: MatrixView<Float>,
    beta: Float, into c: UnsafeMutablePointer<Float>, rowStride: Int,
    workspace: UnsafeMutablePointer<Float>
  ) {
    Gemm<FloatVector>.run(
      m, n, k, alpha: alpha, a, b, beta: beta, into: c, rowStride: rowStride,
      workspace: workspace)
  }

  public static func gemmWorkspaceCount(_ m: Int, _ n: Int, _ k: Int) -> Int {
    Gemm<FloatVector>.workspaceCount(m, n, k)
  }

  public static func packedCount(_ k: Int, _ n: Int) -> Int {
    Gemm<FloatVector>.packedCount(k, n)
  }

  public static func packColumns(
    _ k: Int, _ n: Int, _ b: MatrixView<Float>, into packed: UnsafeMutablePointer<Float>
  ) {
    Gemm<FloatVector>.pack(k, n, b, into: packed)
  }

  public static func gemm(
    _ m: Int, _ n: Int, _ k: Int, alpha: Float, _ a: MatrixView<Float>,
    packed: UnsafePointer<Float>, beta: Float, into c: UnsafeMutablePointer<Float>, rowStride: Int,
    workspace: UnsafeMutablePointer<Float>
  ) {
    Gemm<FloatVector>.run(
      m, n, k, alpha: alpha, a, packed: packed, beta: beta, into: c, rowStride: rowStride,
      workspace: workspace)
  }

  public static func gram(
    _ m: Int, _ k: Int, _ a: MatrixView<Float>, beta: Float, into c: UnsafeMutablePointer<Float>,
    rowStride: Int, workspace: UnsafeMutablePointer<Float>
  ) {
    Gemm<FloatVector>.runGram(
      m, k, a, beta: beta, into: c, rowStride: rowStride, workspace: workspace)
  }

  public static func apply(
    _ f: UnaryFunction, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.apply(f, x, into: y, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into z: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.apply(f, x, y, into: z, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, _ x: UnsafePointer<Float>, scalar y: Float,
    into z: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.apply(f, x, scalar: y, into: z, count: count)
  }

  public static func apply(
    _ f: BinaryFunction, scalar x: Float, _ y: UnsafePointer<Float>,
    into z: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.apply(f, scalar: x, y, into: z, count: count)
  }

  public static func select(
    _ mask: UnsafePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into z: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.select(mask, a, b, into: z, count: count)
  }

  public static func multiplyAdd(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ z: UnsafePointer<Float>,
    into w: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.multiplyAdd(x, y, z, into: w, count: count)
  }

  public static func multiplyAdd(
    _ x: UnsafePointer<Float>, _ y: KernelOperand<Float>, _ z: KernelOperand<Float>,
    subtracted: Bool, into w: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.multiplyAdd(x, y, z, subtracted: subtracted, into: w, count: count)
  }

  public static func softplusAndSigmoid(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    _ z: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    Elementwise<FloatVector>.softplusAndSigmoid(x, into: y, z, count: count)
  }

  public static func fill(_ y: UnsafeMutablePointer<Float>, with value: Float, count: Int) {
    Elementwise<FloatVector>.fill(y, with: value, count: count)
  }

  public static func convert(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { y[i] = Float(x[i]) }
  }

  public static func convert(
    _ x: UnsafePointer<Float>, toDouble y: UnsafeMutablePointer<Double>, count: Int
  ) {
    for i in 0..<count { y[i] = Double(x[i]) }
  }

  public static func copy(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.copy(x, into: y, count: count)
  }

  public static func addInto(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.addInto(x, into: y, count: count)
  }

  public static func scale(
    _ x: UnsafePointer<Float>, by factor: Float, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    Elementwise<FloatVector>.scale(x, by: factor, into: y, count: count)
  }

  public static func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    Reduction<FloatVector>.sum(x, count: count)
  }

  public static func dot(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
  ) -> Float {
    Reduction<FloatVector>.dot(x, y, count: count)
  }

  public static func maximum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    Reduction<FloatVector>.maximum(x, count: count)
  }

  public static func sumRows(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    Reduction<FloatVector>.sumRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
  }

  public static func sumColumns(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    Reduction<FloatVector>.sumColumns(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y, accumulate: accumulate)
  }

  public static func dotRows(
    _ a: UnsafePointer<Float>, rowStride aStride: Int, _ b: UnsafePointer<Float>,
    rowStride bStride: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<Float>,
    accumulate: Bool
  ) {
    Reduction<FloatVector>.dotRows(
      a, rowStride: aStride, b, rowStride: bStride, rows: rows, columns: columns, into: y,
      accumulate: accumulate)
  }

  public static func logSumExpRows(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    Reduction<FloatVector>.logSumExpRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y)
  }

  public static func maximumRows(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    Reduction<FloatVector>.maximumRows(
      x, rows: rows, columns: columns, rowStride: rowStride, into: y)
  }

  public static func invert(
    _ a: UnsafePointer<Float>, _ n: Int, into b: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>
  ) {
    Elimination<Float>.invert(a, n, into: b, workspace: workspace)
  }

  public static func logAbsoluteDeterminant(
    _ a: UnsafePointer<Float>, _ n: Int, workspace: UnsafeMutablePointer<Float>
  ) -> Float {
    Elimination<Float>.logAbsoluteDeterminant(a, n, workspace: workspace)
  }

  public static func stridedCopy(
    extents: UnsafeBufferPointer<Int>, _ source: UnsafePointer<Float>,
    strides: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Float>
  ) {
    Move<Float>.stridedCopy(extents: extents, source, strides: strides, into: destination)
  }

  public static func gatherRows(
    _ source: UnsafePointer<Float>, columns: Int, indices: UnsafePointer<Int32>, count: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    Move<Float>.gatherRows(
      source, columns: columns, indices: indices, count: count, into: destination)
  }
}
