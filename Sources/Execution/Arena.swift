import Expressions
import Kernels
import Randomness

/// A number type that programs run in: `Float` or `Double`.
public protocol ProgramScalar: KernelScalar {
  /// Elements offset ..< offset + count of the sequence (key, draw).
  static func fillRandom(
    _ destination: UnsafeMutablePointer<Self>, count: Int, law: RandomLaw, key: StreamKey,
    draw: UInt64, offset: Int)
}

extension Float: ProgramScalar {
  /// Elements offset ..< offset + count of the sequence (key, draw), in this type's own bits.
  public static func fillRandom(
    _ destination: UnsafeMutablePointer<Float>, count: Int, law: RandomLaw, key: StreamKey,
    draw: UInt64, offset: Int
  ) {
    var span = UnsafeMutableBufferPointer(start: destination, count: count).mutableSpan
    Randomness.fill(&span, law: law, key: key, draw: draw, offset: offset)
  }
}

extension Double: ProgramScalar {
  /// Elements offset ..< offset + count of the sequence (key, draw), in this type's own bits.
  public static func fillRandom(
    _ destination: UnsafeMutablePointer<Double>, count: Int, law: RandomLaw, key: StreamKey,
    draw: UInt64, offset: Int
  ) {
    var span = UnsafeMutableBufferPointer(start: destination, count: count).mutableSpan
    Randomness.fill(&span, law: law, key: key, draw: draw, offset: offset)
  }
}

/// A data set in memory: immutable rows that any number of arenas read.
public final class RowData<Scalar: ProgramScalar>: Sendable {
  /// Rows.
  public let rowCount: Int
  /// Numbers in a row.
  public let columns: Int
  let buffer: AlignedBuffer<Scalar>

  /// Copies `values`, row-major, rounding each to the scalar type.
  public init(_ values: [Double], columns: Int) throws(KernelError) {
    require(
      columns > 0 ? values.count % columns == 0 : values.isEmpty,
      "row data: \(values.count) values in rows of \(columns)")
    self.columns = columns
    rowCount = columns == 0 ? 0 : values.count / columns
    buffer = try AlignedBuffer(count: max(values.count, 1))
    for (index, value) in values.enumerated() { buffer.pointer[index] = Scalar(value) }
  }
}

/// The memory that one worker runs a program in: states, scratch, results. Not shared between
/// workers.
public final class Arena<Scalar: ProgramScalar> {
  /// The program that this memory is for.
  public let program: Program
  let scratch: AlignedBuffer<Scalar>
  let registers: AlignedBuffer<Scalar>
  let scalars: AlignedBuffer<Scalar>
  let workspace: AlignedBuffer<Scalar>
  let states: [AlignedBuffer<Scalar>]
  let constants: [AlignedBuffer<Scalar>]
  let outputs: [AlignedBuffer<Scalar>]
  var rows: [RowData<Scalar>?]
  var keys: [StreamKey]
  /// What each strip register holds in the group at hand: the memory offset it was spread from, or
  /// -1.
  var loaded: [Int]

  /// - Throws: ``KernelError/outOfMemory(bytes:)`` where the machine has not the memory.
  public init(_ program: Program) throws(KernelError) {
    self.program = program
    scratch = try AlignedBuffer(count: max(program.plan.total, 1))
    registers = try AlignedBuffer(
      count: max(program.registerCount * ElementwiseGroup.stripLength, 1))
    scalars = try AlignedBuffer(count: max(program.symbols.scalars.count, 1))
    workspace = try AlignedBuffer(count: max(program.workspaceCount(Scalar.self), 1))
    var states: [AlignedBuffer<Scalar>] = []
    for state in program.symbols.states {
      states.append(try AlignedBuffer(count: max(state.shape.reduce(1, *), 1)))
    }
    self.states = states
    var constants: [AlignedBuffer<Scalar>] = []
    for node in program.symbols.constants {
      let buffer = try AlignedBuffer<Scalar>(count: max(node.elementCount, 1))
      for (index, value) in node.constantValues.enumerated() {
        buffer.pointer[index] = Scalar(value)
      }
      constants.append(buffer)
    }
    self.constants = constants
    var outputs: [AlignedBuffer<Scalar>] = []
    for output in program.outputs {
      outputs.append(try AlignedBuffer(count: max(output.shape.reduce(1, *), 1)))
    }
    self.outputs = outputs
    rows = [RowData<Scalar>?](repeating: nil, count: program.symbols.rowInputs.count)
    keys = [StreamKey](repeating: StreamKey(bits: 0), count: program.symbols.streams.count)
    loaded = [Int](repeating: -1, count: program.registerCount)
  }

  /// Bytes that the arena holds for the program's run, data sets left out.
  public var byteCount: Int {
    let buffers = [scratch, registers, scalars, workspace] + states + constants + outputs
    return buffers.reduce(0) { $0 + $1.count * MemoryLayout<Scalar>.stride }
  }

  /// Sets a state; a name that the program has not is left alone.
  public func setState(_ name: String, _ values: [Double]) {
    guard let index = program.symbols.states.firstIndex(where: { $0.name == name }) else { return }
    let count = program.symbols.states[index].shape.reduce(1, *)
    require(
      values.count == count, "arena: \(values.count) values for state \(name) of \(count)")
    for (position, value) in values.enumerated() {
      states[index].pointer[position] = Scalar(value)
    }
  }

  /// A state's numbers as they are now, row-major; stops the process for a name the program has
  /// not.
  public func state(_ name: String) -> [Double] {
    let index = program.symbols.state(name)
    let count = program.symbols.states[index].shape.reduce(1, *)
    return (0..<count).map { Double(states[index].pointer[$0]) }
  }

  /// Gives a rows input its data set.
  public func bind(_ name: String, to data: RowData<Scalar>) {
    guard let index = program.symbols.rowInputs.firstIndex(where: { $0.name == name }) else {
      return
    }
    let columns = program.symbols.rowInputs[index].columns
    require(
      data.columns == columns, "arena: rows \(name) of \(columns), data of \(data.columns) columns")
    rows[index] = data
  }

  /// Gives a stream its key; a stream that the program has not is left alone.
  public func setKey(_ stream: String, _ key: StreamKey) {
    guard let index = program.symbols.streams.firstIndex(of: stream) else { return }
    keys[index] = key
  }

  /// Sets a scalar; a name that the program has not is left alone.
  public func setScalar(_ name: String, _ value: Double) {
    guard let index = program.symbols.scalars.firstIndex(of: name) else { return }
    scalars.pointer[index] = Scalar(value)
  }

  /// A result of the last run, row-major.
  public func output(_ name: String) -> [Double] {
    let index = outputIndex(name)
    let count = program.outputs[index].shape.reduce(1, *)
    return (0..<count).map { Double(outputs[index].pointer[$0]) }
  }

  /// A result that is one number.
  public func scalarOutput(_ name: String) -> Double {
    Double(outputs[outputIndex(name)].pointer[0])
  }

  private func outputIndex(_ name: String) -> Int {
    guard let index = program.outputs.firstIndex(where: { $0.name == name }) else {
      fatalError("arena: the program has no output \(name)")
    }
    return index
  }

  /// Fills scratch and registers with NaN, for tests: nothing may be read before it is written.
  public func poison() {
    Scalar.fill(scratch.pointer, with: .nan, count: scratch.count)
    Scalar.fill(registers.pointer, with: .nan, count: registers.count)
    Scalar.fill(workspace.pointer, with: .nan, count: workspace.count)
  }
}

extension Tensor {
  /// The numbers of a literal or delta leaf.
  var constantValues: [Double] {
    switch primitive {
    case .literal(let values): values
    case .delta: (0..<elementCount).map { $0 / shape[0] == $0 % shape[0] ? 1 : 0 }
    default: fatalError("program: \(primitive.label) is no constant")
    }
  }
}

extension Program {
  /// Scalars of packing space that the largest matrix product needs.
  func workspaceCount<Scalar: ProgramScalar>(_ type: Scalar.Type) -> Int {
    instructions.map { instruction -> Int in
      guard case .product(let loop) = instruction,
        case .gemm(let m, let n, let k, _, _, _) = loop.kernel
      else { return 0 }
      return Scalar.gemmWorkspaceCount(
        m.value(tileRows), n.value(tileRows), k.value(tileRows))
    }.max() ?? 0
  }
}
