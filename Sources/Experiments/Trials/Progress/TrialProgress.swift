import ScoreMatching
import Synchronization

/// Where checkpoints of trials are kept, and how often one is made.
public struct CheckpointKeeper: Sendable {
  /// The least time between two of the same trial.
  public var interval: Duration
  /// What a trial left earlier; nil where there is nothing.
  public var load: @Sendable (_ id: String) throws -> [UInt8]?
  /// Keeps what a trial would go on from, in the place of what was kept before.
  public var save: @Sendable (_ id: String, _ bytes: [UInt8]) throws -> Void
  /// Told of a checkpoint that could not be kept, or not be used: the trial goes on without it.
  public var report: @Sendable (_ id: String, CheckpointTrouble) -> Void

  /// A keeper of checkpoints.
  public init(
    interval: Duration, load: @escaping @Sendable (String) throws -> [UInt8]?,
    save: @escaping @Sendable (String, [UInt8]) throws -> Void,
    report: @escaping @Sendable (String, CheckpointTrouble) -> Void = { _, _ in }
  ) {
    self.interval = interval
    self.load = load
    self.save = save
    self.report = report
  }
}

/// What can be wrong with a trial's checkpoint.
public enum CheckpointTrouble: Error, Sendable {
  /// It could not be kept: an interrupted trial goes on from the one before.
  case notKept(reason: String)
  /// It is there, but the trial begins again.
  case notUsed(reason: String)
}

/// How far one trial is, kept now and then; its cores write to it.
final class TrialProgress: Sendable {
  private struct State {
    var checkpoint: Checkpoint
    var saved: ContinuousClock.Instant
  }

  private let id: String
  private let keeper: CheckpointKeeper?
  private let start = ContinuousClock().now
  private let state: Mutex<State>
  /// What an earlier run left; nil for a trial that begins.
  let earlier: Checkpoint?

  /// The progress of a trial that nothing is kept of without a keeper.
  ///
  /// - Parameter finished: where a trial stands that is only to be measured; what was kept of it since
  ///   comes first.
  init(_ id: String, _ keeper: CheckpointKeeper?, measuring finished: Checkpoint? = nil) {
    self.id = id
    self.keeper = keeper
    earlier = keeper.flatMap { Self.left(by: id, $0) } ?? finished
    state = Mutex(State(checkpoint: earlier ?? Checkpoint(), saved: ContinuousClock().now))
  }

  /// What an earlier run left of a trial, where it can be used.
  private static func left(by id: String, _ keeper: CheckpointKeeper) -> Checkpoint? {
    do {
      return try keeper.load(id).map { bytes in try Checkpoint.decoded(bytes) }
    } catch let trouble as CheckpointTrouble {
      keeper.report(id, trouble)
    } catch {
      keeper.report(id, .notUsed(reason: "\(error)"))
    }
    return nil
  }

  /// Seconds that earlier runs took of this trial.
  var earlierSeconds: Double { earlier?.seconds ?? 0 }

  /// Notes how far the trial is; nothing is kept yet.
  func note(_ change: (inout Checkpoint) -> Void) {
    guard keeper != nil else { return }
    state.withLock { change(&$0.checkpoint) }
  }

  /// Notes how far the trial is and keeps it, where the last time is long enough ago.
  func keepNowAndThen(_ change: (inout Checkpoint) -> Void) {
    guard let keeper else { return }
    state.withLock { state in
      guard state.saved.duration(to: ContinuousClock().now) >= keeper.interval else { return }
      change(&state.checkpoint)
      save(&state, keeper)
    }
  }

  /// Keeps what was noted: the trial was stopped.
  func keep() {
    guard let keeper else { return }
    state.withLock { save(&$0, keeper) }
  }

  private func save(_ state: inout State, _ keeper: CheckpointKeeper) {
    state.checkpoint.seconds = earlierSeconds + seconds(start.duration(to: ContinuousClock().now))
    do {
      try keeper.save(id, try state.checkpoint.encoded())
    } catch {
      keeper.report(id, .notKept(reason: "\(error)"))
    }
    state.saved = ContinuousClock().now
  }
}

extension TrialProgress {
  /// A metric that is known already.
  func metric(_ name: String) -> MetricState? { state.withLock { $0.checkpoint.metrics[name] } }

  /// Notes a metric.
  func note(_ metric: MetricState, of name: String) { note { $0.metrics[name] = metric } }

  /// How far a block of a simulation is; nil where it has not begun.
  func block(_ block: Int, of simulation: String) -> BlockState? {
    state.withLock { $0.checkpoint.simulations[simulation]?[block] }
  }

  /// What a metric over minibatches has taken in; nil where it has not begun.
  func gathering(of name: String) -> MinibatchVariance.Gathering? {
    state.withLock { $0.checkpoint.minibatches[name] }
  }

  /// Forgets the way to a metric on one part, its value being known: the blocks of its simulations, its minibatches.
  func forgetWay(to name: String) {
    note { checkpoint in
      checkpoint.minibatches[name] = nil
      for simulation in checkpoint.simulations.keys where simulation.hasPrefix("\(name)/") {
        checkpoint.simulations[simulation] = nil
      }
    }
  }
}
