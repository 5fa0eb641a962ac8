import Kernels

extension Executor {
  /// One strip of an elementwise group: `rows` runs of `length` elements, adjacent in the results.
  private struct Strip {
    /// The strip's first element in the dense results.
    var start: Int
    var rows: Int
    var length: Int
    /// The indices of its first element along the two innermost axes, and the outer axes' as one.
    var row: Int
    var column: Int
    var block: Int
    var count: Int { rows &* length }
  }

  /// Runs a group over some of its innermost elements: over all of them, but where several cores
  /// share it.
  static func run(
    _ group: ElementwiseRun, columns: Range<Int>, _ tape: TapeMemory, _ frame: Frame<Scalar>
  ) {
    let (middle, length) = (group.middle, group.length)
    var outer = 1
    for axis in group.outerExtents { outer *= tape.number(axis) }
    guard middle * length > 0 else { return }
    if let loads = tape.loads {
      for load in group.loads { frame.loaded[loads[load].register] = -1 }
    }
    let full = ElementwiseGroup.stripLength
    for block in 0..<outer {
      let base = block * middle * length
      if length >= full / 2 || middle == 1 {
        for row in 0..<middle {
          var column = columns.lowerBound
          while column < columns.upperBound {
            let count = min(full, columns.upperBound - column)
            let strip = Strip(
              start: base + row * length + column, rows: 1, length: count, row: row,
              column: column, block: block)
            run(group, strip, tape, frame)
            column += count
          }
        }
      } else {
        let height = max(full / length, 1)
        var row = 0
        while row < middle {
          let count = min(height, middle - row)
          let strip = Strip(
            start: base + row * length, rows: count, length: length, row: row, column: 0,
            block: block)
          run(group, strip, tape, frame)
          row += count
        }
      }
    }
  }

  private static func run(
    _ group: ElementwiseRun, _ strip: Strip, _ tape: TapeMemory, _ frame: Frame<Scalar>
  ) {
    guard let steps = tape.steps else { return }
    let count = strip.count
    for index in group.steps {
      let step = steps + index
      let result = destination(step.pointee.result, strip, frame)
      switch step.pointee.function {
      case .unary(let function):
        Scalar.apply(
          function, array(step.pointee.a, 0, step, group, strip, tape, frame), into: result,
          count: count)
      case .binary(let function):
        if let scalar = number(step.pointee.b, frame) {
          Scalar.apply(
            function, array(step.pointee.a, 0, step, group, strip, tape, frame), scalar: scalar,
            into: result, count: count)
        } else if let scalar = number(step.pointee.a, frame) {
          Scalar.apply(
            function, scalar: scalar, array(step.pointee.b, 1, step, group, strip, tape, frame),
            into: result, count: count)
        } else {
          Scalar.apply(
            function, array(step.pointee.a, 0, step, group, strip, tape, frame),
            array(step.pointee.b, 1, step, group, strip, tape, frame), into: result, count: count)
        }
      case .select:
        Scalar.select(
          array(step.pointee.a, 0, step, group, strip, tape, frame),
          array(step.pointee.b, 1, step, group, strip, tape, frame),
          array(step.pointee.c, 2, step, group, strip, tape, frame), into: result, count: count)
      case .copy:
        Scalar.copy(
          array(step.pointee.a, 0, step, group, strip, tape, frame), into: result, count: count)
      case .multiplyAdd, .subtractProduct:
        multiplyAdd(step, result, group, strip, tape, frame)
      case .softplusAndSigmoid:
        Scalar.softplusAndSigmoid(
          array(step.pointee.a, 0, step, group, strip, tape, frame), into: result,
          destination(step.pointee.secondResult, strip, frame), count: count)
      }
    }
  }

  private static func multiplyAdd(
    _ step: UnsafePointer<ElementwiseStep>, _ result: UnsafeMutablePointer<Scalar>,
    _ group: ElementwiseRun, _ strip: Strip, _ tape: TapeMemory, _ frame: Frame<Scalar>
  ) {
    func argument(_ operand: ElementwiseStep.Operand, _ position: Int) -> KernelOperand<Scalar> {
      if let number = number(operand, frame) { return .number(number) }
      return .array(array(operand, position, step, group, strip, tape, frame))
    }
    // The first factor is an array: a product of two numbers is spread out once.
    let isNumberFirst = number(step.pointee.a, frame) != nil
    let (x, y) =
      isNumberFirst ? (step.pointee.b, step.pointee.a) : (step.pointee.a, step.pointee.b)
    let isNegated = if case .subtractProduct = step.pointee.function { true } else { false }
    Scalar.multiplyAdd(
      array(x, isNumberFirst ? 1 : 0, step, group, strip, tape, frame),
      argument(y, isNumberFirst ? 0 : 1), argument(step.pointee.c, 2), subtracted: isNegated,
      into: result, count: strip.count)
  }

  @inline(__always)
  private static func register(
    _ index: Int, _ frame: Frame<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    frame.registers + index &* ElementwiseGroup.stripLength
  }

  @inline(__always)
  private static func destination(
    _ operand: ElementwiseStep.Operand, _ strip: Strip, _ frame: Frame<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    switch operand {
    case .memory(let address): frame[address] + strip.start
    case .register(let index): register(index, frame)
    case .load, .constant, .scalar: fatalError("elementwise: a result goes to memory or a register")
    }
  }

  /// An operand that is one number for the whole group; nil for an array.
  @inline(__always)
  private static func number(
    _ operand: ElementwiseStep.Operand, _ frame: Frame<Scalar>
  ) -> Scalar? {
    switch operand {
    case .constant(let value): Scalar(value)
    case .scalar(let address): frame[address].pointee
    case .memory, .register, .load: nil
    }
  }

  /// An operand as `strip.count` adjacent elements.
  @inline(__always)
  private static func array(
    _ operand: ElementwiseStep.Operand, _ position: Int, _ step: UnsafePointer<ElementwiseStep>,
    _ group: ElementwiseRun, _ strip: Strip, _ tape: TapeMemory, _ frame: Frame<Scalar>
  ) -> UnsafePointer<Scalar> {
    switch operand {
    case .memory(let address): return UnsafePointer(frame[address] + strip.start)
    case .register(let index): return UnsafePointer(register(index, frame))
    case .load(let index): return load(index, group, strip, tape, frame)
    case .constant, .scalar:
      let spare = register(step.pointee.spare + position, frame)
      Scalar.fill(spare, with: number(operand, frame) ?? 0, count: strip.count)
      return UnsafePointer(spare)
    }
  }

  private static func load(
    _ index: Int, _ group: ElementwiseRun, _ strip: Strip, _ tape: TapeMemory,
    _ frame: Frame<Scalar>
  ) -> UnsafePointer<Scalar> {
    guard let loads = tape.loads else { return UnsafePointer(frame.registers) }
    let load = loads[index]
    var offset = strip.row &* load.rowStride &+ strip.column &* load.columnStride
    var rest = strip.block
    for axis in (0..<group.outerExtents.count).reversed() {
      let extent = tape.number(group.outerExtents.lowerBound + axis)
      offset += rest % extent * tape.number(load.outerStrides + axis)
      rest /= extent
    }
    let source = UnsafePointer(frame[load.address] + offset)
    let isAdjacent =
      load.columnStride == 1 && (strip.rows == 1 || load.rowStride == strip.length)
    if isAdjacent || strip.count == 1 { return source }
    let result = register(load.register, frame)
    // A spread that repeats from strip to strip is done once: the full strip comes first.
    let repeats = load.rowStride == 0 || strip.rows == 1
    if repeats, load.columnStride == 0 || strip.rows > 1, frame.loaded[load.register] == offset {
      return UnsafePointer(result)
    }
    frame.loaded[load.register] = repeats ? offset : -1
    spread(source, load.rowStride, load.columnStride, strip, into: result)
    return UnsafePointer(result)
  }

  private static func spread(
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
