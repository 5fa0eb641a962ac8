import Kernels

extension Arena {
  /// One strip of an elementwise group: `rows` runs of `length` elements, adjacent in the results.
  private struct Strip {
    /// The strip's first element in the dense results.
    var start: Int
    var rows: Int
    var length: Int
    /// The indices of its first element along the two innermost axes.
    var row: Int
    var column: Int
    var count: Int { rows * length }
  }

  func run(_ group: ElementwiseGroup, _ rows: Int) {
    let rank = group.extents.count
    let length = rank > 0 ? group.extents[rank - 1].value(rows) : 1
    let middle = rank > 1 ? group.extents[rank - 2].value(rows) : 1
    var outer = 1
    for axis in 0..<max(rank - 2, 0) { outer *= group.extents[axis].value(rows) }
    for index in loaded.indices { loaded[index] = -1 }
    let full = ElementwiseGroup.stripLength
    for block in 0..<outer {
      let base = block * middle * length
      if length >= full / 2 || middle == 1 {
        for row in 0..<middle {
          var column = 0
          while column < length {
            let count = min(full, length - column)
            let strip = Strip(
              start: base + row * length + column, rows: 1, length: count, row: row, column: column)
            run(group, strip, block, rows)
            column += count
          }
        }
      } else {
        let height = max(full / max(length, 1), 1)
        var row = 0
        while row < middle {
          let count = min(height, middle - row)
          let strip = Strip(
            start: base + row * length, rows: count, length: length, row: row, column: 0)
          run(group, strip, block, rows)
          row += count
        }
      }
    }
  }

  private func register(_ index: Int) -> UnsafeMutablePointer<Scalar> {
    registers.pointer + index * ElementwiseGroup.stripLength
  }

  private func run(_ group: ElementwiseGroup, _ strip: Strip, _ block: Int, _ rows: Int) {
    for operation in group.operations {
      let result =
        switch group.slots[operation.slot] {
        case .memory(let location): pointer(location) + strip.start
        case .register(let index): register(index)
        }
      let operands = operation.operands
      switch operation.function {
      case .unary(let function):
        Scalar.apply(
          function, array(operands[0], 0, group, strip, block, rows), into: result,
          count: strip.count)
      case .binary(let function):
        if let scalar = number(operands[1]) {
          Scalar.apply(
            function, array(operands[0], 0, group, strip, block, rows), scalar: scalar,
            into: result, count: strip.count)
        } else if let scalar = number(operands[0]) {
          Scalar.apply(
            function, scalar: scalar, array(operands[1], 1, group, strip, block, rows),
            into: result, count: strip.count)
        } else {
          Scalar.apply(
            function, array(operands[0], 0, group, strip, block, rows),
            array(operands[1], 1, group, strip, block, rows), into: result, count: strip.count)
        }
      case .select:
        Scalar.select(
          array(operands[0], 0, group, strip, block, rows),
          array(operands[1], 1, group, strip, block, rows),
          array(operands[2], 2, group, strip, block, rows), into: result, count: strip.count)
      case .copy:
        Scalar.copy(
          array(operands[0], 0, group, strip, block, rows), into: result, count: strip.count)
      }
    }
  }

  /// An operand that is one number for the whole group; nil for an array.
  private func number(_ source: ElementwiseGroup.Source) -> Scalar? {
    switch source {
    case .constant(let value): Scalar(value)
    case .scalar(let index): scalars.pointer[index]
    case .slot, .load: nil
    }
  }

  /// An operand as `strip.count` adjacent elements.
  private func array(
    _ source: ElementwiseGroup.Source, _ position: Int, _ group: ElementwiseGroup, _ strip: Strip,
    _ block: Int, _ rows: Int
  ) -> UnsafePointer<Scalar> {
    switch source {
    case .slot(let index):
      switch group.slots[index] {
      case .memory(let location): return UnsafePointer(pointer(location) + strip.start)
      case .register(let register): return UnsafePointer(self.register(register))
      }
    case .load(let index):
      return load(group.loads[index], group, strip, block, rows)
    case .constant, .scalar:
      let spare = register(group.registerCount - 3 + position)
      Scalar.fill(spare, with: number(source) ?? 0, count: strip.count)
      return UnsafePointer(spare)
    }
  }

  private func load(
    _ load: ElementwiseGroup.Load, _ group: ElementwiseGroup, _ strip: Strip, _ block: Int,
    _ rows: Int
  ) -> UnsafePointer<Scalar> {
    let rank = group.extents.count
    let columnStride = rank > 0 ? load.strides[rank - 1].value(rows) : 0
    let rowStride = rank > 1 ? load.strides[rank - 2].value(rows) : 0
    var offset = strip.row * rowStride + strip.column * columnStride
    var rest = block
    for axis in (0..<max(rank - 2, 0)).reversed() {
      let extent = group.extents[axis].value(rows)
      offset += rest % extent * load.strides[axis].value(rows)
      rest /= extent
    }
    let source = UnsafePointer(pointer(load.location) + offset)
    let isAdjacent = columnStride == 1 && (strip.rows == 1 || rowStride == strip.length)
    if isAdjacent || strip.count == 1 { return source }
    let result = register(load.register)
    // A spread that repeats from strip to strip is done once: the full strip comes first.
    let repeats = rowStride == 0 || strip.rows == 1
    if repeats, columnStride == 0 || strip.rows > 1, loaded[load.register] == offset {
      return UnsafePointer(result)
    }
    loaded[load.register] = repeats ? offset : -1
    spread(source, rowStride, columnStride, strip, into: result)
    return UnsafePointer(result)
  }

  private func spread(
    _ source: UnsafePointer<Scalar>, _ rowStride: Int, _ columnStride: Int, _ strip: Strip,
    into result: UnsafeMutablePointer<Scalar>
  ) {
    if columnStride == 0, rowStride == 0 || strip.rows == 1 {
      return Scalar.fill(result, with: source.pointee, count: strip.count)
    }
    for row in 0..<strip.rows {
      let (from, to) = (source + row * rowStride, result + row * strip.length)
      switch columnStride {
      case 0: Scalar.fill(to, with: from.pointee, count: strip.length)
      case 1: Scalar.copy(from, into: to, count: strip.length)
      default:
        for column in 0..<strip.length { to[column] = from[column * columnStride] }
      }
    }
  }
}
