import Expressions
import Settings
import Testing

@testable import ScoreMatching

// Seen to fail with σ in place of σ², in the step size and in Tweedie's formula, with noise of variance η,
// with L in place of L - 1 in the ladder, and with the last step taken at the largest scale.
struct AnnealedLangevinTests {
  /// N(μ, τ² I) in three dimensions.
  private let mean = [1.0, -2, 0.5]
  private let tau = 0.8
  private var target: Gaussian {
    Gaussian(mean: mean, covariance: .uniform(variance: tau * tau, shared: 0))
  }

  @Test func tweediesStepIsTheMeanOfTheCleanPoint() {
    // E[x | x̃] of N(μ, τ² I) with noise σ: μ + τ²/(τ² + σ²) (x̃ - μ).
    let sigma = 0.6
    let noisy = Tensor.literal([3, 1, -1, 0.2, -2.5, 4], [2, 3])
    guard let smoothed = target.smoothed(by: sigma) else { return }
    let step = evaluate(tweedieStep(noisy, score: smoothed.score(noisy), scale: .fill(sigma)))
    let ratio = tau * tau / (tau * tau + sigma * sigma)
    for (index, value) in step.enumerated() {
      let (m, x) = (mean[index % 3], evaluate(noisy)[index])
      #expect((value - (m + ratio * (x - m))).magnitude < 1e-14)
    }
  }

  /// The last scale comes to rest at the biased variance v/(1 - η/(2v)), v = τ² + σ²; Tweedie's step
  /// then shrinks it by (τ²/v)².
  @Test(arguments: [true, false])
  func onANormalLawTheVarianceIsTheClosedForm(_ denoises: Bool) throws {
    let (samples, _) = try draws(
      .object([
        "type": .text("annealed-langevin"), "sigma_max": .number(4), "sigma_min": .number(0.5),
        "levels": .number(3), "steps": .number(150), "step_size": .number(0.05),
        "samples": .number(3000), "denoise": .boolean(denoises),
      ]), from: target.subject)
    let v = tau * tau + 0.25
    let shrunk = denoises ? tau * tau / v : 1
    let expected = v / (1 - 0.05 / (2 * v)) * shrunk * shrunk
    for i in 0..<3 {
      let column = stride(from: i, to: samples.points.count, by: 3).map { samples.points[$0] }
      let (centre, error) = estimate(column)
      #expect((centre - mean[i]).magnitude < 4.5 * error)
    }
    let (variance, error) = estimate(
      samples.points.indices.map { index in
        let centred = samples.points[index] - mean[index % 3]
        return centred * centred
      })
    #expect((variance - expected).magnitude < 4 * error, "\(variance), \(expected) +- \(error)")
  }

  @Test func theStepFollowsTheSquareOfTheScale() throws {
    let settings = completed(
      [Samplers.setting],
      .object([
        "sampler": .object([
          "type": .text("annealed-langevin"), "sigma_max": .number(8), "sigma_min": .number(2),
          "levels": .number(3), "steps": .number(5), "step_size": .number(0.1),
        ])
      ]))
    let sampler = try #require(Samplers.make(settings))
    let simulation = sampler.simulation(
      of: target.subject, from: [Double](repeating: 0, count: 3000))
    let stage = simulation.stages[0]
    #expect(stage.repetitions == 15 && simulation.stepCount == 16)
    let scalars = [0, 5, 14].map { step in stage.scalars(step).map(\.value) }
    for (found, expected) in zip(scalars, [[8, 1.6], [4, 0.4], [2, 0.1]]) {
      #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 }, "\(found)")
    }
  }
}
