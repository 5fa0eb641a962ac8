import Expressions
import Kernels

/// Turns a schedule into instructions over locations, and says how long each piece of scratch
/// memory lives.
struct Lowering {
  struct Emitted {
    var instruction: Instruction
    var phase: Phase
    var reads: [Location]
    var writes: [Location]
  }

  let schedule: Schedule
  let views: Views
  let analysis: RowAnalysis
  var emitted: [Emitted] = []
  /// The size of each scratch value.
  var scratch: [Size] = []
  /// Scratch values that later tiles add to.
  var accumulating: Set<Int> = []
  /// Matrices packed before the tiles, by what and how they are read.
  var packings: [Packing: Location] = [:]
  var locations: [Digest: Location] = [:]
  let symbols: Symbols

  init(schedule: Schedule, views: Views, analysis: RowAnalysis, symbols: Symbols) {
    self.schedule = schedule
    self.views = views
    self.analysis = analysis
    self.symbols = symbols
  }

  mutating func newScratch(_ size: Size) -> Location {
    scratch.append(size)
    return .scratch(scratch.count - 1)
  }

  mutating func emit(
    _ instruction: Instruction, _ phase: Phase, reads: [Location], writes: [Location]
  ) {
    emitted.append(Emitted(instruction: instruction, phase: phase, reads: reads, writes: writes))
  }

  /// Where a computed node or a leaf lies.
  func location(_ base: Tensor) -> Location {
    if let known = locations[base.digest] { return known }
    switch base.primitive {
    case .input(let input) where input.role == .state: return .state(symbols.state(input.name))
    case .input(let input) where input.role == .scalar: return .scalar(symbols.scalar(input.name))
    case .literal, .delta: return .constant(symbols.constant(base))
    default: fatalError("program: \(base.primitive.label) is used before it is computed")
    }
  }

  /// Memory for a node's value, dense: given (a state assigned in place) or new scratch.
  mutating func destination(_ node: Tensor) -> Location {
    if let known = locations[node.digest] { return known }
    let location = newScratch(analysis.extents(of: node).product)
    locations[node.digest] = location
    return location
  }

  mutating func lower(_ step: Schedule.Step) {
    if step.isElementwise { return lowerElementwise(step) }
    let node = step.nodes[0]
    switch node.primitive {
    case .input(let input):
      let gather = RowGather(
        source: symbols.rows(input.name), columns: node.shape.dropFirst().reduce(1, *),
        destination: destination(node))
      emit(.gatherRows(gather), step.phase, reads: [], writes: [gather.destination])
    case .random(let leaf):
      let axis = leaf.rowAxis.flatMap { analysis.rowAxis[node.digest] == nil ? nil : $0 }
      let inner = axis.map { node.shape[($0 + 1)...].reduce(1, *) } ?? node.elementCount
      let fill = RandomFill(
        law: leaf.law, stream: symbols.stream(leaf.stream),
        outer: axis.map { node.shape[..<$0].reduce(1, *) } ?? 1, inner: inner, hasRows: axis != nil,
        destination: destination(node))
      emit(.random(fill), step.phase, reads: [], writes: [fill.destination])
    case .contraction(let contraction):
      lowerContraction(node, contraction, step.phase)
    case .logSumExp:
      let source = dense(node.operands[0])
      let extents = analysis.extents(of: node.operands[0])
      let result = destination(node)
      emit(
        .logSumExp(
          source, rows: extents.dropLast().product, columns: extents.last ?? .one, into: result),
        step.phase, reads: [source], writes: [result])
    case .inverse:
      lowerMatrices(node, .inverse, step.phase)
    case .logAbsoluteDeterminant:
      lowerMatrices(node, .logAbsoluteDeterminant, step.phase)
    case .slice(let axis, let lower, _):
      let operand = analysis.extents(of: node.operands[0])
      let own = analysis.extents(of: node)
      let inner = own[(own.count + axis + 1)...].product
      copyBlocks(
        from: dense(node.operands[0]), offset: inner * Size(lower),
        stride: inner * operand[operand.count + axis], into: destination(node),
        at: .zero, stride: inner * own[own.count + axis], outer: own[..<(own.count + axis)].product,
        count: inner * own[own.count + axis], step.phase)
    case .concatenate(let axis):
      lowerConcatenation(node, axis, step.phase)
    case .pad(let axis, let before, _):
      let result = destination(node)
      let own = analysis.extents(of: node)
      let operand = analysis.extents(of: node.operands[0])
      let inner = own[(own.count + axis + 1)...].product
      emit(.fill(result, own.product, 0), step.phase, reads: [], writes: [result])
      copyBlocks(
        from: dense(node.operands[0]), offset: .zero, stride: inner * operand[own.count + axis],
        into: result, at: inner * Size(before), stride: inner * own[own.count + axis],
        outer: own[..<(own.count + axis)].product, count: inner * operand[own.count + axis],
        step.phase)
    case .variable, .fill, .literal, .delta, .elementary, .binary, .select, .broadcast, .reshape,
      .stopGradient:
      fatalError("program: \(node.primitive.label) is not a step of its own")
    }
  }

  /// The memory of a node that the schedule keeps dense.
  private func dense(_ node: Tensor) -> Location { location(views.view(node).base) }

  private mutating func lowerMatrices(
    _ node: Tensor, _ function: MatrixLoop.Function, _ phase: Phase
  ) {
    let operand = node.operands[0]
    let extent = operand.shape[operand.rank - 1]
    let loop = MatrixLoop(
      function: function, source: dense(operand),
      matrices: analysis.extents(of: operand).dropLast(2).product, extent: extent,
      workspace: newScratch(Size(extent * extent)), destination: destination(node))
    emit(
      .matrices(loop), phase, reads: [loop.source], writes: [loop.workspace, loop.destination])
  }

  private mutating func lowerConcatenation(_ node: Tensor, _ axis: Int, _ phase: Phase) {
    let result = destination(node)
    let own = analysis.extents(of: node)
    let inner = own[(own.count + axis + 1)...].product
    var offset = 0
    for operand in node.operands {
      let extent = operand.shape[operand.rank + axis]
      copyBlocks(
        from: dense(operand), offset: .zero, stride: inner * Size(extent), into: result,
        at: inner * Size(offset), stride: inner * own[own.count + axis],
        outer: own[..<(own.count + axis)].product, count: inner * Size(extent), phase)
      offset += extent
    }
  }

  private mutating func copyBlocks(
    from source: Location, offset: Size, stride: Size, into destination: Location,
    at destinationOffset: Size, stride destinationStride: Size, outer: Size, count: Size,
    _ phase: Phase
  ) {
    let copy = BlockCopy(
      source: source, sourceOffset: offset, sourceStride: stride, destination: destination,
      destinationOffset: destinationOffset, destinationStride: destinationStride, outer: outer,
      count: count)
    emit(.blockCopy(copy), phase, reads: [source], writes: [destination])
  }
}
