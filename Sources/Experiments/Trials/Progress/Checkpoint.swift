import Foundation
import Kernels
import Results
import ScoreMatching
import Settings

/// How far a trial is: what it takes to go on from there to the same bits.
///
/// Random numbers are drawn by their place in a stream, so the number of the step is all that there is of
/// their state.
struct Checkpoint: Codable, Sendable {
  /// What made it: another program's bits may differ.
  var program = ""
  /// Wall-clock time that the trial has taken.
  var seconds = 0.0
  /// Training by minibatches under way.
  var training: TrainingState?
  /// A full-batch fit under way.
  var fullBatch: FullBatchState?
  /// The ascent of a simulator's likelihood under way, or at its end.
  var ascent: AscentState?
  /// What training came to.
  var trained: TrainedState?
  /// The metrics that are known, by part and name.
  var metrics: [String: MetricState] = [:]  // looked up only
  /// What metrics over minibatches have taken in, by part and name.
  var minibatches: [String: MinibatchVariance.Gathering] = [:]  // looked up only
  /// The blocks of simulations, by the simulation's name.
  var simulations: [String: [Int: BlockState]] = [:]  // looked up only

  /// The SHA-256 of the program's own file; the version and the instruction set where it cannot be read.
  ///
  /// Taken when the first checkpoint is kept or looked at: it is read in a tenth of a second.
  static let program: String = {
    #if os(Linux)
      // The file that runs, whatever has taken its place since.
      let path = "/proc/self/exe"
    #else
      let path = Bundle.main.executablePath ?? ""
    #endif
    guard let file = FileHandle(forReadingAtPath: path) else {
      return "\(Provenance.version) \(InstructionSet.name)"
    }
    var hash = SHA256()
    while let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(piece) }
    return SHA256.hex(hash.finalize())
  }()

  /// The bytes that are kept.
  func encoded() throws -> [UInt8] {
    var checkpoint = self
    checkpoint.program = Self.program
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return Array(try encoder.encode(checkpoint))
  }

  /// What a trial can go on from.
  ///
  /// - Throws: ``CheckpointTrouble/notUsed(reason:)`` for what another program kept.
  static func decoded(_ bytes: [UInt8]) throws(CheckpointTrouble) -> Checkpoint {
    let checkpoint = try? PropertyListDecoder().decode(Checkpoint.self, from: Data(bytes))
    guard let checkpoint, checkpoint.program == program else {
      throw .notUsed(reason: "another build of the program kept it, whose numbers may differ")
    }
    return checkpoint
  }
}

extension Checkpoint {
  /// Where a finished trial stands: it is trained, and what it measured is known.
  ///
  /// Without the parameters that its model has, it trains again.
  ///
  /// - Parameters:
  ///   - record: its record, with parameters and curves.
  ///   - settings: its complete settings.
  init(of record: TrialRecord, _ settings: SettingValue) {
    trained = TrainedState(record, settings)
    for metric in record.metrics {
      let prefix = "validation_"
      let isValidation = metric.name.hasPrefix(prefix)
      let name = isValidation ? String(metric.name.dropFirst(prefix.count)) : metric.name
      let part = isValidation ? "validation" : "test"
      metrics["\(part)/\(name)"] = MetricState(value: [metric.value])
    }
  }
}

/// A metric that is known.
struct MetricState: Codable, Sendable {
  /// One number.
  @Exact var value: [Double]
  /// What there is to say of it.
  var remark: String?
}

/// Training by minibatches after a step.
struct TrainingState: Codable, Sendable {
  /// The last step.
  var step: Int
  /// Everything that is kept between steps, by name.
  var states: [String: Exact]  // looked up only
  var batches: Batches.Place
  /// The parameters to report as they stand, in the model's order.
  var best: [Exact]
  var watch: EarlyStoppingWatch
  /// The loss and the gradient's norm of the last step.
  @Exact var last: [Double]
  /// Seconds spent on steps.
  var spent: Double
  var curves: CurveState
}

/// A full-batch fit after an evaluation.
struct FullBatchState: Codable, Sendable {
  /// One start's descent.
  struct Descent: Codable, Sendable {
    var minimiser: LBFGS
    var curves: CurveState
  }

  /// What is kept from start to start.
  struct Course: Codable, Sendable {
    /// The number of the start, from 1.
    var start = 1
    /// The best of the descents that have ended.
    var kept: Descent?
    /// Iterations of those.
    var iterations = 0
    /// Seconds spent on evaluations.
    var spent = 0.0
  }

  var course: Course
  var current: Descent
}

/// The ascent of a simulator's likelihood after a step.
struct AscentState: Codable, Sendable {
  /// The last step.
  var step = 0
  /// The parameters and the optimiser's moments, by name.
  var states: [String: Exact] = [:]  // looked up only
  /// The sum of the iterates that the estimate is the mean of, and their number.
  @Exact var sum: [Double]
  var summed = 0
  /// Seconds spent on steps.
  var spent = 0.0
  var curves = CurveState([])
}

/// What training came to: what of the record it filled, and what metrics are computed from.
struct TrainedState: Codable, Sendable {
  var steps: Int
  @Exact var secondsPerStep: [Double]
  var status: String
  var message: String
  var curves: CurveState
  var parameters: [Exact]
  /// Further facts that metrics read, by name.
  var facts: [Fact]

  struct Fact: Codable, Sendable {
    var name: String
    @Exact var values: [Double]
  }
}

extension TrainedState {
  /// What training came to and put into a record.
  init(
    _ parameters: [[Double]], _ facts: [(name: String, values: [Double])], _ record: TrialRecord
  ) {
    self.init(
      steps: record.steps, secondsPerStep: [record.secondsPerStep],
      status: record.outcome.status.rawValue, message: record.outcome.message,
      curves: CurveState(record.curves),
      parameters: parameters.map { Exact(wrappedValue: $0) },
      facts: facts.map { Fact(name: $0.name, values: $0.values) })
  }

  /// What the training of a finished trial came to.
  fileprivate init(_ record: TrialRecord, _ settings: SettingValue) {
    let isFullBatch = settings["fit.type"] == .text(Fits.fullBatch)
    self.init(
      record.parameters.map { array in
        switch array.values {
        case .float32(let values): values.map(Double.init)
        case .float64(let values): values
        }
      },
      isFullBatch
        ? [
          (
            FullBatch.convergedName,
            [record.outcome.message.hasPrefix(FullBatch.notConverged) ? 0 : 1]
          )
        ] : [],
      record)
  }

  /// Whether the parameters are those of a model.
  func fits(_ model: any ScoreModel) -> Bool {
    parameters.map(\.wrappedValue.count) == model.parameters.map { $0.shape.reduce(1, *) }
  }

  /// Puts into a record what an earlier run's training did.
  ///
  /// - Returns: the parameters in the model's order, and further facts that metrics read.
  func fill(
    _ record: inout TrialRecord
  ) -> (parameters: [[Double]], facts: [(name: String, values: [Double])]) {
    record.steps = steps
    record.secondsPerStep = secondsPerStep[0]
    record.outcome = Outcome(Status(rawValue: status) ?? .failed, message: message)
    record.curves = curves.points
    return (parameters.map(\.wrappedValue), facts.map { ($0.name, $0.values) })
  }
}

/// One block of a simulation's chains between two steps.
struct BlockState: Codable, Sendable {
  var stage: Int
  /// Repetitions of that stage that are done.
  var repetition: Int
  /// The number of the next step's draws.
  var draw: UInt64
  /// The variables' values, in the simulation's order.
  var values: [Exact]
}

/// Validation under early stopping.
struct EarlyStoppingWatch: Codable, Sendable {
  private var lowestValue = Exact(wrappedValue: [.infinity])
  /// Checkpoints since the lowest value.
  var sinceLowest = 0

  /// The lowest value.
  var lowest: Double {
    get { lowestValue.wrappedValue[0] }
    set { lowestValue.wrappedValue = [newValue] }
  }
}

/// The points of a curve.
struct CurveState: Codable, Sendable {
  @Exact private var steps: [Double]
  @Exact private var training: [Double]
  @Exact private var validation: [Double]
  @Exact private var norms: [Double]

  init(_ points: [CurvePoint]) {
    steps = points.map { Double($0.step) }
    training = points.map(\.trainingLoss)
    validation = points.map(\.validationLoss)
    norms = points.map(\.gradientNorm)
  }

  var points: [CurvePoint] {
    steps.indices.map {
      CurvePoint(
        step: Int(steps[$0]), trainingLoss: training[$0], validationLoss: validation[$0],
        gradientNorm: norms[$0])
    }
  }
}
