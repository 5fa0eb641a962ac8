import Execution
import Expressions
import Planning
import ScoreMatching
import Settings

/// The bytes that a trial takes, part by part, predicted from its compiled programs before it runs.
///
/// Parts that several trials share (the programs, the bytes of data files) are not in it.
struct TrialMemory: Sendable, Equatable {
  /// Training, validation and test rows in Double.
  var data = 0
  /// What making those rows takes for a moment beside them.
  var preparation = 0
  /// The arena of a training step, the rows that it reads, their order.
  var training = 0
  /// The arena that evaluates validation data during training, and its rows.
  var validation = 0
  /// What computing the exact scores of the rows takes for a moment.
  var exactScores = 0
  /// The exact scores, as they are kept.
  var targets = 0
  /// The best parameters so far.
  var best = 0
  /// The parameters at hand, while they are evaluated.
  var evaluated = 0
  /// The parameters as they are reported.
  var reported = 0
  /// The larger of the arenas that measure test and validation data in the end, and its rows.
  var measuring = 0

  /// What is not counted one by one: a thread, expressions while they are compiled, curves, many
  /// small blocks. Runs of one trial took 2.5 to 4 MB beside the parts above.
  private static let rest = 4 << 20

  /// The most that is taken at one time. Training's memory is kept until the metrics are there.
  var peak: Int {
    let steps = targets + best + max(evaluated, reported + measuring)
    return Self.rest + data + max(preparation, training + validation + max(exactScores, steps))
  }
}

/// Rows of each part of a trial's data.
struct DataShape: Sendable, Equatable {
  var dimension: Int
  var train: Int
  var validation: Int
  var test: Int

  /// Numbers in all rows.
  var count: Int { dimension * (train + validation + test) }
}

extension TrialMemory {
  /// The memory of a trial that minimises a loss.
  init<Scalar: ProgramScalar>(
    of minimisation: Minimisation, _ data: DataShape, target: (any Target)?,
    metrics: [Evaluator.Item], _: Scalar.Type, _ programs: ProgramCache
  ) {
    let (double, scalar) = (MemoryLayout<Double>.stride, MemoryLayout<Scalar>.stride)
    let (d, model) = (data.dimension, minimisation.model)
    let score = model.score(at: model.states)

    let program = minimisation.program(of: minimisation.step, programs)
    training =
      program.arenaBytes(Scalar.self, cores: program.usefulCores)
      + data.train * d * scalar + (data.train + minimisation.training.batch)
      * MemoryLayout<Int32>.stride
    let (items, extra) = minimisation.validation(
      of: score, target: target, rowCount: data.validation)
    validation =
      Evaluator.program(
        items, extra: extra, of: score, rowCount: data.validation, dimension: d, programs: programs
      ).arenaBytes(Double.self) + data.validation * d * double

    if minimisation.loss.needsTargetScore, let target {
      let kept = (train: data.train * d * scalar, validation: data.validation * d * double)
      targets = kept.train + kept.validation
      // An arena, its own copy of the rows, and the scores as they come out of it.
      func momentary(_ rowCount: Int) -> Int {
        target.scoreProgram(rowCount: rowCount, programs).arenaBytes(Double.self)
          + 2 * rowCount * d * double
      }
      exactScores = max(momentary(data.train), kept.train + momentary(data.validation))
    }
    best = model.parameterCount * double
    evaluated = best
    reported = model.parameterCount * scalar
    measure(metrics, of: score, data, programs)
  }

  /// The memory of a trial that fits a Gaussian.
  init(ofGaussianFitTo data: DataShape, metrics: [Evaluator.Item], _ programs: ProgramCache) {
    let d = data.dimension
    // The covariance, its factor and the inverse, and as much again while they are computed and
    // compiled.
    best = 6 * d * d * MemoryLayout<Double>.stride
    reported = best / 6
    // Any numbers give a program of the same size.
    let mean = Tensor.literal((0..<d).map { Double($0 + 1) }, [d])
    let inverse = Tensor.literal((0..<d * d).map { Double($0 + 1) }, [d, d])
    measure(metrics, of: { -matmul($0 - mean, inverse) }, data, programs)
  }

  /// Counts the rows in.
  ///
  /// - Parameter isRead: whether they come from a file; else they are drawn.
  mutating func hold(_ rows: DataShape, isRead: Bool) {
    data = rows.count * MemoryLayout<Double>.stride
    // A table goes through several copies on its way; points are drawn into an array that grows.
    let largest = max(rows.train, rows.validation, rows.test) * rows.dimension
    preparation = isRead ? 4 * data : largest * MemoryLayout<Double>.stride
  }

  private mutating func measure(
    _ metrics: [Evaluator.Item], of score: @escaping ScoreFunction, _ data: DataShape,
    _ programs: ProgramCache
  ) {
    measuring = [data.test, data.validation].map { rowCount in
      Evaluator.program(
        metrics, of: score, rowCount: rowCount, dimension: data.dimension, programs: programs
      ).arenaBytes(Double.self) + rowCount * data.dimension * MemoryLayout<Double>.stride
    }.reduce(0, max)
  }
}
