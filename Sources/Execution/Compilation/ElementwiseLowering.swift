import Expressions
import Kernels

extension Lowering {
  /// A group of elementwise nodes as one pass over strips.
  mutating func lowerElementwise(_ step: Schedule.Step) {
    let extents = analysis.extents(of: step.nodes[0])
    var builder = GroupBuilder(extents: extents, rank: extents.count)
    var writes: [Location] = []
    let own = Set(step.nodes.map(\.digest))
    let items = ElementwiseFusion(views: views, schedule: schedule).items(step.nodes)
    let lastUse = lastUses(items)
    for (index, item) in items.enumerated() {
      let node = item.results[0]
      let operands = item.operands.map { operand -> ElementwiseGroup.Source in
        source(operand, of: node, in: &builder, own: own)
      }
      let slots = item.results.map { result -> ElementwiseGroup.Slot in
        guard schedule.inMemory.contains(result.digest) else {
          return .register(builder.takeRegister())
        }
        let location = destination(result)
        writes.append(location)
        return .memory(location)
      }
      builder.add(item, operands, slots)
      for operand in item.operands.map({ views.view($0).base.digest })
      where lastUse[operand] == index { builder.release(operand) }
    }
    let reads = builder.loadLocations + builder.scalarLocations
    emit(.elementwise(builder.group()), step.phase, reads: reads, writes: writes)
  }

  private func lastUses(_ items: [ElementwiseFusion.Item]) -> [Digest: Int] {
    var last: [Digest: Int] = [:]
    for (index, item) in items.enumerated() {
      for operand in item.operands { last[views.view(operand).base.digest] = index }
    }
    return last
  }

  /// Where an operand of `node` lies; for a node that copies, `operand` is the node itself or what
  /// it looks at.
  private func source(
    _ operand: Tensor, of node: Tensor, in builder: inout GroupBuilder, own: Set<Digest>
  ) -> ElementwiseGroup.Source {
    let isCopy = views.isCopy(node)
    let view = isCopy ? views.source(of: node) : views.view(operand)
    let isComputed = views.copied.contains(view.base.digest) && view.base != node
    switch view.base.primitive {
    case .fill(let value) where !isComputed: return .constant(value)
    case .input(let input) where input.role == .scalar: return .scalar(symbols.scalar(input.name))
    default: break
    }
    if own.contains(view.base.digest), let slot = builder.slot(view.base.digest) {
      return .slot(slot)
    }
    // The operand's axes are the group's last ones.
    let shape = isCopy ? node.shape : operand.shape
    let missing = [Size](repeating: .zero, count: node.rank - shape.count)
    let strides = shape.indices.map { shape[$0] == 1 ? .zero : view.strides[$0] }
    return .load(builder.load(location(view.base), missing + strides))
  }
}

/// Collects the parts of one elementwise group.
struct GroupBuilder {
  let extents: [Size]
  private let rank: Int
  private var operations: [ElementwiseGroup.Operation] = []
  private var slots: [ElementwiseGroup.Slot] = []
  private var slotOf: [Digest: Int] = [:]
  private var loads: [(location: Location, strides: [Size], register: Int)] = []
  private var freeRegisters: [Int] = []
  private var registerCount = 0
  private(set) var scalarLocations: [Location] = []

  init(extents: [Size], rank: Int) {
    self.extents = extents
    self.rank = rank
  }

  var loadLocations: [Location] { loads.map(\.location) }

  mutating func takeRegister() -> Int {
    if let free = freeRegisters.popLast() { return free }
    registerCount += 1
    return registerCount - 1
  }

  /// Gives the register of a value back after its last use.
  mutating func release(_ digest: Digest) {
    guard let slot = slotOf[digest], case .register(let register) = slots[slot],
      !freeRegisters.contains(register)
    else { return }
    freeRegisters.append(register)
  }

  func slot(_ digest: Digest) -> Int? { slotOf[digest] }

  mutating func load(_ location: Location, _ strides: [Size]) -> Int {
    if let known = loads.firstIndex(where: { $0.location == location && $0.strides == strides }) {
      return known
    }
    // A spread-out operand keeps its register for the whole group: it is often the same in every
    // strip.
    registerCount += 1
    loads.append((location, strides, registerCount - 1))
    return loads.count - 1
  }

  mutating func add(
    _ item: ElementwiseFusion.Item, _ operands: [ElementwiseGroup.Source],
    _ results: [ElementwiseGroup.Slot]
  ) {
    for case .scalar(let index) in operands { scalarLocations.append(.scalar(index)) }
    let first = slots.count
    for (node, slot) in zip(item.results, results) {
      slotOf[node.digest] = slots.count
      slots.append(slot)
    }
    operations.append(
      ElementwiseGroup.Operation(
        function: item.function, operands: operands, slot: first,
        secondSlot: results.count > 1 ? first + 1 : nil))
  }

  func group() -> ElementwiseGroup {
    // Results are dense: the group's own strides hold the merge back where a row extent is in
    // between.
    let all = [denseStrides(extents)] + loads.map(\.strides)
    let (mergedExtents, mergedStrides) = merged(extents, all)
    return ElementwiseGroup(
      extents: mergedExtents, operations: operations, slots: slots,
      loads: zip(loads, mergedStrides.dropFirst()).map {
        ElementwiseGroup.Load(location: $0.location, strides: $1, register: $0.register)
      }, registerCount: registerCount + 3)
  }
}

extension ElementaryFunction {
  /// The kernel that computes this function.
  var kernel: UnaryFunction {
    switch self {
    case .negate: .negate
    case .absolute: .absolute
    case .sign: .sign
    case .reciprocal: .reciprocal
    case .square: .square
    case .squareRoot: .squareRoot
    case .exp: .exp
    case .expMinusOne: .expMinusOne
    case .log: .log
    case .logOnePlus: .logOnePlus
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .softplus: .softplus
    case .erf: .erf
    case .sine: .sine
    case .cosine: .cosine
    }
  }
}

extension Expressions.BinaryFunction {
  /// The kernel that computes this function.
  var kernel: Kernels.BinaryFunction {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .minimum: .minimum
    case .maximum: .maximum
    case .power: .power
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .equal: .equal
    }
  }
}
