import TestSupport
import Testing

@testable import Experiments

// Seen to fail: with overtaking allowed wherever there is room, whatever the first item needs.
struct AdmissionQueueTests {
  /// Starts all that may start, and says which.
  private func start(
    _ queue: inout AdmissionQueue, _ tickets: inout [Int: AdmissionQueue.Ticket]
  ) -> [Int] {
    var started: [Int] = []
    while let ticket = queue.admit() {
      started.append(ticket.item)
      tickets[ticket.item] = ticket
    }
    return started
  }

  @Test func itemsStartInOrderWhileTheyFit() {
    var queue = AdmissionQueue(weights: [4, 3, 3, 2], budget: 10)
    var tickets: [Int: AdmissionQueue.Ticket] = [:]
    #expect(start(&queue, &tickets) == [0, 1, 2])
    if let done = tickets[1] { queue.release(done) }
    #expect(start(&queue, &tickets) == [3])
    #expect(queue.isEmpty)
  }

  @Test func lightItemsOvertakeOnlyWhereTheFirstStillFitsBesideThem() {
    // 7 waits for item 0; beside it there is room for 3 and for no more, though 4 are free now.
    var queue = AdmissionQueue(weights: [6, 7, 2, 2, 1, 1], budget: 10)
    var tickets: [Int: AdmissionQueue.Ticket] = [:]
    #expect(start(&queue, &tickets) == [0, 2, 4])
    if let done = tickets[2] { queue.release(done) }
    #expect(start(&queue, &tickets) == [3])
    // As soon as item 0 is done the heavy one starts, whoever overtook it.
    if let done = tickets[0] { queue.release(done) }
    #expect(start(&queue, &tickets) == [1])
  }

  @Test func anItemBeyondTheBudgetRunsAlone() {
    var queue = AdmissionQueue(weights: [5, 100, 5], budget: 10)
    var tickets: [Int: AdmissionQueue.Ticket] = [:]
    #expect(start(&queue, &tickets) == [0])
    if let done = tickets[0] { queue.release(done) }
    #expect(start(&queue, &tickets) == [1])
    if let done = tickets[1] { queue.release(done) }
    #expect(start(&queue, &tickets) == [2])
  }

  @Test(arguments: [0, -5, 1]) func withoutABudgetOneItemRunsAtATime(budget: Int) {
    var queue = AdmissionQueue(weights: [1, 3, .max], budget: budget)
    var tickets: [Int: AdmissionQueue.Ticket] = [:]
    for item in 0..<3 {
      #expect(start(&queue, &tickets) == [item])
      if let done = tickets[item] { queue.release(done) }
    }
  }

  @Test func aStreamOfLightItemsDoesNotStarveAHeavyOne() {
    // One heavy item among a thousand light ones that never leave enough room by themselves.
    let weights = [3, 3, 8] + [Int](repeating: 3, count: 1000)
    var queue = AdmissionQueue(weights: weights, budget: 10)
    var running: [AdmissionQueue.Ticket] = []
    var order: [Int] = []
    while true {
      while let ticket = queue.admit() {
        running.append(ticket)
        order.append(ticket.item)
      }
      guard !running.isEmpty else { break }
      queue.release(running.removeFirst())
    }
    #expect(order.count == weights.count)
    #expect(order.firstIndex(of: 2) == 2)
  }

  /// Random items done in random order: the rules that hold at every moment.
  @Test(arguments: 1...20) func theBudgetHoldsAndNobodyWaitsForWhoOvertookIt(seed: Int) {
    var numbers = TestNumbers(seed: UInt64(seed))
    let budget = 50
    let weights = (0..<200).map { _ in numbers.index(below: 70) }
    var queue = AdmissionQueue(weights: weights, budget: budget)
    var running: [AdmissionQueue.Ticket] = []
    var started: Set<Int> = []
    /// The items that were under way when the first waiting item's turn came.
    var (first, before): (Int, Set<Int>) = (-1, [])
    while true {
      while let ticket = queue.admit() {
        #expect(started.insert(ticket.item).inserted)
        running.append(ticket)
      }
      let load = running.reduce(0) { $0 + min(weights[$1.item], budget) }
      #expect(load <= budget)
      if let waiting = weights.indices.first(where: { !started.contains($0) }) {
        if waiting != first { (first, before) = (waiting, Set(running.map(\.item))) }
        #expect(running.contains { before.contains($0.item) })
      }
      guard !running.isEmpty else { break }
      queue.release(running.remove(at: numbers.index(below: running.count)))
    }
    #expect(queue.isEmpty && started.count == weights.count)
  }
}
