/// Which items may be under way together, and which starts next.
///
/// The first item starts as soon as it fits beside what is under way. Until then later ones may
/// overtake it, the earliest that fits, while all that overtook it together leave room for it in
/// the budget. So it waits for those only that were under way when its turn came: no stream of
/// light items can starve it.
struct AdmissionQueue {
  /// Leave to do an item, to be returned when it is done.
  struct Ticket: Sendable {
    /// The item's place in the order.
    let item: Int
    fileprivate let weight: Int
    /// The first item of those waiting, where this one was started before it.
    fileprivate let overtaken: Int?
  }

  private var pending: PendingItems
  private let budget: Int
  /// What is left of the budget.
  private var free: Int
  /// The weight under way of items that overtook the first pending one.
  private var overtaking = 0

  /// - Parameters:
  ///   - weights: of the items, in the order to start them.
  ///   - budget: for the weights under way together. A heavier item counts as the whole of it: it
  ///     runs when nothing else does.
  init(weights: [Int], budget: Int) {
    let budget = min(max(budget, 1), PendingItems.heaviest)
    self.budget = budget
    free = budget
    pending = PendingItems(
      weights: weights.map { weight in
        precondition(weight >= 0, "parallel runner: an item of weight \(weight)")
        return min(weight, budget)
      })
  }

  /// Whether every item was started.
  var isEmpty: Bool { pending.isEmpty }

  /// Takes the next item that may start now; nil where none is left, or none fits.
  ///
  /// While nothing is under way there is always one.
  ///
  /// - Complexity: the logarithm of the number of items.
  mutating func admit() -> Ticket? {
    guard let first = pending.first() else { return nil }
    if pending.weight(of: first) <= free {
      overtaking = 0
      return take(first, overtaken: nil)
    }
    let room = min(free, budget - pending.weight(of: first) - overtaking)
    guard let item = pending.first(atMost: room) else { return nil }
    overtaking += pending.weight(of: item)
    return take(item, overtaken: first)
  }

  /// Gives back what an item took of the budget.
  mutating func release(_ ticket: Ticket) {
    free += ticket.weight
    if let overtaken = ticket.overtaken, overtaken == pending.first() {
      overtaking -= ticket.weight
    }
  }

  private mutating func take(_ item: Int, overtaken: Int?) -> Ticket {
    let ticket = Ticket(item: item, weight: pending.weight(of: item), overtaken: overtaken)
    pending.remove(item)
    free -= ticket.weight
    return ticket
  }
}
