import Expressions

/// Turns a contraction into loops around a kernel.
struct ProductLowering {
  /// One label of the contraction: its extent, and its stride in each array (nil where the array
  /// has it not).
  struct Label {
    var extent: Size
    var a: Size?
    var b: Size?
    var c: Size?
  }

  /// A plan, or the operand that must first be copied with its summed axes last.
  enum Result {
    case loop(loops: [Loop], kernel: ProductLoop.Kernel, swapped: Bool)
    /// The result must be written as [loops, m, n] and then permuted.
    case permuted
    case copyOperands
  }

  /// Rows to weigh a row axis by when the kernel's axes are chosen.
  private static let typicalRows = 64

  private var labels: [Label]

  init(_ labels: [Label]) {
    self.labels = labels.filter { $0.extent != .one }
  }

  private struct Axis {
    var extent: Size
    var a: Size
    var b: Size
    var c: Size
  }

  private func axes(_ chosen: [Label]) -> [Axis] {
    let (extents, strides) = merged(
      chosen.map(\.extent),
      [
        chosen.map { $0.a ?? .zero }, chosen.map { $0.b ?? .zero }, chosen.map { $0.c ?? .zero },
      ])
    return extents.indices.map {
      Axis(extent: extents[$0], a: strides[0][$0], b: strides[1][$0], c: strides[2][$0])
    }
  }

  func lower() -> Result {
    let free = labels.filter { $0.c != nil }
    let batch = free.filter { $0.a != nil && $0.b != nil }
    let onlyA = free.filter { $0.b == nil }
    let onlyB = free.filter { $0.a == nil }
    let summed = axes(labels.filter { $0.c == nil })
    if onlyA.isEmpty || onlyB.isEmpty {
      if batch.isEmpty, let result = vector(axes(onlyA + onlyB), summed, rowsAreA: onlyB.isEmpty) {
        return result
      }
      return dotRows(axes(free), summed)
    }
    return gemm(axes(batch), axes(onlyA), axes(onlyB), summed)
  }

  private func gemm(_ batch: [Axis], _ m: [Axis], _ n: [Axis], _ k: [Axis]) -> Result {
    guard let lastM = m.last, let lastN = n.last else { return .permuted }
    guard lastN.c == .one || lastM.c == .one else { return .permuted }
    let swapped = lastN.c != .one
    let (rows, columns) = swapped ? (n, m) : (m, n)
    guard let column = columns.last, let (row, otherRows) = widest(rows) else { return .permuted }
    let (depth, otherDepths) =
      widest(k) ?? (Axis(extent: .one, a: .zero, b: .zero, c: .zero), [])
    let loops =
      (batch + otherRows + columns.dropLast()).map { loop($0) }
      + otherDepths.map { loop($0, accumulates: true) }
    // With A and B exchanged the transposed product is computed.
    let kernel = ProductLoop.Kernel.gemm(
      m: row.extent, n: column.extent, k: depth.extent,
      a: swapped ? (row.b, depth.b) : (row.a, depth.a),
      b: swapped ? (depth.a, column.a) : (depth.b, column.b), c: row.c)
    return .loop(loops: swapped ? loops.map(exchanged) : loops, kernel: kernel, swapped: swapped)
  }

  /// A matrix with a vector: the matrix's rows are the columns of the product.
  private func vector(_ free: [Axis], _ k: [Axis], rowsAreA: Bool) -> Result? {
    guard let column = free.last, column.c == .one, let (inner, others) = widest(k) else {
      return nil
    }
    let isDot = (rowsAreA ? inner.a : inner.b) == .one
    if isDot { return nil }  // adjacent summed elements: row-wise dots read each row once
    let loops = free.dropLast().map { loop($0) } + others.map { loop($0, accumulates: true) }
    let matrix = rowsAreA ? (inner.a, column.a) : (inner.b, column.b)
    let factor = rowsAreA ? inner.b : inner.a
    let kernel = ProductLoop.Kernel.gemm(
      m: .one, n: column.extent, k: inner.extent, a: (.zero, factor), b: matrix, c: column.extent)
    return .loop(
      loops: rowsAreA ? loops.map(exchanged) : loops, kernel: kernel, swapped: rowsAreA)
  }

  private func dotRows(_ free: [Axis], _ k: [Axis]) -> Result {
    let depth = k.last ?? Axis(extent: .one, a: .one, b: .one, c: .zero)
    guard depth.a == .one, depth.b == .one else { return .copyOperands }
    let row = free.last ?? Axis(extent: .one, a: .zero, b: .zero, c: .one)
    guard row.c == .one else { return .permuted }
    let loops = free.dropLast().map { loop($0) } + k.dropLast().map { loop($0, accumulates: true) }
    return .loop(
      loops: loops, kernel: .dotRows(rows: row.extent, k: depth.extent, a: row.a, b: row.b),
      swapped: false)
  }

  /// The axis with most work, row-proportional ones counting as wide, and the others; nil of none.
  private func widest(_ axes: [Axis]) -> (axis: Axis, others: [Axis])? {
    let found = axes.indices.max {
      axes[$0].extent.value(Self.typicalRows) < axes[$1].extent.value(Self.typicalRows)
    }
    guard let found else { return nil }
    return (axes[found], axes.indices.filter { $0 != found }.map { axes[$0] })
  }

  private func loop(_ axis: Axis, accumulates: Bool = false) -> Loop {
    Loop(extent: axis.extent, a: axis.a, b: axis.b, c: axis.c, accumulates: accumulates)
  }

  private func exchanged(_ loop: Loop) -> Loop {
    Loop(extent: loop.extent, a: loop.b, b: loop.a, c: loop.c, accumulates: loop.accumulates)
  }
}
