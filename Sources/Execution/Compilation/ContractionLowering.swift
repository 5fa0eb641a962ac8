import Expressions

extension Lowering {
  /// An array with labelled axes in memory.
  struct Labelled {
    var location: Location
    var labels: [Int]
    var strides: [Size]

    /// The same array with a label at most once: a repeated label runs along the diagonal.
    func withDistinctLabels() -> Labelled {
      var result = Labelled(location: location, labels: [], strides: [])
      for (label, stride) in zip(labels, strides) {
        if let known = result.labels.firstIndex(of: label) {
          let sum = result.strides[known]
          require(sum.power == stride.power, "program: a diagonal through the rows")
          result.strides[known] = Size(sum.count + stride.count, power: sum.power)
        } else {
          result.labels.append(label)
          result.strides.append(stride)
        }
      }
      return result
    }

    func stride(_ label: Int) -> Size? { labels.firstIndex(of: label).map { strides[$0] } }
  }

  mutating func lowerContraction(_ node: Tensor, _ contraction: Contraction, _ phase: Phase) {
    var extents: [Int: Size] = [:]
    var factors: [Labelled] = []
    for (operand, labels) in zip(node.operands, contraction.operands) {
      let view = views.view(operand)
      for (label, extent) in zip(labels, analysis.extents(of: operand)) { extents[label] = extent }
      let factor = Labelled(location: location(view.base), labels: labels, strides: view.strides)
      factors.append(rowsFirst(factor, analysis.extents(of: operand), phase).withDistinctLabels())
    }
    if let sum = views.joined[node.digest] {
      return lowerJoined(node, contraction, factors, extents, into: location(sum), phase)
    }
    let sumsRows = analysis.accumulators.contains(node.digest)
    let result = Labelled(
      location: destination(node), labels: contraction.output,
      strides: denseStrides(analysis.extents(of: node)))
    if sumsRows, case .scratch(let index) = result.location { accumulating.insert(index) }
    if node.elementCount == 0 { return }
    if extents.values.contains(where: { $0.count == 0 }) {  // a sum over nothing
      return emit(
        .fill(result.location, analysis.extents(of: node).product, 0), phase, reads: [],
        writes: [result.location])
    }
    if factors.count == 1 {
      lowerSum(factors[0], into: result, extents, phase, sumsRows: sumsRows)
    } else {
      lowerProduct(factors[0], factors[1], into: result, extents, phase, sumsRows: sumsRows)
    }
  }

  /// A sum over rows into the memory of another one: a tile's part is added to it, by the product's
  /// own kernel where that can be, in a pass of its own elsewhere.
  private mutating func lowerJoined(
    _ node: Tensor, _ contraction: Contraction, _ factors: [Labelled], _ extents: [Int: Size],
    into sum: Location, _ phase: Phase
  ) {
    var part = Labelled(
      location: sum, labels: contraction.output, strides: denseStrides(analysis.extents(of: node)))
    if factors.count == 2, let loop = directLoop(factors[0], factors[1], into: part, extents) {
      var adding = loop
      adding.adds = true
      return emit(
        .product(adding), phase, reads: [adding.a, adding.b, sum], writes: [sum])
    }
    let count = analysis.extents(of: node).product
    part.location = newScratch(count)
    if factors.count == 1 {
      lowerSum(factors[0], into: part, extents, phase, sumsRows: false)
    } else {
      lowerProduct(factors[0], factors[1], into: part, extents, phase, sumsRows: false)
    }
    emit(
      .addInto(part.location, count, into: sum), phase, reads: [part.location, sum], writes: [sum])
  }

  /// The product as one kernel in loops, where it needs no copies.
  private func directLoop(
    _ a: Labelled, _ b: Labelled, into c: Labelled, _ extents: [Int: Size]
  ) -> ProductLoop? {
    let summed = a.labels.filter { !c.labels.contains($0) }
    let labels = (c.labels + summed).map {
      ProductLowering.Label(
        extent: extents[$0] ?? .one, a: a.stride($0), b: b.stride($0), c: c.stride($0))
    }
    guard case .loop(let loops, let kernel, let swapped) = ProductLowering(labels).lower() else {
      return nil
    }
    return ProductLoop(
      a: swapped ? b.location : a.location, b: swapped ? a.location : b.location,
      c: c.location, loops: loops, kernel: kernel, sumsRows: true)
  }

  /// An array whose diagonal is to be taken, with the row axis outside it, copied where it is not:
  /// the diagonal's stride is then a plain number.
  private mutating func rowsFirst(
    _ array: Labelled, _ extents: [Size], _ phase: Phase
  ) -> Labelled {
    let rows = extents.indices.filter { extents[$0].power > 0 }
    guard Set(array.labels).count < array.labels.count, rows.contains(where: { $0 > 0 }) else {
      return array
    }
    let order = rows + extents.indices.filter { extents[$0].power == 0 }
    let size = order.map { extents[$0] }
    let result = newScratch(size.product)
    let copy = StridedCopy(
      source: array.location, extents: size, strides: order.map { array.strides[$0] },
      destination: result)
    emit(.stridedCopy(copy), phase, reads: [array.location], writes: [result])
    return Labelled(
      location: result, labels: order.map { array.labels[$0] }, strides: denseStrides(size))
  }

  private mutating func lowerProduct(
    _ a: Labelled, _ b: Labelled, into c: Labelled, _ extents: [Int: Size], _ phase: Phase,
    sumsRows: Bool
  ) {
    let summed = a.labels.filter { !c.labels.contains($0) }
    let labels = (c.labels + summed).map {
      ProductLowering.Label(
        extent: extents[$0] ?? .one, a: a.stride($0), b: b.stride($0), c: c.stride($0))
    }
    switch ProductLowering(labels).lower() {
    case .loop(let loops, let kernel, let swapped):
      var loop = ProductLoop(
        a: swapped ? b.location : a.location, b: swapped ? a.location : b.location,
        c: c.location, loops: loops, kernel: kernel, sumsRows: sumsRows)
      if let kernel = gramKernel(of: loop) { loop.kernel = kernel } else { packB(of: &loop, phase) }
      emit(
        .product(loop), phase, reads: [loop.a, loop.b] + (sumsRows ? [c.location] : []),
        writes: [c.location])
    case .permuted:
      let order =
        c.labels.filter { a.labels.contains($0) && b.labels.contains($0) }
        + c.labels.filter { !b.labels.contains($0) } + c.labels.filter { !a.labels.contains($0) }
      let size = order.map { extents[$0] ?? .one }
      let temporary = Labelled(
        location: newScratch(size.product), labels: order, strides: denseStrides(size))
      if sumsRows, case .scratch(let index) = temporary.location { accumulating.insert(index) }
      lowerProduct(a, b, into: temporary, extents, phase, sumsRows: sumsRows)
      copy(temporary, into: c.location, order: c.labels, extents, phase)
    case .copyOperands:
      lowerProduct(
        withLast(summed, of: a, extents, phase), withLast(summed, of: b, extents, phase), into: c,
        extents, phase, sumsRows: sumsRows)
    }
  }

  /// The kernel of a matrix with its own transpose; nil where the product is another.
  private func gramKernel(of loop: ProductLoop) -> ProductLoop.Kernel? {
    guard case .gemm(let m, let n, let k, let a, let b, let c) = loop.kernel, loop.a == loop.b,
      m == n, a.0 == b.1, a.1 == b.0, m.power == 0, loop.loops.allSatisfy({ $0.a == $0.b })
    else { return nil }
    return .gram(m: m, k: k, a: a, c: c)
  }

  /// Lets a product of every tile read a B that no tile changes, a weight for instance, from
  /// micropanels packed once before the tiles and shared by all products with it.
  private mutating func packB(of loop: inout ProductLoop, _ phase: Phase) {
    guard phase == .tile, !isWrittenInTiles(loop.b), loop.loops.allSatisfy({ $0.b.count == 0 }),
      case .gemm(_, let n, let k, _, let b, _) = loop.kernel, n.power == 0, k.power == 0,
      n.count >= Self.fewestPackedColumns, b.0.power == 0, b.1.power == 0
    else { return }
    var pack = Packing(
      source: loop.b, rows: k.count, columns: n.count,
      strides: Packing.Pair(row: b.0.count, column: b.1.count), destination: loop.b)
    if let known = packings[pack] {
      loop.b = known
    } else {
      let source = pack
      let columns = (n.count + Self.widestPanel - 1) / Self.widestPanel * Self.widestPanel
      pack.destination = newScratch(Size(k.count * columns))
      packings[source] = pack.destination
      emit(.pack(pack), .before, reads: [pack.source], writes: [pack.destination])
      loop.b = pack.destination
    }
    loop.bIsPacked = true
  }

  /// With fewer columns a kernel of row-wise dots is faster than one of whole panels.
  private static let fewestPackedColumns = 5
  /// Columns of a panel, in the precision and on the instruction set where it is widest.
  private static let widestPanel = 32

  private func isWrittenInTiles(_ location: Location) -> Bool {
    guard case .scratch(let value) = location else { return false }
    return emitted.contains { $0.phase == .tile && $0.writes.contains(.scratch(value)) }
  }

  /// The array with the summed labels last and adjacent, copied.
  private mutating func withLast(
    _ summed: [Int], of array: Labelled, _ extents: [Int: Size], _ phase: Phase
  ) -> Labelled {
    let order = array.labels.filter { !summed.contains($0) } + summed
    let size = order.map { extents[$0] ?? .one }
    let result = Labelled(
      location: newScratch(size.product), labels: order, strides: denseStrides(size))
    copy(array, into: result.location, order: order, extents, phase)
    return result
  }

  private mutating func copy(
    _ source: Labelled, into destination: Location, order: [Int], _ extents: [Int: Size],
    _ phase: Phase
  ) {
    let (size, strides) = merged(
      order.map { extents[$0] ?? .one }, [order.map { source.stride($0) ?? .zero }])
    let copy = StridedCopy(
      source: source.location, extents: size, strides: strides[0], destination: destination)
    emit(.stridedCopy(copy), phase, reads: [source.location], writes: [destination])
  }

  private mutating func lowerSum(
    _ source: Labelled, into result: Labelled, _ extents: [Int: Size], _ phase: Phase,
    sumsRows: Bool
  ) {
    let summed = source.labels.filter { !result.labels.contains($0) }
    if summed.isEmpty {
      return copy(source, into: result.location, order: result.labels, extents, phase)
    }
    // In place where the summed axes lie together and the others keep their order around them.
    let first = source.labels.firstIndex(of: summed[0]) ?? 0
    let block = Array(source.labels[first...].prefix(summed.count))
    let isDense = source.strides == denseStrides(source.labels.map { extents[$0] ?? .one })
    let around = source.labels.filter { !summed.contains($0) }
    func size(_ labels: some Sequence<Int>) -> Size { labels.map { extents[$0] ?? .one }.product }
    var location = source.location
    var outer = size(source.labels[..<first])
    var inner = size(source.labels.dropFirst(first + summed.count))
    if !(isDense && block == summed && around == result.labels) {
      location = newScratch(size(result.labels) * size(summed))
      copy(source, into: location, order: result.labels + summed, extents, phase)
      outer = size(result.labels)
      inner = .one
    }
    let loop = SumLoop(
      source: location, outer: outer, summed: size(summed), inner: inner,
      destination: result.location, sumsRows: sumsRows)
    emit(
      .sum(loop), phase, reads: [location] + (sumsRows ? [result.location] : []),
      writes: [result.location])
  }
}
