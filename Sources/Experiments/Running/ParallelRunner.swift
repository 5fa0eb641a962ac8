import Dispatch
import Synchronization

/// Does independent pieces of work on several cores, in a given order, one piece per core at a time.
///
/// It knows nothing of what the work is: order, stopping and failures are tested without any mathematics.
public struct ParallelRunner: Sendable {
  /// Pieces under way at once.
  public let jobs: Int

  /// A runner of so many pieces at once; at least 1.
  public init(jobs: Int) {
    precondition(jobs > 0, "parallel runner: \(jobs) jobs")
    self.jobs = jobs
  }

  /// Runs all items, the first ones first.
  ///
  /// - Parameters:
  ///   - work: done on any core; nil where it was given up half-way.
  ///   - deliver: takes each result, one at a time, in the order they finish. An error stops the run: nothing new is
  ///     started, what is under way finishes and is delivered to nobody.
  ///   - isStopped: asked before each item; true starts nothing more.
  public func run<Item: Sendable, Result: Sendable>(
    _ items: [Item], work: @Sendable (Item) -> Result?,
    deliver: @Sendable (Item, Result) throws -> Void, isStopped: @Sendable () -> Bool = { false }
  ) throws {
    let next = Mutex(0)
    let failure = Mutex<(any Error)?>(nil)
    // Each iteration is one worker that takes items until none is left.
    DispatchQueue.concurrentPerform(iterations: min(jobs, max(items.count, 1))) { _ in
      while !isStopped(), failure.withLock({ $0 == nil }) {
        let taken = next.withLock { index -> Int? in
          guard index < items.count else { return nil }
          defer { index += 1 }
          return index
        }
        guard let taken else { return }
        guard let result = work(items[taken]) else { continue }
        failure.withLock { known in
          guard known == nil else { return }
          do { try deliver(items[taken], result) } catch { known = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
