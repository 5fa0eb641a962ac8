import Execution
import Kernels
import Planning
import Randomness
import ScoreMatching
import Settings

/// Times training steps, and says what fraction of the FMA units' peak their products reach.
public struct Benchmark: Sendable {
  /// What is timed: a score network with softplus on standard normal data.
  public struct Setting: Sendable, Equatable {
    /// The loss's name in an experiment file.
    public var loss: String
    /// Coordinates of the data.
    public var dimension: Int
    /// Units of each hidden layer.
    public var width: Int
    /// Hidden layers.
    public var depth: Int
    /// Rows of a step.
    public var batch: Int
    /// Random directions per row, for the sliced losses.
    public var slices: Int

    /// One setting to time.
    public init(
      loss: String, dimension: Int, width: Int, depth: Int, batch: Int = 128, slices: Int = 1
    ) {
      self.loss = loss
      self.dimension = dimension
      self.width = width
      self.depth = depth
      self.batch = batch
      self.slices = slices
    }

    /// `ssm 10 128x2 128 1`: loss, dimension, width x depth, batch, slices.
    public var name: String { "\(loss) \(dimension) \(width)x\(depth) \(batch) \(slices)" }

    /// The six settings of the peers' comparison.
    public static let standard = [
      Setting(loss: "dsm", dimension: 2, width: 64, depth: 2),
      Setting(loss: "ssm", dimension: 2, width: 64, depth: 2),
      Setting(loss: "ssm", dimension: 10, width: 128, depth: 2),
      Setting(loss: "ism", dimension: 10, width: 128, depth: 2),
      Setting(loss: "ssm", dimension: 100, width: 256, depth: 3),
      Setting(loss: "ssm", dimension: 100, width: 512, depth: 3, batch: 256, slices: 4),
    ]
  }

  /// What was measured of one setting.
  public struct Result: Sendable, Equatable {
    /// What was timed.
    public var setting: Setting
    /// Median over steps.
    public var microsecondsPerStep: Double
    /// Additions and multiplications of the step's products per second, in 10⁹.
    public var gigaflops: Double
    /// The FMA units' measured peak in the same process, in 10⁹.
    public var peakGigaflops: Double
    /// Memory of the step: states, scratch and packed panels, data left out.
    public var arenaBytes: Int

    /// The fraction of the peak.
    public var fraction: Double { gigaflops / peakGigaflops }
  }

  private let catalogue: Catalogue

  /// A benchmark of the steps that the catalogue's settings describe.
  public init(catalogue: Catalogue = .scoreSweep) { self.catalogue = catalogue }

  /// Times one setting in single precision on one core.
  ///
  /// - Parameter duration: about how many seconds to measure.
  public func run(_ setting: Setting, duration: Double = 1) throws -> Result {
    let minimisation = try minimisation(setting)
    let program = Program(minimisation.step, rowCount: setting.batch)
    let arena = try Arena<Float>(program)
    var generator = RandomGenerator(StreamKey(bits: 1))
    let model = minimisation.model
    for (parameter, values) in zip(model.parameters, model.initialValues(using: &generator)) {
      arena.setState(parameter.name, values)
    }
    let rows = (0..<(10_000 * setting.dimension)).map { _ in generator.normal() }
    for (name, columns) in program.rowInputs {
      arena.bind(name, to: try RowData(rows, columns: columns))
    }
    var batches = Batches(key: StreamKey(bits: 2), rowCount: 10_000, batch: setting.batch)
    var number = 0
    func advance() {
      number += 1
      batches.advance()
      for scalar in minimisation.scalars(at: number) { arena.setScalar(scalar.name, scalar.value) }
      arena.run(indices: batches.indices, draw: UInt64(number))
    }
    for _ in 0..<20 { advance() }
    // The clock drifts: the peak is measured on both sides of the steps.
    let before = peakFMA(seconds: 0.1).float32
    let times = measure(duration, advance)
    let peak = max(before, peakFMA(seconds: 0.1).float32)
    let median = times.sorted()[times.count / 2]
    return Result(
      setting: setting, microsecondsPerStep: median * 1e6,
      gigaflops: Double(program.productOperations) / median * 1e-9, peakGigaflops: peak,
      arenaBytes: arena.byteCount)
  }

  /// The program of a setting's step, as text.
  public func describe(_ setting: Setting) throws -> String {
    Program(try minimisation(setting).step, rowCount: setting.batch).description
  }

  private func minimisation(_ setting: Setting) throws -> Minimisation {
    let trial = try plan(setting).trials[0]
    guard let loss = TrainingLoss(trial.settings) else {
      throw TrialFailure("the loss \(setting.loss) is not minimised step by step")
    }
    let model = Models.make(trial.settings["model"] ?? .null, dimension: setting.dimension)
    return Minimisation(loss, of: model, Training(trial.settings["training"] ?? .null))
  }

  private func measure(_ duration: Double, _ advance: () -> Void) -> [Double] {
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

  private func plan(_ setting: Setting) throws -> Plan {
    let hidden = [String](repeating: "\(setting.width)", count: setting.depth)
      .joined(separator: ", ")
    let slices = setting.loss.hasPrefix("ssm") ? "\"slices\": \(setting.slices)," : ""
    let text = """
      { "name": "bench",
        "base": { "data": { "type": "gaussian" }, "dimension": \(setting.dimension), \(slices)
          "loss": "\(setting.loss)",
          "model": { "type": "score-mlp", "hidden": [\(hidden)], "activation": "softplus" },
          "training": { "batch": \(setting.batch), "optimizer": { "type": "adam" } } },
        "grid": { "repeat": 1 } }
      """
    return try Plan(reading: Array(text.utf8), named: "bench", catalogue: catalogue)
  }
}
