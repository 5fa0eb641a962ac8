import Dispatch
import Results
import Synchronization

/// Seals records in groups, each at most about a second after it is there, whether or not another follows.
final class Sealer: Sendable {
  private struct State {
    var pending: [TrialRecord] = []
    var last = ContinuousClock().now
    var isScheduled = false
    /// An error of a group that was sealed late, for the next who asks.
    var failure: (any Error)?
  }

  private let store: ResultsStore
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "sealer")

  init(store: ResultsStore) { self.store = store }

  func add(_ record: TrialRecord) throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      state.pending.append(record)
      if state.last.duration(to: ContinuousClock().now) > .seconds(1) {
        try seal(&state)
      } else if !state.isScheduled {
        state.isScheduled = true
        queue.asyncAfter(deadline: .now() + 1) { self.sealLate() }
      }
    }
  }

  func flush() throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      try seal(&state)
    }
  }

  private func sealLate() {
    state.withLock { state in
      state.isScheduled = false
      do { try seal(&state) } catch { state.failure = error }
    }
  }

  private func seal(_ state: inout State) throws {
    try store.seal(state.pending)
    state.pending = []
    state.last = ContinuousClock().now
  }
}
