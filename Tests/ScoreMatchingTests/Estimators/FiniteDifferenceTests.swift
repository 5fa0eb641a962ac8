// Seen to fail with d for its root.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct FiniteDifferenceTests {
  @Test func pointsAreAsFarAsTheDistanceSaysInEveryDimension() {
    for d in [1, 4, 9] {
      let t = number(FiniteDifference.step(.fill(0.3), dimension: d))
      #expect((t * Double(d).squareRoot() - 0.3).magnitude < 1e-15)
    }
  }

  @Test func theLeastDistanceGrowsWithRoundingAndDimension() {
    let single = 0x1p-24
    let second = FiniteDifference.leastDistance(order: 2, dimension: 1, unitRoundoff: single)
    #expect(relativeDifference([second * second], [0x1p-17]) < 1e-15)
    #expect(
      FiniteDifference.leastDistance(order: 1, dimension: 1, unitRoundoff: single) == 0x1p-17)
    #expect(
      FiniteDifference.leastDistance(order: 2, dimension: 16, unitRoundoff: single) == 4 * second)
    #expect(
      FiniteDifference.leastDistance(order: 2, dimension: 1, unitRoundoff: 0x1p-53) < 2e-7)
  }
}
