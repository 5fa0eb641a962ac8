import Kernels

/// What one core needs to run a program's tiles: scratch memory of its own, and the addresses of all
/// buffers.
final class Worker<Scalar: ProgramScalar> {
  private let scratch: AlignedBuffer<Scalar>
  private let registers: AlignedBuffer<Scalar>
  private let workspace: AlignedBuffer<Scalar>
  private let buffers: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private let loaded: UnsafeMutablePointer<Int>

  /// - Parameter buffers: the arena's, in the order of ``Addresses``; that of the tile is replaced.
  init(_ program: Program, buffers given: [UnsafeMutablePointer<Scalar>]) throws(KernelError) {
    let counts = Self.counts(program)
    scratch = try AlignedBuffer(count: counts.scratch)
    registers = try AlignedBuffer(count: counts.registers)
    workspace = try AlignedBuffer(count: counts.workspace)
    buffers = .allocate(capacity: given.count)
    for (index, buffer) in given.enumerated() {
      (buffers + index).initialize(to: index == Addresses.tile ? scratch.pointer : buffer)
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
      max(program.scratch.tile.total, 1),
      max(program.registerCount * ElementwiseGroup.stripLength, 1),
      max(program.workspaceCount(Scalar.self), 1)
    )
  }

  /// Scalars that a worker holds.
  static func scalarCount(_ program: Program) -> Int {
    let counts = counts(program)
    return counts.scratch + counts.registers + counts.workspace
  }

  var scalarCount: Int { scratch.count + registers.count + workspace.count }

  var buffersInUse: [AlignedBuffer<Scalar>] { [scratch, registers, workspace] }

  /// The memory, with the arguments of a step.
  func frame(_ step: StepRun<Scalar>, sums: UnsafeMutablePointer<Scalar>) -> Frame<Scalar> {
    buffers[Addresses.sums] = sums
    return Frame(
      buffers: buffers, registers: registers.pointer, loaded: loaded,
      workspace: workspace.pointer, rows: step.rows, keys: step.keys, indices: step.indices,
      first: step.first, draw: step.draw)
  }
}
