// Seen to fail with d left out of the exponent and with the chi-squared draw not doubled.
import Expressions
import Randomness
import Testing

@testable import ScoreMatching

@Suite struct StudentTTests {
  @Test func oneDegreeOfFreedomInOneDimensionIsTheCauchyDistribution() {
    let target = StudentT(degreesOfFreedom: 1, dimension: 1)
    let density = evaluate(exp(target.logDensity(.literal([0, 1, -3], [3, 1]))))
    for (found, x) in zip(density, [0.0, 1, -3]) {
      #expect((found - 1 / (.pi * (1 + x * x))).magnitude < 1e-15)
    }
  }

  /// ‖x‖² ≤ r² has probability 1 - (1 + r²/ν)^(-ν/2) in the plane.
  @Test func thePlanarRadiusFollowsItsDistribution() {
    let target = StudentT(degreesOfFreedom: 3, dimension: 2)
    var generator = RandomGenerator(StreamKey(bits: 4))
    let samples = target.sample(20_000, using: &generator)
    for r in [0.5, 1.5, 5] {
      let inside = stride(from: 0, to: samples.count, by: 2).map { index -> Double in
        let (x, y) = (samples[index], samples[index + 1])
        return x * x + y * y <= r * r ? 1 : 0
      }
      let (mean, error) = estimate(inside)
      let base = 1 + r * r / 3
      #expect((mean - (1 - 1 / (base * base.squareRoot()))).magnitude < 4 * error)
    }
  }
}
