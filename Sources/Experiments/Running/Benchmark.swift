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
    let stepper = try Stepper<Scalar>(try minimisation(setting), cores: cores)
    for _ in 0..<20 { stepper.advance() }
    // The clock drifts: the peak is measured on both sides of the steps.
    let before = peakFMA(seconds: 0.1)
    let times = stepper.times(for: duration)
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

  /// What a setting's step minimises.
  func minimisation(_ setting: BenchmarkSetting) throws -> Minimisation {
    let text = setting.experiment
    let plan = try Plan(reading: Array(text.utf8), named: "bench", catalogue: catalogue)
    guard let trial = plan.trials.first, let loss = TrainingLoss(trial.settings) else {
      throw TrialFailure("the loss \(setting.loss) is not minimised step by step")
    }
    let model = Models.make(for: trial.settings, dimension: setting.dimension)
    return Minimisation(loss, of: model, Training(trial.settings["training"] ?? .null))
  }
}
