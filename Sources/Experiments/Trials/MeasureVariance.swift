import Execution
import Expressions
import Kernels
import Randomness
import ScoreMatching

extension TrialRunner {
  /// Draws minibatches of rows and measures how much a loss or its gradient varies, in Double.
  ///
  /// - Parameters:
  ///   - rows: what is drawn from, with replacement, row-major.
  ///   - parameters: those of the model, by name.
  ///   - keys: the key of each random stream that the loss draws from.
  ///   - order: the key of the rows that are drawn.
  ///   - deadline: asked before each minibatch.
  func measure(
    _ variance: MinibatchVariance, on rows: [Double], columns: Int,
    _ parameters: [(name: String, values: [Double])],
    keys: [(stream: String, key: StreamKey)], order: StreamKey,
    until deadline: Deadline
  ) throws -> Double {
    let arena = try Arena<Double>(variance.program(dimension: columns, programs))
    arena.bind(Minimisation.dataName, to: try RowData(rows, columns: columns))
    for (stream, key) in keys { arena.setKey(stream, key) }
    for (name, values) in parameters { arena.setState(name, values) }
    for scalar in variance.loss.scalars { arena.setScalar(scalar.name, scalar.value) }
    var generator = RandomGenerator(order)
    let rowCount = rows.count / columns
    let outputs = arena.program.outputNames
    var gathering = MinibatchVariance.Gathering()
    for number in 0..<variance.count {
      try deadline.check()
      let indices = (0..<variance.batch).map { _ in
        Int32(min(Int(generator.uniform() * Double(rowCount)), rowCount - 1))
      }
      arena.run(indices: indices, draw: UInt64(number))
      gathering.add(outputs.flatMap(arena.output))
    }
    return gathering.variance
  }
}

extension MinibatchVariance {
  /// The program of one minibatch.
  func program(dimension: Int, _ programs: ProgramCache) -> Program {
    programs.program(
      outputs: outputs(dimension: dimension).enumerated().map { ("varying.\($0)", $1) },
      rowCount: batch)
  }
}
