import Execution
import Kernels
import Randomness
import ScoreMatching

/// Training steps on standard normal data, one after the other.
final class Stepper<Scalar: ProgramScalar> {
  let program: Program
  let arena: Arena<Scalar>
  private let minimisation: Minimisation
  private let cores: Int
  private var batches: Batches
  private var number = 0

  /// - Parameters:
  ///   - program: that of a step, where it is compiled already.
  ///   - cores: how many may work on one step.
  ///   - rowCount: rows that batches are taken from, no fewer than those of a batch.
  init(
    _ minimisation: Minimisation, program: Program? = nil, cores: Int = 1, rowCount: Int = 10_000
  ) throws {
    let (batch, dimension) = (minimisation.training.batch, minimisation.model.dimension)
    self.minimisation = minimisation
    self.cores = cores
    self.program = program ?? Program(minimisation.step, rowCount: batch)
    let program = self.program
    arena = try Arena<Scalar>(program)
    try arena.prepare(cores: cores)
    var generator = RandomGenerator(StreamKey(bits: 1))
    let model = minimisation.model
    for (parameter, values) in zip(model.parameters, model.initialValues(using: &generator)) {
      arena.setState(parameter.name, values)
    }
    let rowCount = max(rowCount, batch)
    let rows = (0..<(rowCount * dimension)).map { _ in generator.normal() }
    for (name, columns) in program.rowInputs {
      arena.bind(name, to: try RowData(rows, columns: columns))
    }
    batches = Batches(key: StreamKey(bits: 2), rowCount: rowCount, batch: batch)
  }

  private func prepareNext() {
    number += 1
    batches.advance()
    for scalar in minimisation.scalars(at: number) { arena.setScalar(scalar.name, scalar.value) }
  }

  func advance() {
    prepareNext()
    arena.run(indices: batches.indices, draw: UInt64(number), cores: cores)
  }

  /// The seconds of each step, of as many as fit into a duration; at least ten.
  func times(for duration: Double) -> [Double] {
    let clock = ContinuousClock()
    let start = clock.now
    var times: [Double] = []
    while times.count < 10 || seconds(start.duration(to: clock.now)) < duration {
      let before = clock.now
      advance()
      times.append(seconds(before.duration(to: clock.now)))
    }
    return times
  }

  func profile(steps: Int) -> Profile {
    var profile = Profile(program)
    for _ in 0..<steps {
      prepareNext()
      arena.run(indices: batches.indices, draw: UInt64(number), into: &profile)
    }
    return profile
  }
}
