import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with the normaliser's sign turned, in the density and at the truth; with the normaliser before the
// model's own parameters the process stops.
@Suite struct SelfNormalisedModelTests {
  @Test("Score and energy are the model's own, and the normaliser is a parameter beside them")
  func parts() throws {
    let base = IndependentComponentModel(law: .logistic, dimension: 3)
    let model = SelfNormalisedModel(base)
    #expect(model.parameters.map(\.name) == ["unmixing", "log_normaliser"])
    #expect(model.parameterCount == 10 && model.storedCount == 10)
    #expect(model.architecture == "ica-3-logistic-normaliser")
    var numbers = TestNumbers(seed: 4)
    let w = Tensor.literal(numbers.normals(9), [3, 3])
    let x = Tensor.literal(numbers.normals(6), [2, 3])
    let theta = [w, .literal([1.5], [1])]
    #expect(evaluate(model.score(x, theta)) == evaluate(base.score(x, [w])))
    let density = try #require(model.logDensity(at: theta))
    let energy = try #require(base.energy(at: [w]))
    #expect(density(x).shape == [2])
    #expect(relativeDifference(evaluate(density(x)), evaluate(-energy(x) - 1.5)) < 1e-15)
    var generator = RandomGenerator(StreamKey(bits: 1))
    var other = RandomGenerator(StreamKey(bits: 1))
    #expect(
      try model.start(from: [], using: &generator) == base.start(from: [], using: &other) + [[0]])
    #expect(
      SelfNormalisedModel(randomModel("score-mlp", dimension: 3).model).logDensity(at: theta) == nil
    )
  }

  @Test(
    "The log normaliser of a Gaussian is ½ ln det 2πΣ, that of mixed sources ln |det A| and constants"
  )
  func normalisers() throws {
    for d in [1, 3] {
      let covariance = try #require(
        Covariance(randomCovariance(dimension: d, seed: 8), dimension: d))
      let target = Gaussian(mean: [Double](repeating: 0.7, count: d), covariance: covariance)
      let found = SelfNormalisedModel(GaussianModel(dimension: d)).logNormaliser(of: target)
      let expected =
        (covariance.logDeterminant(dimension: d) + Double(d) * Real.log(2 * .pi)) / 2
      #expect((number(try #require(found)) - expected).magnitude < 1e-12)
    }
    let target = IndependentComponentsTests.make(3, "laplace")
    let model = SelfNormalisedModel(IndependentComponentModel(law: .laplace, dimension: 3))
    let expected = -target.logDeterminant + 1.5 * Real.log(2)
    #expect(
      (number(try #require(model.logNormaliser(of: target))) - expected).magnitude < 1e-12)
    #expect(model.logNormaliser(of: IndependentComponentsTests.make(3)) == nil)
    #expect(
      SelfNormalisedModel(randomModel("energy-mlp", dimension: 3).model)
        .logNormaliser(of: target) == nil)
  }

  @Test("Errors of the parameters leave the normaliser out")
  func errors() throws {
    let target = IndependentComponentsTests.make(3)
    let model = SelfNormalisedModel(IndependentComponentModel(law: .logistic, dimension: 3))
    let error = try #require(model.squaredError(to: target))
    #expect(error([target.unmixing, [77]]) == 0)
    let metric = try #require(Metric.unmixingError(of: model, to: target))
    guard case .closedForm(_, let value) = metric.quantity else {
      Issue.record("\(metric.longName)")
      return
    }
    #expect(value([target.unmixing, [77]]).magnitude < 1e-13)
  }
}
