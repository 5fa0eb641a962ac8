import Expressions
import Settings
import Testing

@testable import ScoreMatching

// Seen to fail with (σ - τ)² in place of σ² - τ², with noise of variance η in the corrector, and with its
// score taken at the scale before.
struct PredictorCorrectorTests {
  @Test func thePredictorKeepsTheVarianceOfANormalLawToSecondOrder() {
    // On N(0, 1 + σ²): a step of Δ = σ² - τ² leaves 1 + τ² + Δ²/(1 + σ²).
    let (sigma, tau) = (1.3, 1.1)
    let x = Tensor.state("x", [1, 1])
    let step = reverseDiffusionStep(
      x, score: -x / .fill(1 + sigma * sigma), from: .fill(sigma), to: .fill(tau),
      noise: .state("z", [1, 1]))
    let a = evaluate(step, ["x": [1], "z": [0]])[0]
    let b = evaluate(step, ["x": [0], "z": [1]])[0]
    let delta = sigma * sigma - tau * tau
    let expected = 1 + tau * tau + delta * delta / (1 + sigma * sigma)
    #expect((a * a * (1 + sigma * sigma) + b * b - expected).magnitude < 1e-13)
  }

  @Test func theCorrectorsStepIsSetByTheNorms() {
    let (x, s) = (Tensor.zeros([2, 2]), Tensor.literal([3, 4, 0, 1], [2, 2]))
    let noise = Tensor.literal([0, 2, 2, 0], [2, 2])
    let step = evaluate(correctorStep(x, score: s, signalToNoise: 0.5, noise: noise))
    // Mean norms 3 and 2: η = 2 (0.5 · 2/3)² = 2/9, √(2η) = 2/3.
    let expected = [2.0 / 3, 8.0 / 9 + 4.0 / 3, 4.0 / 3, 2.0 / 9]
    #expect(zip(step, expected).allSatisfy { ($0 - $1).magnitude < 1e-14 }, "\(step)")
  }

  @Test func aLostChainTakesNoOtherWithIt() {
    let noise = Tensor.literal([0, 2, 1, 1, 2, 0, 1, 1], [4, 2])
    let (lost, far) = (Double.nan, Double.infinity)
    let step = evaluate(
      correctorStep(
        .literal([0, 0, lost, 0, 0, 0, 0, 0], [4, 2]),
        score: .literal([3, 4, 1, 1, 0, 1, far, 1], [4, 2]), signalToNoise: 0.5, noise: noise))
    // The first and the third alone: what two chains of these scores and this noise give.
    let expected = [2.0 / 3, 8.0 / 9 + 4.0 / 3, 4.0 / 3, 2.0 / 9]
    let found = [step[0], step[1], step[4], step[5]]
    #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-14 }, "\(step)")
    #expect(step[2].isNaN && step[6] == far)
  }

  /// Many steps at the lower of two scales come to rest there, at v/(1 - r²) for the variance v = 1 + τ²:
  /// η is 2r²v.
  @Test func theCorrectorComesToRestAtTheNextScale() throws {
    let target = Gaussian(mean: [0, 0, 0], covariance: .uniform(variance: 1, shared: 0))
    let (samples, _) = try draws(
      .object([
        "type": .text("predictor-corrector"), "sigma_max": .number(3), "sigma_min": .number(0.5),
        "levels": .number(2), "corrector_steps": .number(60), "signal_to_noise": .number(0.3),
        "samples": .number(3000), "denoise": .boolean(false),
      ]), from: target.subject)
    let (variance, error) = estimate(samples.points.map { $0 * $0 })
    #expect((variance - 1.25 / 0.91).magnitude < 4 * error + 0.01, "\(variance) +- \(error)")
  }

  @Test func aMixtureOfUnequalWeightsIsRecovered() throws {
    let target = GaussianMixture(
      means: [3, 3, 3, -3, -3, -3], weights: [0.8, 0.2], scale: 1, dimension: 3)
    let (samples, _) = try draws(
      .object([
        "type": .text("predictor-corrector"), "sigma_max": .number(30), "sigma_min": .number(0.05),
        "levels": .number(300), "samples": .number(2000),
      ]), from: target.subject)
    let weight = target.assignedFractions(samples.points)[0]
    #expect((weight - 0.8).magnitude < 4 * (0.16 / 2000).squareRoot(), "\(weight)")
    let y = samples.points.alongDiagonal(3)
    let (square, error) = estimate(y.map { $0 * $0 })
    // E y² = 27 + 1; the discrete steps add a little.
    #expect((square - 28).magnitude < 4 * error + 0.3, "\(square) +- \(error)")
  }
}
