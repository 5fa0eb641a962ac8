import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with - ½ d tₖ in the place of - d tₖ, with squares not halved, with the last logit first, with
// weights not normalised, and with given weights, means, scales or the spread not used at the start; and
// with σ for σ² in the noise.
@Suite struct MixtureModelTests {
  private func model(
    _ d: Int, _ given: SettingValue = .object(["components": .number(3)])
  ) -> MixtureModel {
    MixtureModel(completed(MixtureModel.declaration.settings, given), dimension: d)
  }

  private func random(_ model: MixtureModel, seed: UInt64 = 5) -> [Tensor] {
    var numbers = TestNumbers(seed: seed)
    return model.parameters.map {
      .literal(numbers.normals($0.shape.reduce(1, *)).map { $0 / 2 }, $0.shape)
    }
  }

  @Test("The density integrates to one in one and two dimensions", arguments: [1, 2])
  func normalisation(d: Int) throws {
    let model = model(d)
    let density = try #require(model.logDensity(at: random(model)))
    #expect(abs(integral(density, dimension: d, from: -20, to: 20, step: 0.1) - 1) < 1e-10)
  }

  @Test("The score is the log density's finite difference", arguments: [1, 2, 5])
  func score(d: Int) throws {
    let model = model(d)
    let theta = random(model)
    var numbers = TestNumbers(seed: 9)
    let x = Tensor.literal(numbers.normals(4 * d), [2, 2, d])
    let density = try #require(model.logDensity(at: theta))
    #expect(density(x).shape == [2, 2])
    #expect(scoreError(density, score: model.score(at: theta), at: x) < 1e-8)
  }

  @Test("With known means, scales and weights it is the target of the same numbers")
  func target() throws {
    let model = model(
      2,
      .object([
        "means": .list([.list([.number(1), .number(2)]), .list([.number(-1), .number(0.5)])]),
        "weights": .list([.number(3), .number(1)]), "scale": .number(0.7),
        "learn": .list([.text("weights")]),
      ]))
    let exact = GaussianMixture(means: [1, 2, -1, 0.5], weights: [3, 1], scale: 0.7, dimension: 2)
    #expect(model.parameters.map(\.name) == ["weights.logits"])
    let start = model.parameters[0].initial
    #expect(start == .values([Real.log(3)]))
    let x = Tensor.literal([0.3, -0.2, 1.5, 2, -4, 3], [3, 2])
    let theta = [Tensor.literal([Real.log(3)], [1])]
    let density = try #require(model.logDensity(at: theta))
    #expect(relativeDifference(evaluate(density(x)), evaluate(exact.logDensity(x))) < 1e-13)
    #expect(relativeDifference(evaluate(model.score(x, theta)), evaluate(exact.score(x))) < 1e-13)
    #expect(
      relativeDifference(
        evaluate(model.logWeights(theta)), [Real.log(0.75), Real.log(0.25)]) < 1e-14)
  }

  @Test("Seen through noise it has the score of the target with that noise", arguments: [1, 3])
  func noisyScore(d: Int) throws {
    var numbers = TestNumbers(seed: 14)
    let means = numbers.normals(3 * d).map { 3 * $0 }
    let target = GaussianMixture(means: means, weights: [3, 1, 2], scale: 0.7, dimension: d)
    let model = model(d)
    let theta: [Tensor] = [
      .literal([Real.log(1.5), Real.log(0.5)], [2]), .literal(means, [3, d]),
      .literal([Double](repeating: Real.log(0.7), count: 3), [3]),
    ]
    let noisy = try #require(model.noisyScore(at: theta))
    let (x, sigmas) = (numbers.normals(3 * d), [0.1, 0.6, 5])
    let found = evaluate(noisy(.literal(x, [3, d]), .literal(sigmas, [3])))
    for (row, sigma) in sigmas.enumerated() {
      let smoothed = try #require(target.smoothed(by: sigma))
      let point = Tensor.literal(Array(x[row * d..<(row + 1) * d]), [1, d])
      let expected = evaluate(smoothed.score(point))
      #expect(relativeDifference(Array(found[row * d..<(row + 1) * d]), expected) < 1e-11)
      #expect(relativeDifference(evaluate(noisy(point, .fill(sigma))), expected) < 1e-11)
    }
  }

  @Test("The gradient of every loss in weights, means and scales is a finite difference")
  func gradients() {
    let model = model(2)
    let theta = random(model)
    var numbers = TestNumbers(seed: 10)
    let x = Tensor.literal(numbers.normals(10), [5, 2])
    let likelihood = gradientError(at: theta) {
      maximumLikelihood(model.logDensity(at: $0) ?? { $0 }, at: x)
    }
    let matching = gradientError(at: theta) { implicitScoreMatching(model.score(at: $0), at: x) }
    #expect(likelihood < 1e-8 && matching < 1e-7, "\(likelihood), \(matching)")
  }

  @Test("Maximum likelihood of a weight meets its equation: responsibilities of mean w")
  func weight() throws {
    let model = model(
      1, .object(["offset": .number(1), "learn": .list([.text("weights")])]))
    #expect(model.componentCount == 2 && model.givenMeans == [1, -1])
    var numbers = TestNumbers(seed: 8)
    let rows = numbers.normals(300).enumerated().map { $1 + ($0 % 3 == 0 ? -1 : 1) }
    let (found, theta) = try fullBatch(model, from: [[0]], on: rows) { theta, x in
      maximumLikelihood({ model.logDensity($0, theta) }, at: x)
    }
    #expect(found.request == .stop(.converged))
    let w = 1 / (1 + Real.exp(-theta[0][0]))
    let responsibility = rows.reduce(0) { total, x in
      total + 1 / (1 + (1 - w) / w * Real.exp(-2 * x))
    }
    #expect(abs(responsibility / Double(rows.count) - w) < 1e-10)
    #expect(abs(w - 2 / 3.0) < 0.1)
  }

  @Test("Means are drawn with the spread, given ones are where the learning starts")
  func start() {
    let drawn = model(4, .object(["components": .number(5), "spread": .number(3)]))
    #expect(drawn.parameters.map(\.shape) == [[4], [5, 4], [5]])
    #expect(drawn.parameters[1].initial == .normal(standardDeviation: 3))
    let given = model(1, .object(["means": .list([.list([.number(2)])])]))
    #expect(given.parameters.map(\.name) == ["means", "log_scales"])
    #expect(given.parameters[0].initial == .values([2]))
  }
}
