import Execution
import Expressions
import Foundation
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

/// Runs trials: data, training, metrics, record. Shared by all workers.
public final class TrialRunner: Sendable {
  let files: DataFiles
  let metrics: [MetricSpecification]
  let axes: [Planning.Axis]
  let programs = ProgramCache()
  let dataSets = DataCache()
  let limits: Limits
  /// Where trials leave how far they are; nil for runs that are not resumed.
  let checkpoints: CheckpointKeeper?
  /// Cores that a large trial may borrow.
  let idleCores: IdleCores

  /// When a trial is given up.
  public struct Limits: Sendable {
    /// Wall-clock seconds for one trial; nil for no limit.
    public var seconds: Double?
    /// Asked at every step, of metrics too; true abandons the trial without a record.
    public var isStopped: @Sendable () -> Bool

    /// No limits but those given.
    public init(seconds: Double? = nil, isStopped: @escaping @Sendable () -> Bool = { false }) {
      self.seconds = seconds
      self.isStopped = isStopped
    }
  }

  /// A runner of the trials of a plan.
  ///
  /// - Parameter idleCores: the cores that have nothing to do while trials run; a trial whose steps
  ///   can use them borrows them, with the same numbers to the last bit.
  public init(
    plan: Plan, files: DataFiles, limits: Limits = Limits(), idleCores: IdleCores = IdleCores(),
    checkpoints: CheckpointKeeper? = nil
  ) {
    self.files = files
    self.limits = limits
    self.checkpoints = checkpoints
    self.idleCores = idleCores
    metrics = plan.experiment.metrics
    axes = plan.axes
  }

  /// Measures a finished trial by the metrics that its record lacks, at the parameters that it has; nil
  /// where it was stopped before its end.
  ///
  /// The record is what a run from the beginning would give. Where measuring fails, it is the earlier one
  /// with what was measured; where the earlier one cannot be read, a failure, beside which that one counts.
  ///
  /// - Parameter stored: reads the whole record.
  func measureAgain(_ trial: Trial, _ stored: () throws -> TrialRecord?) -> TrialRecord? {
    let trial = trial.assembled()
    let earlier: TrialRecord
    do {
      guard let found = try stored(), found.outcome.status == .completed else { return run(trial) }
      earlier = found
    } catch {
      return record(
        of: trial, Outcome(.failed, message: "its stored parameters cannot be read: \(error)"))
    }
    let progress = TrialProgress(
      earlier.id, checkpoints, measuring: Checkpoint(of: earlier, trial.settings))
    guard var record = run(trial, progress) else { return nil }
    record.seconds += earlier.seconds
    switch record.outcome.status {
    case .completed, .diverged: return record
    case .failed, .timedOut, .outOfMemory, .crashed:
      var kept = earlier
      kept.metrics += record.metrics.filter { earlier.metric($0.name) == nil }
      return kept
    }
  }

  /// Runs one trial; nil where it was stopped before its end. A trial that cannot be run is a record too.
  public func run(_ trial: Trial) -> TrialRecord? {
    run(trial.assembled(), TrialProgress(trial.id.description, checkpoints))
  }

  private func run(_ trial: Trial, _ progress: TrialProgress) -> TrialRecord? {
    let clock = ContinuousClock()
    let deadline = Deadline(limits: limits, start: clock.now, progress: progress)
    var record = record(of: trial, .completed)
    do {
      let data = try dataSets.data(trial, files: files)
      do {
        guard try finish(trial, data, deadline, &record) else { throw TrialStopped() }
      } catch is TrialTimedOut {
        record.timeOut(at: limits.seconds ?? .nan)
      }
      if trial.settings.boolean("keep_test_data") {
        record.samples.append(
          NamedArray(
            "test", shape: [data.test.count / data.dimension, data.dimension],
            values: .float64(data.test)))
      }
    } catch is TrialStopped {
      progress.keep()
      return nil
    } catch let failure as TrialFailure {
      record.outcome = Outcome(.failed, message: failure.message)
    } catch KernelError.outOfMemory(let bytes) {
      record.outcome = Outcome(
        .outOfMemory,
        message: "\(bytes) bytes were refused; use fewer jobs, a smaller batch or a smaller model")
    } catch {
      record.outcome = Outcome(.failed, message: "\(error)")
    }
    record.seconds = deadline.secondsSpent
    return record
  }

  /// A record that says how a trial ended, and nothing more yet.
  func record(of trial: Trial, _ outcome: Outcome) -> TrialRecord {
    var record = TrialRecord(
      id: trial.id.description,
      axes: zip(axes, trial.axisValues).map { AxisEntry($0.name, AxisValue($1, on: $0)) },
      settings: trial.settings.canonicalJSON, outcome: outcome)
    record.seed = hexadecimal(trial.streamKey("trial", dependingOn: ["repeat"]))
    return record
  }

  /// Carries out what a trial's settings ask for; false where it was stopped.
  private func finish(
    _ trial: Trial, _ data: TrialData, _ deadline: Deadline,
    _ record: inout TrialRecord
  ) throws -> Bool {
    let settings = trial.settings
    if let ascent = LikelihoodAscent(settings) {
      return try estimate(ascent, trial, data, deadline, &record)
    }
    switch settings.text("loss.type") {
    case GaussianFit.declaration.name: return try measureGaussianFit(trial, data, deadline, &record)
    case Losses.exactName: return try measureExactScore(trial, data, deadline, &record)
    default:
      try checkSupport(settings, data)
      if settings.text("fit.type") == ClosedForm.declaration.name {
        return try solve(trial, data, deadline, &record)
      }
      return settings.text("precision") == "float64"
        ? try minimise(trial, data, Double.self, deadline, &record)
        : try minimise(trial, data, Float.self, deadline, &record)
    }
  }

  /// The experiment's metrics that exist for this trial.
  func items(_ settings: SettingValue, _ target: (any Target)?) -> [Evaluator.Item] {
    metrics.compactMap { specification in
      (try? Metrics.make(specification.settings, trial: settings, target: target))
        .map { Evaluator.Item(name: specification.name, metric: $0) }
    }
  }

  /// The names of the metrics that a complete record of a trial with these settings has.
  func metricNames(_ settings: SettingValue) -> [String] {
    items(settings, Targets.make(settings)).map(\.name)
  }

  /// The streams of the metrics on one part of the data: the same draws for every loss and model.
  func metricKeys(_ trial: Trial, _ part: String) -> [(stream: String, key: StreamKey)] {
    [(ScoreMatching.Metric.noiseStream, trial.key(TrialStreams.metric(part)))]
  }
}

extension TrialRecord {
  /// Gives up at the limit of time what came after training, and says what is there.
  ///
  /// A trial that has diverged or was late in training keeps its own message.
  fileprivate mutating func timeOut(at limit: Double) {
    guard outcome.status == .completed else { return }
    let remark = outcome.message.isEmpty ? "" : "; \(outcome.message)"
    outcome = Outcome(
      .timedOut,
      message: "stopped after training, or what took its place, at the limit of \(limit) s with "
        + "\(steps) steps and \(metrics.count) metrics\(remark)")
  }
}

func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// 16 digits.
func hexadecimal(_ bits: UInt64) -> String {
  let digits = String(bits, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

extension AxisValue {
  /// A trial's value on an axis, nil where the axis does not apply.
  init?(_ value: SettingValue?, on axis: Planning.Axis) {
    switch value {
    case .number(let number): self = .number(number)
    case .boolean(let flag): self = .boolean(flag)
    case .text(let text): self = .text(text)
    case nil: return nil
    case let other?: self = .text(other.canonicalJSON)
    }
  }
}
