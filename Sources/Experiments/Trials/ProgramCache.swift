import Execution
import Expressions
import Synchronization

/// Compiled programs by what they compute: trials that differ only in numbers given at each step share one.
final class ProgramCache: Sendable {
  private struct Key: Hashable {
    var roots: [Digest]
    var names: [String]
    var rowCount: Int
  }

  private let programs = Mutex<[Key: Program]>([:])

  func program(
    outputs: [(name: String, value: Tensor)], assignments: [Execution.Assignment] = [],
    rowCount: Int
  ) -> Program {
    let assigned = assignments.flatMap { [$0.state.digest, $0.value.digest] }
    let key = Key(
      roots: outputs.map(\.value.digest) + assigned, names: outputs.map(\.name), rowCount: rowCount)
    if let known = programs.withLock({ $0[key] }) { return known }
    // Compiled outside the lock: two workers may do it twice, and get the same program.
    let program = Program(outputs: outputs, assignments: assignments, rowCount: rowCount)
    programs.withLock { $0[key] = program }
    return program
  }
}
