import Kernels
import Randomness

/// A list of operations and what they refer to, for one number of rows.
struct Tape: Sendable {
  var operations: [Operation] = []
  var loops: [LoopRun] = []
  var numbers: [Int] = []
  var steps: [ElementwiseStep] = []
  var loads: [ElementwiseLoad] = []

  init() {}

  /// The instructions with `rows` rows.
  init(_ instructions: ArraySlice<Instruction>, rows: Int, rowCount: Int, addresses: Addresses) {
    for instruction in instructions {
      append(instruction, rows: rows, rowCount: rowCount, addresses)
    }
  }

  private mutating func append(
    _ instruction: Instruction, rows: Int, rowCount: Int, _ addresses: Addresses
  ) {
    operations.append(
      operation(instruction, rows: rows, rowCount: rowCount, addresses))
  }

  private mutating func operation(
    _ instruction: Instruction, rows: Int, rowCount: Int, _ addresses: Addresses
  ) -> Operation {
    switch instruction {
    case .gatherRows(let gather):
      return .gatherRows(
        input: gather.source, columns: gather.columns, count: rows,
        into: addresses[gather.destination])
    case .random(let fill):
      let law: RandomLaw =
        switch fill.law {
        case .uniform: .uniform
        case .normal: .normal
        case .rademacher: .rademacher
        }
      return .random(
        RandomRun(
          law: law, stream: fill.stream, outer: fill.outer,
          count: fill.hasRows ? rows * fill.inner : fill.inner,
          period: fill.hasRows ? rowCount * fill.inner : fill.inner,
          perRow: fill.hasRows ? fill.inner : 0, destination: addresses[fill.destination]))
    case .stridedCopy(let copy):
      let place = numbers.count
      numbers += copy.extents.map { $0.value(rows) } + copy.strides.map { $0.value(rows) }
      return .stridedCopy(
        source: addresses[copy.source], numbers: place, rank: copy.extents.count,
        into: addresses[copy.destination])
    case .blockCopy(let copy):
      return .blockCopy(
        BlockRun(
          source: addresses[copy.source].moved(by: copy.sourceOffset.value(rows)),
          sourceStride: copy.sourceStride.value(rows),
          destination: addresses[copy.destination].moved(by: copy.destinationOffset.value(rows)),
          destinationStride: copy.destinationStride.value(rows), outer: copy.outer.value(rows),
          count: copy.count.value(rows)))
    case .fill(let location, let size, let value):
      return .fill(addresses[location], count: size.value(rows), value)
    case .pack(let pack):
      return .pack(
        PackRun(
          source: addresses[pack.source], rows: pack.rows, columns: pack.columns,
          rowStride: pack.strides.row, columnStride: pack.strides.column,
          destination: addresses[pack.destination]))
    case .product(let loop):
      return .product(product(loop, rows, addresses))
    case .sum(let loop):
      return .sum(
        SumRun(
          source: addresses[loop.source], outer: loop.outer.value(rows),
          summed: loop.summed.value(rows), inner: loop.inner.value(rows),
          destination: addresses[loop.destination], sumsRows: loop.sumsRows))
    case .addInto(let part, let size, let sum):
      return .addInto(addresses[part], count: size.value(rows), into: addresses[sum])
    case .logSumExp(let source, let count, let columns, let result):
      return .logSumExp(
        source: addresses[source], rows: count.value(rows), columns: columns.value(rows),
        into: addresses[result])
    case .matrices(let loop):
      return .matrices(
        MatrixRun(
          function: loop.function, source: addresses[loop.source],
          matrices: loop.matrices.value(rows), extent: loop.extent,
          workspace: addresses[loop.workspace], destination: addresses[loop.destination]))
    case .elementwise(let group):
      return .elementwise(elementwise(group, rows, addresses))
    case .store(let store):
      return .store(
        source: addresses[store.source], count: store.hasRows ? store.width * rows : store.width,
        stride: store.hasRows ? store.width : 0, into: addresses.output(store.output))
    }
  }

  private mutating func product(
    _ loop: ProductLoop, _ rows: Int, _ addresses: Addresses
  ) -> ProductRun {
    let first = loops.count
    loops += loop.loops.map {
      LoopRun(
        extent: $0.extent.value(rows), a: $0.a.value(rows), b: $0.b.value(rows),
        c: $0.c.value(rows), accumulates: $0.accumulates)
    }
    func strides(_ pair: (Size, Size)) -> ProductRun.Strides {
      ProductRun.Strides(row: pair.0.value(rows), column: pair.1.value(rows))
    }
    let kernel: ProductRun.Kernel =
      switch loop.kernel {
      case .gemm(let m, let n, let k, let a, let b, let c):
        if loop.bIsPacked {
          .packedGemm(
            m: m.value(rows), n: n.value(rows), k: k.value(rows), a: strides(a), c: c.value(rows))
        } else {
          .gemm(
            m: m.value(rows), n: n.value(rows), k: k.value(rows), a: strides(a), b: strides(b),
            c: c.value(rows))
        }
      case .gram(let m, let k, let a, let c):
        .gram(m: m.value(rows), k: k.value(rows), a: strides(a), c: c.value(rows))
      case .dotRows(let count, let k, let a, let b):
        .dotRows(rows: count.value(rows), k: k.value(rows), a: a.value(rows), b: b.value(rows))
      }
    return ProductRun(
      a: addresses[loop.a], b: addresses[loop.b], c: addresses[loop.c],
      loops: first..<loops.count, kernel: kernel, sumsRows: loop.sumsRows, adds: loop.adds)
  }

  private mutating func elementwise(
    _ group: ElementwiseGroup, _ rows: Int, _ addresses: Addresses
  ) -> ElementwiseRun {
    let extents = group.extents.map { $0.value(rows) }
    let rank = extents.count
    let outerRank = max(rank - 2, 0)
    let firstOuter = numbers.count
    numbers += extents.prefix(outerRank)
    let firstLoad = loads.count
    for load in group.loads {
      let strides = load.strides.map { $0.value(rows) }
      loads.append(
        ElementwiseLoad(
          address: addresses[load.location], rowStride: rank > 1 ? strides[rank - 2] : 0,
          columnStride: rank > 0 ? strides[rank - 1] : 0, outerStrides: numbers.count,
          register: load.register))
      numbers += strides.prefix(outerRank)
    }
    let firstStep = steps.count
    for step in group.operations {
      func operand(_ place: Int) -> ElementwiseStep.Operand {
        guard place < step.operands.count else { return .constant(0) }
        switch step.operands[place] {
        case .slot(let slot): return target(group.slots[slot])
        case .load(let load):
          // One number for the whole group is read when it is needed, not spread out.
          let isNumber = group.load(load, isOneNumberFor: extents, rows)
          return isNumber ? .scalar(loads[firstLoad + load].address) : .load(firstLoad + load)
        case .constant(let value): return .constant(value)
        case .scalar(let index): return .scalar(addresses[.scalar(index)])
        }
      }
      func target(_ slot: ElementwiseGroup.Slot) -> ElementwiseStep.Operand {
        switch slot {
        case .memory(let location): .memory(addresses[location])
        case .register(let register): .register(register)
        }
      }
      steps.append(
        ElementwiseStep(
          function: step.function, a: operand(0), b: operand(1), c: operand(2),
          result: target(group.slots[step.slot]),
          secondResult: step.secondSlot.map { target(group.slots[$0]) } ?? .constant(0),
          spare: group.registerCount - 3))
    }
    return ElementwiseRun(
      middle: rank > 1 ? extents[rank - 2] : 1, length: rank > 0 ? extents[rank - 1] : 1,
      outerExtents: firstOuter..<(firstOuter + outerRank), steps: firstStep..<steps.count,
      loads: firstLoad..<loads.count)
  }
}

extension ElementwiseGroup {
  /// True where every element of the group reads the same element of a load.
  fileprivate func load(_ index: Int, isOneNumberFor extents: [Int], _ rows: Int) -> Bool {
    zip(loads[index].strides, extents).allSatisfy { $0.value(rows) == 0 || $1 == 1 }
  }
}

extension Address {
  func moved(by distance: Int) -> Address { Address(buffer: buffer, offset: offset + distance) }
}

/// Where the locations of a program lie in the buffers of its arenas.
///
/// The buffers: memory of the whole step, of a tile, of the sums over tiles, the numbers given at
/// each step, then each state, each constant and each output.
struct Addresses {
  static let (shared, tile, sums, scalars, firstState) = (0, 1, 2, 3, 4)

  let scratch: ScratchPlan
  let symbols: Symbols

  subscript(_ location: Location) -> Address {
    switch location {
    case .scratch(let value): scratch[value]
    case .scalar(let index): Address(buffer: Self.scalars, offset: index)
    case .state(let index): Address(buffer: Self.firstState + index, offset: 0)
    case .constant(let index):
      Address(buffer: Self.firstState + symbols.states.count + index, offset: 0)
    }
  }

  func output(_ index: Int) -> Address {
    Address(
      buffer: Self.firstState + symbols.states.count + symbols.constants.count + index, offset: 0)
  }
}
