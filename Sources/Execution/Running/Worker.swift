import Kernels

/// What one core needs to run a program's tiles: scratch memory of its own, and the addresses of all
/// buffers.
final class Worker<Scalar: ProgramScalar> {
  private let memory: AlignedBuffer<Scalar>
  private let registers: UnsafeMutablePointer<Scalar>
  private let workspace: UnsafeMutablePointer<Scalar>
  private let buffers: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private let loaded: UnsafeMutablePointer<Int>

  /// - Parameter buffers: the arena's, in the order of ``Addresses``; that of the tile is replaced.
  init(_ program: Program, buffers given: [UnsafeMutablePointer<Scalar>]) throws(KernelError) {
    let counts = Self.counts(program)
    memory = try AlignedBuffer(count: counts.scratch + counts.registers + counts.workspace)
    registers = memory.pointer + counts.scratch
    workspace = registers + counts.registers
    buffers = .allocate(capacity: given.count)
    for (index, buffer) in given.enumerated() {
      (buffers + index).initialize(to: index == Addresses.tile ? memory.pointer : buffer)
    }
    loaded = .allocate(capacity: max(program.registerCount, 1))
    loaded.initialize(repeating: -1, count: max(program.registerCount, 1))
  }

  deinit {
    buffers.deallocate()
    loaded.deallocate()
  }

  private static func counts(
    _ program: Program
  ) -> (scratch: Int, registers: Int, workspace: Int) {
    (
      program.scratch.tile.total, program.registerCount * ElementwiseGroup.stripLength,
      MemoryPlan.rounded(program.workspaceCount(Scalar.self))
    )
  }

  /// Scalars that a worker holds.
  static func scalarCount(_ program: Program) -> Int {
    let counts = counts(program)
    return counts.scratch + counts.registers + counts.workspace
  }

  var scalarCount: Int { memory.count }

  /// Fills all with NaN.
  func poison() { Scalar.fill(memory.pointer, with: .nan, count: memory.count) }

  /// The memory, with the arguments of a step.
  func frame(_ step: StepRun<Scalar>, sums: UnsafeMutablePointer<Scalar>) -> Frame<Scalar> {
    buffers[Addresses.sums] = sums
    return Frame(
      buffers: buffers, registers: registers, loaded: loaded,
      workspace: workspace, rows: step.rows, keys: step.keys, indices: step.indices,
      first: step.first, draw: step.draw)
  }
}
