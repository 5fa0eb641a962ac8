import Kernels
import Randomness

/// Runs operations. Written once over the scalar type and compiled for Float and Double through the
/// concrete entry points of ``ProgramScalar``; nothing here allocates or counts references.
enum Executor<Scalar: ProgramScalar> {
  @inline(__always)
  static func run(_ tape: TapeMemory, _ frame: Frame<Scalar>) {
    for index in 0..<tape.operations.count { execute(index, tape, frame) }
  }

  /// As ``run(_:_:)``, adding the nanoseconds that each operation takes.
  static func run(
    _ tape: TapeMemory, _ frame: Frame<Scalar>, adding nanoseconds: UnsafeMutablePointer<Double>
  ) {
    let clock = ContinuousClock()
    for index in 0..<tape.operations.count {
      let start = clock.now
      execute(index, tape, frame)
      nanoseconds[index] += (clock.now - start) / .nanoseconds(1)
    }
  }

  static func execute(_ index: Int, _ tape: TapeMemory, _ frame: Frame<Scalar>) {
    switch tape.operations[index] {
    case .gatherRows(let input, let columns, let count, let result):
      gather(input, columns, count, into: frame[result], frame)
    case .random(let fill): run(fill, frame)
    case .stridedCopy(let source, let numbers, let rank, let result):
      let extents = tape.numbers.map { $0 + numbers }
      Scalar.stridedCopy(
        extents: UnsafeBufferPointer(start: extents, count: rank), frame[source],
        strides: UnsafeBufferPointer(start: extents.map { $0 + rank }, count: rank),
        into: frame[result])
    case .blockCopy(let copy):
      let (source, result) = (frame[copy.source], frame[copy.destination])
      for block in 0..<copy.outer {
        Scalar.copy(
          source + block * copy.sourceStride, into: result + block * copy.destinationStride,
          count: copy.count)
      }
    case .fill(let result, let count, let value):
      Scalar.fill(frame[result], with: Scalar(value), count: count)
    case .pack(let pack):
      Scalar.packColumns(
        pack.rows, pack.columns,
        MatrixView(
          frame[pack.source], rowStride: pack.rowStride, columnStride: pack.columnStride),
        into: frame[pack.destination])
    case .product(let product):
      let accumulates = product.adds || (product.sumsRows && frame.accumulates)
      runLoops(
        product, product.loops.lowerBound, tape, frame, frame[product.a], frame[product.b],
        frame[product.c], accumulates)
    case .sum(let sum): run(sum, frame)
    case .addInto(let part, let count, let sum):
      Scalar.addInto(frame[part], into: frame[sum], count: count)
    case .logSumExp(let source, let rows, let columns, let result):
      Scalar.logSumExpRows(
        frame[source], rows: rows, columns: columns, rowStride: columns, into: frame[result])
    case .matrices(let matrices): run(matrices, frame)
    case .elementwise(let group): run(group, columns: 0..<group.length, tape, frame)
    case .store(let source, let count, let stride, let result):
      Scalar.copy(frame[source], into: frame[result] + stride * frame.start, count: count)
    }
  }

  private static func gather(
    _ input: Int, _ columns: Int, _ count: Int, into result: UnsafeMutablePointer<Scalar>,
    _ frame: Frame<Scalar>
  ) {
    guard let data = frame.rows[input] else { return }
    if let indices = frame.indices {
      Scalar.gatherRows(
        data, columns: columns, indices: indices + frame.start, count: count, into: result)
    } else {
      Scalar.copy(
        data + (frame.first + frame.start) * columns, into: result, count: count * columns)
    }
  }

  private static func run(_ fill: RandomRun, _ frame: Frame<Scalar>) {
    let result = frame[fill.destination]
    for outer in 0..<fill.outer {
      Scalar.fillRandom(
        result + outer * fill.count, count: fill.count, law: fill.law, key: frame.keys[fill.stream],
        draw: frame.draw, offset: outer * fill.period + frame.start * fill.perRow)
    }
  }

  private static func run(_ sum: SumRun, _ frame: Frame<Scalar>) {
    let (source, result) = (frame[sum.source], frame[sum.destination])
    let accumulates = sum.sumsRows && frame.accumulates
    if sum.inner == 1 {
      Scalar.sumRows(
        source, rows: sum.outer, columns: sum.summed, rowStride: sum.summed, into: result,
        accumulate: accumulates)
    } else {
      for block in 0..<sum.outer {
        Scalar.sumColumns(
          source + block * sum.summed * sum.inner, rows: sum.summed, columns: sum.inner,
          rowStride: sum.inner, into: result + block * sum.inner, accumulate: accumulates)
      }
    }
  }

  private static func run(_ run: MatrixRun, _ frame: Frame<Scalar>) {
    let (n, source, result) = (run.extent, frame[run.source], frame[run.destination])
    let workspace = frame[run.workspace]
    for matrix in 0..<run.matrices {
      let a = source + matrix * n * n
      switch run.function {
      case .inverse: Scalar.invert(a, n, into: result + matrix * n * n, workspace: workspace)
      case .logAbsoluteDeterminant:
        result[matrix] = Scalar.logAbsoluteDeterminant(a, n, workspace: workspace)
      }
    }
  }

  private static func runLoops(
    _ product: ProductRun, _ depth: Int, _ tape: TapeMemory, _ frame: Frame<Scalar>,
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>,
    _ accumulates: Bool
  ) {
    guard depth < product.loops.upperBound, let loops = tape.loops else {
      return runKernel(product.kernel, frame, a, b, c, accumulates)
    }
    let own = loops[depth]
    for turn in 0..<own.extent {
      runLoops(
        product, depth + 1, tape, frame, a + turn * own.a, b + turn * own.b, c + turn * own.c,
        accumulates || (own.accumulates && turn > 0))
    }
  }

  @inline(__always)
  private static func runKernel(
    _ kernel: ProductRun.Kernel, _ frame: Frame<Scalar>, _ a: UnsafePointer<Scalar>,
    _ b: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>, _ accumulates: Bool
  ) {
    switch kernel {
    case .gemm(let m, let n, let k, let strideA, let strideB, let rowStride):
      Scalar.gemm(
        m, n, k, alpha: 1,
        MatrixView(a, rowStride: strideA.row, columnStride: strideA.column),
        MatrixView(b, rowStride: strideB.row, columnStride: strideB.column),
        beta: accumulates ? 1 : 0, into: c, rowStride: rowStride, workspace: frame.workspace)
    case .packedGemm(let m, let n, let k, let strideA, let rowStride):
      Scalar.gemm(
        m, n, k, alpha: 1,
        MatrixView(a, rowStride: strideA.row, columnStride: strideA.column), packed: b,
        beta: accumulates ? 1 : 0, into: c, rowStride: rowStride, workspace: frame.workspace)
    case .gram(let m, let k, let strideA, let rowStride):
      Scalar.gram(
        m, k, MatrixView(a, rowStride: strideA.row, columnStride: strideA.column),
        beta: accumulates ? 1 : 0, into: c, rowStride: rowStride, workspace: frame.workspace)
    case .dotRows(let rows, let k, let strideA, let strideB):
      Scalar.dotRows(
        a, rowStride: strideA, b, rowStride: strideB, rows: rows, columns: k, into: c,
        accumulate: accumulates)
    }
  }
}
