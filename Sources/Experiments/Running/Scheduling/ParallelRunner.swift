import Dispatch

/// Does independent pieces of work on several cores, in a given order, one piece per core at a
/// time.
///
/// It knows nothing of what the work is: order, memory, stopping and failures are tested without
/// any mathematics.
public struct ParallelRunner: Sendable {
  /// Pieces under way at once.
  public let jobs: Int
  /// The cores of those jobs that have nothing to do, for pieces of work that can use more than
  /// one.
  public let idleCores: IdleCores

  /// A runner of so many pieces at once; at least 1.
  public init(jobs: Int) {
    precondition(jobs > 0, "parallel runner: \(jobs) jobs")
    self.jobs = jobs
    idleCores = IdleCores(jobs)
  }

  /// Runs all items, the first ones first.
  ///
  /// An item starts when its weight and the weights of those under way are within the budget
  /// together. One that is heavier than the whole budget runs while no other does. An item that has
  /// to wait lets later, lighter ones overtake it as far as they, together, leave room for it in
  /// the budget: it waits for those that were under way when its turn came, and never for one that
  /// overtook it.
  ///
  /// - Parameters:
  ///   - budget: what the weights of the items under way may add up to.
  ///   - weight: what an item takes of the budget while it is under way, 0 or more.
  ///   - work: done on any core; nil where it was given up half-way.
  ///   - deliver: takes each result, one at a time, in the order they finish. An error stops the
  ///     run: nothing new is started, what is under way finishes and is delivered to nobody.
  ///   - isStopped: asked before each item; true starts nothing more.
  public func run<Item: Sendable, Result: Sendable>(
    _ items: [Item], budget: Int = .max, weight: (Item) -> Int = { _ in 0 },
    work: @escaping @Sendable (Item) -> Result?,
    deliver: @escaping @Sendable (Item, Result) throws -> Void,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let workers = min(jobs, items.count)
    let admission = Admission(
      AdmissionQueue(weights: items.map(weight), budget: budget), workers: workers,
      idleCores: idleCores)
    let delivery = Delivery()
    let group = DispatchGroup()
    // A queue of its own gives each worker a thread of its own: one that waits for memory holds up
    // no other, and the pool that large pieces of work share is left to them.
    for worker in 0..<workers {
      DispatchQueue(label: "worker \(worker)").async(group: group) {
        var finished: Admission.Ticket?
        while let ticket = admission.next(for: worker, after: finished) {
          finished = ticket
          guard !isStopped() else { return admission.close() }
          let item = items[ticket.item]
          guard let result = work(item) else { continue }
          guard delivery.hasTaken({ try deliver(item, result) }) else { return admission.close() }
        }
      }
    }
    group.wait()
    try delivery.check()
  }
}

/// Takes results one at a time, until an error.
private final class Delivery: Sendable {
  private let failure = Locked<(any Error)?>(nil)

  /// False where this or an earlier delivery failed.
  func hasTaken(_ deliver: () throws -> Void) -> Bool {
    failure.withLock { known in
      guard known == nil else { return false }
      do { try deliver() } catch { known = error }
      return known == nil
    }
  }

  /// Throws the error that ended the deliveries, if one did.
  func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
