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
  ///   - name: the metric and the part of the data, for what an interrupted trial goes on from.
  ///   - deadline: asked before each minibatch.
  func measure(
    _ variance: MinibatchVariance, on rows: [Double], columns: Int,
    _ parameters: [(name: String, values: [Double])],
    keys: [(stream: String, key: StreamKey)], order: StreamKey,
    as name: String, until deadline: Deadline
  ) throws -> Double {
    let arena = try Arena<Double>(variance.program(dimension: columns, programs))
    arena.bind(Minimisation.dataName, to: try RowData(rows, columns: columns))
    for (stream, key) in keys { arena.setKey(stream, key) }
    for (name, values) in parameters { arena.setState(name, values) }
    for scalar in variance.loss.scalars { arena.setScalar(scalar.name, scalar.value) }
    var generator = RandomGenerator(order)
    let rowCount = rows.count / columns
    let outputs = arena.program.outputNames
    let progress = deadline.progress
    var gathering = progress.gathering(of: name) ?? MinibatchVariance.Gathering()
    for number in 0..<variance.count {
      // Drawn for those too that an earlier run took in: what follows is the same.
      let indices = (0..<variance.batch).map { _ in
        Int32(min(Int(generator.uniform() * Double(rowCount)), rowCount - 1))
      }
      guard number >= gathering.count else { continue }
      do { try deadline.check() } catch {
        progress.note { $0.minibatches[name] = gathering }
        throw error
      }
      progress.keepNowAndThen { $0.minibatches[name] = gathering }
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
