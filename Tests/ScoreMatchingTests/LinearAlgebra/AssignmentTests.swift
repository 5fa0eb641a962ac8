import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with the potentials of rows or of columns, or the distances, not moved.
@Suite struct AssignmentTests {
  /// Every order of 0, …, n - 1.
  private func orders(_ n: Int) -> [[Int]] {
    guard n > 0 else { return [[]] }
    return orders(n - 1).flatMap { order in
      (0...order.count).map { place in
        var longer = order
        longer.insert(n - 1, at: place)
        return longer
      }
    }
  }

  @Test("The matching is the cheapest of all orders", arguments: 1...6)
  func matching(n: Int) {
    var numbers = TestNumbers(seed: UInt64(n))
    for _ in 0..<20 {
      let cost = numbers.normals(n * n)
      let total = { (order: [Int]) in
        order.indices.reduce(0) { $0 + cost[$1 * n + order[$1]] }
      }
      let found = LeastCost.matching(cost, count: n)
      #expect(found.sorted() == Array(0..<n))
      let best = orders(n).map(total).min() ?? .nan
      #expect(abs(total(found) - best) < 1e-12)
    }
  }

  @Test("Equal costs and many rows are matched too")
  func large() {
    #expect(LeastCost.matching([Double](repeating: 2, count: 9), count: 3).sorted() == [0, 1, 2])
    // Points on a line, each moved by less than half their distance, in reverse order.
    let n = 200
    let cost = (0..<n * n).map { pair -> Double in
      let difference = Double(pair / n) + 0.3 - Double(n - 1 - pair % n)
      return difference * difference
    }
    #expect(LeastCost.matching(cost, count: n) == (0..<n).map { n - 1 - $0 })
  }
}
