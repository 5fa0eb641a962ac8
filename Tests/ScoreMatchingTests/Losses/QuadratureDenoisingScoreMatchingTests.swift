import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct QuadratureDenoisingScoreMatchingTests {
  @Test("For a linear score two nodes give the closed form: ½ σ² x²/v² + ½ (1 - σ²/v)²")
  func linearScore() {
    let (x, sigma, v) = ([0.3, -1.2, 2.5], 0.7, 1.6)
    let loss = quadratureDenoisingScoreMatching(
      { -$0 / .fill(v) }, at: .literal(x, [3, 1]), noise: GaussHermite(2), scale: .fill(sigma))
    let rest = 1 - sigma * sigma / v
    let exact = x.map { (sigma * sigma * $0 * $0 / (v * v) + rest * rest) / 2 }.reduce(0, +) / 3
    #expect(relativeDifference([number(loss)], [exact]) < 1e-14)
  }

  @Test("It is the mean of the sampled loss over the noise, within its standard error")
  func sampledLoss() {
    let target = GaussianMixture(means: [2, -1], weights: [1, 3], scale: 1, dimension: 1)
    let x = Tensor.literal([0.3], [1, 1])
    let exact = number(
      quadratureDenoisingScoreMatching(
        target.score, at: x, noise: GaussHermite(48), scale: 0.5))
    var numbers = TestNumbers(seed: 21)
    let noise = numbers.normals(20_000)
    let points = Tensor.literal([Double](repeating: 0.3, count: noise.count), [noise.count, 1])
    let epsilon = Tensor.literal(noise, [noise.count, 1])
    let residual = 0.5 * target.score(points + 0.5 * epsilon) + epsilon
    let sampled = estimate(evaluate(dot(residual, residual) / 2))
    #expect(abs(sampled.mean - exact) < 4 * sampled.error, "\(sampled), \(exact)")
  }

  @Test(
    "Under dsm a mixture is fitted by its score at the noise scale, and the weights of sigma hold")
  func objective() {
    let data = SettingValue.object(["type": .text("gaussian-mixture"), "offset": .number(1)])
    let model = MixtureModel(
      completed(
        MixtureModel.declaration.settings,
        .object(["offset": .number(1), "learn": .list([.text("weights")])])), dimension: 1)
    let target = GaussianMixture(means: [1, -1], weights: [3, 1], scale: 1, dimension: 1)
    let theta = [Tensor.literal([Real.log(3)], [1])]
    let x = Tensor.literal([0.3, -2, 1], [3, 1])
    let noisy = target.smoothed(by: 0.5)?.score ?? { $0 }
    let plain = number(
      quadratureDenoisingScoreMatching(noisy, at: x, noise: GaussHermite(40), scale: 0.5))
    for (weighting, factor) in [("sigma^2", 1.0), ("sigma^0", 4), ("sigma^4", 0.25)] {
      let settings = trial(
        .object([
          "data": data, "loss": .text("dsm"), "sigma": .number(0.5), "dimension": .number(1),
          "weighting": .text(weighting), "model": .text("mixture"),
          "noise_expectation": .object(["type": .text("gauss-hermite"), "nodes": .number(40)]),
        ]))
      let objective = DenoisingObjective(settings)
      #expect(objective.streams.isEmpty)
      let loss = objective(model.subject(at: theta), at: x, target: nil)
      #expect(
        relativeDifference([number(loss, ["sigma": [0.5]])], [factor * plain]) < 1e-12)
    }
  }

  @Test(
    "A mixture's score seen through noise is that of the smoothed target, one scale per row too")
  func noisyScore() {
    let settings = completed(
      MixtureModel.declaration.settings,
      .object(["components": .number(3), "scale": .number(0.7)]))
    let model = MixtureModel(settings, dimension: 2)
    let means = [1.0, 2, -1, 0.5, 0, -2]
    let theta = [
      Tensor.literal([Real.log(2), Real.log(4)], [2]), .literal(means, [3, 2]),
      .literal([Double](repeating: Real.log(0.7), count: 3), [3]),
    ]
    let target = GaussianMixture(means: means, weights: [2, 4, 1], scale: 0.7, dimension: 2)
    let x = Tensor.literal([0.3, -0.2, 1.5, 2, -4, 3], [3, 2])
    let noisy = model.noisyScore(at: theta) ?? { x, _ in x }
    for sigma in [0.3, 2] {
      let exact = target.smoothed(by: sigma)?.score(x) ?? x
      #expect(relativeDifference(evaluate(noisy(x, .fill(sigma))), evaluate(exact)) < 1e-12)
    }
    let scales = Tensor.literal([0.3, 1, 2], [3])
    let exact = target.noisyScore ?? { x, _ in x }
    #expect(
      relativeDifference(
        evaluate(noisy(x, scales)), evaluate(exact(x, scales))) < 1e-12)
  }
}
