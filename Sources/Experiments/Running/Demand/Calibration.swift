import Dispatch
import Execution
import ScoreMatching

extension MachineSpeed {
  /// Times a few small training steps, in both precisions.
  ///
  /// - Parameters:
  ///   - cores: how many work at once: what they share slows all of them, as in a run.
  ///   - duration: seconds to measure, about.
  /// - Throws: what stood in the way of a step.
  ///
  /// Each step is timed in several rounds, apart from each other, and the fastest counts: others that
  /// take the machine for a moment do not slow all of a sweep.
  static func measured(cores: Int, duration: Double = 0.24) throws -> MachineSpeed {
    let steps = try steps.map { setting in
      let minimisation = try Benchmark().minimisation(setting)
      return (minimisation, Program(minimisation.step, rowCount: setting.batch))
    }
    let rounds = 4
    let each = duration / Double(2 * steps.count * rounds)
    func curve<Scalar: ProgramScalar>(_ scalar: Scalar.Type) throws -> SpeedCurve {
      var fastest = [Double](repeating: .infinity, count: steps.count)
      for _ in 0..<rounds {
        for (place, step) in steps.enumerated() {
          let found = try seconds(step.0, step.1, scalar, cores: cores, duration: each)
          fastest[place] = min(fastest[place], found)
        }
      }
      return SpeedCurve(
        zip(steps, fastest).map { SpeedCurve.Point(work: $0.1.work, seconds: $1) })
    }
    return MachineSpeed(float32: try curve(Float.self), float64: try curve(Double.self))
  }

  /// The median time of a step on each core, and the mean of the cores.
  private static func seconds<Scalar: ProgramScalar>(
    _ minimisation: Minimisation, _ program: Program, _: Scalar.Type, cores: Int, duration: Double
  ) throws -> Double {
    let found = Locked<[Result<Double, any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: max(cores, 1)) { _ in
      let median = Result<Double, any Error> {
        let stepper = try Stepper<Scalar>(minimisation, program: program, rowCount: 1000)
        for _ in 0..<3 { stepper.advance() }
        let times = stepper.times(for: duration).sorted()
        return times[times.count / 2]
      }
      found.withLock { $0.append(median) }
    }
    let medians = try found.withLock { $0 }.map { try $0.get() }
    return medians.reduce(0, +) / Double(medians.count)
  }

  /// Steps of about 1, 8 and 30 million operations, as the trials of small sweeps have them.
  private static let steps = [
    BenchmarkSetting(loss: "dsm", dimension: 4, width: 32, depth: 1, batch: 64),
    BenchmarkSetting(loss: "ssm", dimension: 8, width: 64, depth: 2, batch: 128),
    BenchmarkSetting(loss: "ssm", dimension: 8, width: 128, depth: 2, batch: 128),
  ]
}
