import TestSupport
import Testing

@testable import Experiments

struct PendingItemsTests {
  @Test func theFirstLightEnoughItemIsTheOneThatALinearSearchFinds() {
    var numbers = TestNumbers(seed: 1)
    for count in [1, 2, 3, 7, 8, 9, 100] {
      let weights = (0..<count).map { _ in numbers.index(below: 20) }
      var pending = PendingItems(weights: weights)
      var left = Array(weights.indices)
      while !left.isEmpty {
        #expect(!pending.isEmpty && pending.first() == left.first)
        for limit in -1...20 {
          #expect(pending.first(atMost: limit) == left.first { weights[$0] <= limit })
        }
        let gone = left.remove(at: numbers.index(below: left.count))
        #expect(pending.weight(of: gone) == weights[gone])
        pending.remove(gone)
      }
      #expect(pending.isEmpty && pending.first() == nil && pending.first(atMost: .max) == nil)
    }
    #expect(PendingItems(weights: []).isEmpty)
  }
}
