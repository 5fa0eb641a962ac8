import Dispatch

/// Hands out items to workers, and lets a worker wait where nothing may start now.
///
/// A worker that waits always waits for one that works, because the queue holds nothing back while
/// nothing is under way: every wait ends.
final class Admission: Sendable {
  typealias Ticket = AdmissionQueue.Ticket

  private struct State {
    var queue: AdmissionQueue
    /// Workers that wait.
    var waiting: [Int] = []
    /// What a worker that waited is given; nil where it has nothing to do any more.
    var given: [Ticket?]
    var isClosed = false

    mutating func admit() -> Ticket? { isClosed ? nil : queue.admit() }

    /// Gives waiting workers what may start now, or leave to go where nothing is left.
    mutating func serveWaiting() -> [(worker: Int, works: Bool)] {
      var served: [(worker: Int, works: Bool)] = []
      while let worker = waiting.last {
        let ticket = admit()
        guard ticket != nil || isClosed || queue.isEmpty else { break }
        waiting.removeLast()
        given[worker] = ticket
        served.append((worker, ticket != nil))
      }
      return served
    }
  }

  private let state: Locked<State>
  /// One for each worker to wait at.
  private let semaphores: [DispatchSemaphore]
  private let idleCores: IdleCores

  /// - Parameters:
  ///   - queue: the items.
  ///   - workers: how many will ask.
  ///   - idleCores: takes in the cores of workers without an item.
  init(_ queue: AdmissionQueue, workers: Int, idleCores: IdleCores) {
    state = Locked(State(queue: queue, given: [Ticket?](repeating: nil, count: workers)))
    semaphores = (0..<workers).map { _ in DispatchSemaphore(value: 0) }
    self.idleCores = idleCores
    idleCores.reclaim(workers)
  }

  /// The next item for a worker, as soon as one may start; nil where there is nothing more to do.
  ///
  /// - Parameter finished: what the worker has just done.
  func next(for worker: Int, after finished: Ticket?) -> Ticket? {
    let (ticket, woken, waits) = state.withLock { state in
      if let finished { state.queue.release(finished) }
      let ticket = state.admit()
      let woken = state.serveWaiting()
      let waits = ticket == nil && !state.isClosed && !state.queue.isEmpty
      if waits { state.waiting.append(worker) }
      return (ticket, woken, waits)
    }
    wake(woken)
    if let ticket { return ticket }
    idleCores.giveBack(1)
    guard waits else { return nil }
    semaphores[worker].wait()
    return state.withLock { $0.given[worker] }
  }

  /// Ends the run for all workers; said by one that takes no further item.
  func close() {
    let woken = state.withLock { state in
      state.isClosed = true
      return state.serveWaiting()
    }
    wake(woken)
    idleCores.giveBack(1)
  }

  private func wake(_ workers: [(worker: Int, works: Bool)]) {
    for (worker, works) in workers {
      if works { idleCores.reclaim(1) }
      semaphores[worker].signal()
    }
  }
}
