import Synchronization

/// The cores of a run that have nothing to do, to be lent to pieces of work that can use several.
///
/// A worker without an item lends its core: one that found no item left for good, one that waits
/// for memory until it has an item again. It never waits for a lent core to come back: the count is
/// then below zero, nothing more is lent until the debt is paid, and the machine has a thread more
/// than cores until the borrower gives back. So borrow for a short time, such as a step, and ask
/// again.
public final class IdleCores: Sendable {
  private let count: Atomic<Int>

  /// So many idle cores at first.
  public init(_ count: Int = 0) { self.count = Atomic(count) }

  /// Cores that could be borrowed now; below zero where workers went on while their cores were
  /// lent.
  public var available: Int { count.load(ordering: .relaxed) }

  /// Takes at most `limit` cores that have nothing to do; the caller gives them back.
  ///
  /// - Returns: how many it got, 0 or more.
  public func borrow(upTo limit: Int) -> Int {
    precondition(limit >= 0, "idle cores: \(limit) asked for")
    var known = count.load(ordering: .relaxed)
    while true {
      let taken = max(0, min(limit, known))
      guard taken > 0 else { return 0 }
      let (exchanged, found) = count.weakCompareExchange(
        expected: known, desired: known - taken, ordering: .acquiringAndReleasing)
      if exchanged { return taken }
      known = found
    }
  }

  /// Returns borrowed cores.
  public func giveBack(_ cores: Int) {
    precondition(cores >= 0, "idle cores: \(cores) given back")
    count.add(cores, ordering: .acquiringAndReleasing)
  }

  /// Takes cores for workers that have something to do, lent or not.
  func reclaim(_ cores: Int) { count.subtract(cores, ordering: .acquiringAndReleasing) }
}
