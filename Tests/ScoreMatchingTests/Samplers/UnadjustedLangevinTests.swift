import Expressions
import Settings
import Testing

@testable import ScoreMatching

// Seen to fail with the noise of variance η in place of 2η.
struct UnadjustedLangevinTests {
  /// The factors of x and of the noise in one step on N(0, 1).
  private func factors(_ eta: Double) -> (x: Double, noise: Double) {
    let x = Tensor.state("x", [1, 1])
    let step = langevinStep(x, score: -x, stepSize: .fill(eta), noise: .state("z", [1, 1]))
    return (
      evaluate(step, ["x": [1], "z": [0]])[0], evaluate(step, ["x": [0], "z": [1]])[0]
    )
  }

  /// The variance v = a² v + b² that a step x ← a x + b z keeps.
  private func stationaryVariance(_ eta: Double) -> Double {
    let (a, b) = factors(eta)
    return b * b / (1 - a * a)
  }

  @Test(arguments: [0.05, 0.3, 1, 1.7])
  func onANormalLawTheVarianceIsTheClosedForm(_ eta: Double) {
    #expect((stationaryVariance(eta) - 1 / (1 - eta / 2)).magnitude < 1e-13)
  }

  @Test func theBiasIsOfFirstOrderInTheStep() {
    let steps = [0.002, 0.004, 0.008, 0.016]
    let slope = logarithmicSlope(steps, steps.map { stationaryVariance($0) - 1 })
    #expect((slope - 1).magnitude < 0.01, "slope \(slope)")
  }

  /// 2000 chains in three dimensions; ten times the standard error tells the bias from none.
  @Test func chainsComeToRestAtTheBiasedVariance() throws {
    let target = Gaussian(
      mean: [1, -2, 0.5], covariance: .uniform(variance: 1, shared: 0))
    let (samples, _) = try draws(
      .object([
        "type": .text("ula"), "step_size": .number(0.5), "steps": .number(60),
        "samples": .number(2000),
      ]), from: target.subject)
    let squares = samples.points.indices.map { index in
      let centred = samples.points[index] - target.mean[index % 3]
      return centred * centred
    }
    let (variance, error) = estimate(squares)
    #expect((variance - 4.0 / 3).magnitude < 4 * error, "\(variance) +- \(error)")
    #expect(variance - 1 > 8 * error)
    #expect(samples.acceptance == nil)
  }

  @Test func aStepThatIsTooLongLosesItsChains() throws {
    let target = Gaussian(mean: [0], covariance: .uniform(variance: 1, shared: 0))
    let (samples, _) = try draws(
      .object([
        "type": .text("ula"), "step_size": .number(100), "steps": .number(400),
        "samples": .number(10),
      ]), from: target.subject)
    #expect(samples.lostCount == 10)
  }
}
