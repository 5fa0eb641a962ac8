import Execution
import Kernels
import Planning
import Randomness
import ScoreMatching
import Settings

/// Times training steps, and says what fraction of the FMA units' peak their products reach.
public struct Benchmark: Sendable {
  /// Where the time of a step goes, instruction by instruction.
  public typealias StepProfile = Execution.Profile

  /// What was measured of one setting.
  public struct Result: Sendable {
    /// What was timed.
    public var setting: BenchmarkSetting
    /// Median over steps.
    public var microsecondsPerStep: Double
    /// Additions and multiplications of the step's products per second, in 10⁹.
    public var gigaflops: Double
    /// The FMA units' measured peak in the same process and precision, in 10⁹.
    public var peakGigaflops: Double
    /// Memory of the step: states, scratch and packed panels, data left out.
    public var arenaBytes: Int
    /// Cores that worked on the step.
    public var cores: Int
    /// Where the time goes, where that was asked for.
    public var profile: StepProfile?

    /// The fraction of the peak of the cores that worked.
    public var fraction: Double { gigaflops / (peakGigaflops * Double(cores)) }
  }

  private let catalogue: Catalogue

  /// A benchmark of the steps that the catalogue's settings describe.
  public init(catalogue: Catalogue = .scoreSweep) { self.catalogue = catalogue }

  /// Times the steps of one setting.
  ///
  /// - Parameters:
  ///   - duration: about how many seconds to measure.
  ///   - cores: how many cores may work on one step.
  ///   - profiled: whether to measure, after the timing, where the time goes.
  /// - Throws: what the settings are refused for.
  public func run(
    _ setting: BenchmarkSetting, duration: Double = 1, cores: Int = 1, profiled: Bool = false
  ) throws -> Result {
    switch setting.precision {
    case .float32: try run(setting, Float.self, duration, cores, profiled)
    case .float64: try run(setting, Double.self, duration, cores, profiled)
    }
  }

  private func run<Scalar: ProgramScalar>(
    _ setting: BenchmarkSetting, _: Scalar.Type, _ duration: Double, _ cores: Int, _ profiled: Bool
  ) throws -> Result {
    let stepper = try Stepper<Scalar>(try minimisation(setting), setting, cores)
    for _ in 0..<20 { stepper.advance() }
    // The clock drifts: the peak is measured on both sides of the steps.
    let before = peakFMA(seconds: 0.1)
    let times = measure(duration, stepper.advance)
    let after = peakFMA(seconds: 0.1)
    let peak =
      Scalar.self == Float.self
      ? max(before.float32, after.float32) : max(before.float64, after.float64)
    let median = times.sorted()[times.count / 2]
    return Result(
      setting: setting, microsecondsPerStep: median * 1e6,
      gigaflops: Double(stepper.program.productOperations) / median * 1e-9, peakGigaflops: peak,
      arenaBytes: stepper.arena.byteCount, cores: min(cores, stepper.program.usefulCores),
      profile: profiled ? stepper.profile(steps: max(10, Int(duration / median))) : nil)
  }

  /// The program of a setting's step, as text.
  public func describe(_ setting: BenchmarkSetting) throws -> String {
    Program(try minimisation(setting).step, rowCount: setting.batch).description
  }

  private func minimisation(_ setting: BenchmarkSetting) throws -> Minimisation {
    let text = setting.experiment
    let plan = try Plan(reading: Array(text.utf8), named: "bench", catalogue: catalogue)
    guard let trial = plan.trials.first, let loss = TrainingLoss(trial.settings) else {
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
}

/// Training steps on standard normal data, one after the other.
private final class Stepper<Scalar: ProgramScalar> {
  let program: Program
  let arena: Arena<Scalar>
  private let minimisation: Minimisation
  private let cores: Int
  private var batches: Batches
  private var number = 0

  init(_ minimisation: Minimisation, _ setting: BenchmarkSetting, _ cores: Int) throws {
    self.minimisation = minimisation
    self.cores = cores
    program = Program(minimisation.step, rowCount: setting.batch)
    arena = try Arena<Scalar>(program)
    try arena.prepare(cores: cores)
    var generator = RandomGenerator(StreamKey(bits: 1))
    let model = minimisation.model
    for (parameter, values) in zip(model.parameters, model.initialValues(using: &generator)) {
      arena.setState(parameter.name, values)
    }
    let rowCount = max(10_000, setting.batch)
    let rows = (0..<(rowCount * setting.dimension)).map { _ in generator.normal() }
    for (name, columns) in program.rowInputs {
      arena.bind(name, to: try RowData(rows, columns: columns))
    }
    batches = Batches(key: StreamKey(bits: 2), rowCount: rowCount, batch: setting.batch)
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

  func profile(steps: Int) -> Profile {
    var profile = Profile(program)
    for _ in 0..<steps {
      prepareNext()
      arena.run(indices: batches.indices, draw: UInt64(number), into: &profile)
    }
    return profile
  }
}
