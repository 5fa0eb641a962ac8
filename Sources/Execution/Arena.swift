import Expressions
import Kernels
import Randomness

/// The memory that a program runs in: states, scratch, results. Used by one caller at a time; a step
/// may run on several cores, which share it.
public final class Arena<Scalar: ProgramScalar> {
  /// The program that this memory is for.
  public let program: Program
  /// All of the memory below, one piece: it fits few pages, and large ones.
  private let memory: AlignedBuffer<Scalar>
  let sums: UnsafeMutablePointer<Scalar>
  let scalars: UnsafeMutablePointer<Scalar>
  let states: [UnsafeMutablePointer<Scalar>]
  let outputs: [UnsafeMutablePointer<Scalar>]
  /// The base addresses that every worker starts from, in the order of ``Addresses``.
  private let bases: [UnsafeMutablePointer<Scalar>]
  private(set) var workers: [Worker<Scalar>] = []
  var rows: [RowData<Scalar>?]
  /// Rows inputs that have data, and the rows of the shortest.
  private(set) var boundRows = 0
  private(set) var fewestRows = Int.max
  /// The memory of `rows`, in the same order.
  let rowPointers: UnsafeMutablePointer<UnsafePointer<Scalar>?>
  let keys: UnsafeMutablePointer<StreamKey>

  /// - Throws: ``KernelError/outOfMemory(bytes:)`` where the machine has not the memory.
  public init(_ program: Program) throws(KernelError) {
    self.program = program
    let symbols = program.symbols
    let sizes = program.arenaSizes
    memory = try AlignedBuffer(count: sizes.reduce(0) { $0 + MemoryPlan.rounded($1) })
    var bases: [UnsafeMutablePointer<Scalar>] = []
    var place = memory.pointer
    for size in sizes {
      bases.append(place)
      place += MemoryPlan.rounded(size)
    }
    self.bases = bases
    (sums, scalars) = (bases[Addresses.sums], bases[Addresses.scalars])
    let firstConstant = Addresses.firstState + symbols.states.count
    states = Array(bases[Addresses.firstState..<firstConstant])
    outputs = Array(bases[(firstConstant + symbols.constants.count)...])
    for (node, constant) in zip(symbols.constants, bases[firstConstant...]) {
      for (index, value) in node.constantValues.enumerated() { constant[index] = Scalar(value) }
    }
    rows = [RowData<Scalar>?](repeating: nil, count: symbols.rowInputs.count)
    rowPointers = .allocate(capacity: max(symbols.rowInputs.count, 1))
    rowPointers.initialize(repeating: nil, count: max(symbols.rowInputs.count, 1))
    keys = .allocate(capacity: max(symbols.streams.count, 1))
    keys.initialize(repeating: StreamKey(bits: 0), count: max(symbols.streams.count, 1))
    try prepare(cores: 1)
  }

  deinit {
    rowPointers.deallocate()
    keys.deallocate()
  }

  /// Makes room for a step on several cores; cores that ``Program/usefulCores`` has no work for get
  /// none.
  ///
  /// - Throws: ``KernelError/outOfMemory(bytes:)``; the arena then runs on as many as before.
  public func prepare(cores: Int) throws(KernelError) {
    while workers.count < min(max(cores, 1), program.usefulCores) {
      workers.append(try Worker(program, buffers: bases))
    }
  }

  /// Bytes that the arena holds for the program's run, data sets left out.
  public var byteCount: Int {
    workers.reduce(memory.count) { $0 + $1.scalarCount } * MemoryLayout<Scalar>.stride
  }

  /// Sets a state; a name that the program has not is left alone.
  public func setState(_ name: String, _ values: [Double]) {
    guard let index = program.symbols.states.firstIndex(where: { $0.name == name }) else { return }
    let count = program.symbols.states[index].shape.reduce(1, *)
    require(
      values.count == count, "arena: \(values.count) values for state \(name) of \(count)")
    values.withUnsafeBufferPointer { buffer in
      guard let source = buffer.baseAddress else { return }
      Scalar.convert(source, into: states[index], count: count)
    }
  }

  /// A state's numbers as they are now, row-major; stops the process for a name the program has
  /// not.
  public func state(_ name: String) -> [Double] {
    let index = program.symbols.state(name)
    let count = program.symbols.states[index].shape.reduce(1, *)
    return inDouble(states[index], count)
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
    rowPointers[index] = UnsafePointer(data.buffer.pointer)
    let bound = rows.compactMap { $0 }
    boundRows = bound.count
    fewestRows = bound.map(\.rowCount).min() ?? .max
  }

  /// Gives a stream its key; a stream that the program has not is left alone.
  public func setKey(_ stream: String, _ key: StreamKey) {
    guard let index = program.symbols.streams.firstIndex(of: stream) else { return }
    keys[index] = key
  }

  /// Sets a scalar; a name that the program has not is left alone.
  public func setScalar(_ name: String, _ value: Double) {
    guard let index = program.symbols.scalars.firstIndex(of: name) else { return }
    scalars[index] = Scalar(value)
  }

  /// A result of the last run, row-major.
  public func output(_ name: String) -> [Double] {
    let index = outputIndex(name)
    let count = program.outputs[index].shape.reduce(1, *)
    return inDouble(outputs[index], count)
  }

  private func inDouble(_ source: UnsafeMutablePointer<Scalar>, _ count: Int) -> [Double] {
    // All empty arrays share one header, which must not be written from several threads.
    guard count > 0 else { return [] }
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      if let result = buffer.baseAddress { Scalar.convert(source, toDouble: result, count: count) }
      filled = count
    }
  }

  /// A result that is one number.
  public func scalarOutput(_ name: String) -> Double {
    Double(outputs[outputIndex(name)][0])
  }

  private func outputIndex(_ name: String) -> Int {
    guard let index = program.outputs.firstIndex(where: { $0.name == name }) else {
      fatalError("arena: the program has no output \(name)")
    }
    return index
  }

  /// Fills scratch and registers with NaN, for tests: nothing may be read before it is written.
  public func poison() {
    let sizes = program.arenaSizes
    for region in [Addresses.shared, Addresses.sums] {
      Scalar.fill(bases[region], with: .nan, count: sizes[region])
    }
    for worker in workers { worker.poison() }
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
      guard case .product(let loop) = instruction else { return 0 }
      switch loop.kernel {
      case .gemm(let m, let n, let k, _, _, _):
        return Scalar.gemmWorkspaceCount(
          m.value(tileRows), n.value(tileRows), k.value(tileRows))
      case .gram(let m, let k, _, _):
        return Scalar.gemmWorkspaceCount(m.value(tileRows), m.value(tileRows), k.value(tileRows))
      case .dotRows: return 0
      }
    }.max() ?? 0
  }

  /// Scalars of each buffer that an arena holds, in the order of ``Addresses``; that of the tile is
  /// each worker's own.
  var arenaSizes: [Int] {
    let shapes =
      symbols.states.map(\.shape) + symbols.constants.map(\.shape) + outputs.map(\.shape)
    return [
      scratch.shared.total, 0, scratch.sums.total * usefulCores, symbols.scalars.count,
    ] + shapes.map { $0.reduce(1, *) }
  }

  /// Bytes of an ``Arena`` that is prepared for so many cores, data sets left out: what a run will
  /// take, known before it.
  public func arenaBytes<Scalar: ProgramScalar>(_ type: Scalar.Type, cores: Int = 1) -> Int {
    let workers = min(max(cores, 1), usefulCores)
    let scalars =
      arenaSizes.reduce(workers * Worker<Scalar>.scalarCount(self)) {
        $0 + MemoryPlan.rounded($1)
      }
    return scalars * MemoryLayout<Scalar>.stride
  }
}
