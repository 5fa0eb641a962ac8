import Execution
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
  /// The exact scores, and noise beside the rows, as they are kept.
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

  /// The most that is taken at one time: before, during or after training, whose memory is given back
  /// before metrics are computed.
  var peak: Int {
    let fitting = training + validation + max(exactScores, targets + best + evaluated)
    return Self.rest + data + max(preparation, fitting, best + reported + measuring)
  }
}

/// Rows of each part of a trial's data.
struct DataShape: Sendable, Equatable {
  var dimension: Int
  var train: Int
  var validation: Int
  var test: Int
  /// The trial's settings, for its sampler; nil where it has none.
  var trial: SettingValue?

  /// Numbers in all rows.
  var count: Int { dimension * (train + validation + test) }
}

extension TrialMemory {
  /// The memory of a trial that minimises a loss.
  init<Scalar: ProgramScalar>(
    of minimisation: Minimisation, _ data: DataShape, _ programs: TrialPrograms, _: Scalar.Type
  ) {
    self.init(fitting: minimisation.model, data, programs, Scalar.self)
    training += (data.train + minimisation.training.batch) * MemoryLayout<Int32>.stride
  }

  /// The memory of a trial that minimises a loss over all rows at once.
  init<Scalar: ProgramScalar>(
    of fit: FullBatch, _ data: DataShape, _ programs: TrialPrograms, _: Scalar.Type
  ) {
    self.init(fitting: fit.model, data, programs, Scalar.self)
    // The pairs that it remembers, and the point, gradient, direction and candidate in hand.
    training += (2 * fit.memory + 6) * fit.model.storedCount * MemoryLayout<Double>.stride
  }

  private init<Scalar: ProgramScalar>(
    fitting model: any ScoreModel, _ data: DataShape, _ programs: TrialPrograms, _: Scalar.Type
  ) {
    let (double, scalar) = (MemoryLayout<Double>.stride, MemoryLayout<Scalar>.stride)
    let d = data.dimension
    if let (step, pass) = programs.training {
      training =
        step.arenaBytes(Scalar.self, cores: step.usefulCores) + data.train * d * scalar
      validation = pass.bytes(d)
    }
    if let train = programs.exactScores.first, let other = programs.exactScores.last {
      let kept = (train: train.rowCount * d * scalar, validation: other.rowCount * d * double)
      targets = kept.train + kept.validation
      // An arena, its own copy of the rows, and the scores as they come out of it.
      func momentary(_ pass: TrialPrograms.Pass) -> Int {
        pass.bytes(d) + pass.rowCount * d * double
      }
      exactScores = max(momentary(train), kept.train + momentary(other))
    }
    if programs.contrastCount > 0 {
      let count = programs.contrastCount
      targets += count * (data.train * scalar + data.validation * double)
      // As it is drawn, the rows that its density is computed of, the arena that does so, and what comes out.
      exactScores = max(
        exactScores, targets + 3 * count * max(data.train, data.validation) * double)
    }
    best = model.storedCount * double
    evaluated = best
    reported = model.storedCount * scalar
    measuring = programs.metrics.map { $0.bytes(d) }.reduce(0, max)
  }

  /// The memory of a trial that fits a Gaussian.
  init(ofGaussianFitTo data: DataShape, _ programs: TrialPrograms) {
    let d = data.dimension
    // The covariance, its factor and the inverse, and as much again while they are computed and
    // compiled.
    best = 6 * d * d * MemoryLayout<Double>.stride
    reported = best / 6
    measuring = programs.metrics.map { $0.bytes(d) }.reduce(0, max)
  }

  /// The memory of a trial that solves for the minimum of a quadratic.
  init(of problem: ClosedForm, _ data: DataShape, _ programs: TrialPrograms) {
    let (d, k) = (data.dimension, problem.parameterCount)
    let rows = data.train * d * MemoryLayout<Double>.stride
    // The first arena lives beside the second; of the matrices, the Hessian and the scatter as they
    // come and as they are scaled, the factor, the inverse.
    let arenas = programs.solving.map { $0.program.arenaBytes(Double.self) }.reduce(0, +)
    training = rows + arenas + 8 * k * k * MemoryLayout<Double>.stride
    if let pass = programs.exactScores.first {
      targets = rows
      exactScores = pass.bytes(d) + rows
    }
    best = k * MemoryLayout<Double>.stride
    evaluated = best
    reported = 2 * best
    measuring = programs.metrics.map { $0.bytes(d) }.reduce(0, max)
  }

  /// The memory of a trial that learns nothing.
  init(ofExact data: DataShape, _ programs: TrialPrograms) {
    measuring = programs.metrics.map { $0.bytes(data.dimension) }.reduce(0, max)
  }

  /// The memory of a trial that ascends a simulator's likelihood.
  ///
  /// - Parameters:
  ///   - count: the most simulations that a metric makes at a time.
  ///   - network: the step of the network that a score is estimated by, over the simulations of one step.
  init(of ascent: LikelihoodAscent, measuring count: Int, network: Program?) {
    let number = MemoryLayout<Double>.stride
    func bytes(_ simulations: Int) -> Int {
      number * ascent.numbersHeld(simulations: simulations)
        + (network?.arenaBytes(Double.self) ?? 0) * simulations / ascent.simulationCount
    }
    training = bytes(max(ascent.simulationCount, (ascent.informationCount ?? 0) / 3))
    measuring = bytes(max(count, ascent.simulationCount))
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
}

extension TrialPrograms.Measuring {
  /// The memory of one of them while it runs.
  fileprivate func bytes(_ dimension: Int) -> Int {
    switch self {
    case .pass(let pass): pass.bytes(dimension)
    case .simulation(let simulation): simulation.bytes
    case .loops: 0
    }
  }
}

extension TrialPrograms.Pass {
  /// The arena in Double and its rows.
  fileprivate func bytes(_ dimension: Int) -> Int {
    program.arenaBytes(Double.self) + rowCount * dimension * MemoryLayout<Double>.stride
  }
}
