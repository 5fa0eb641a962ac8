import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with the determinant's logarithm left out or doubled, with W transposed in the score, with the
// constant of one source for all, with rows matched without signs, and with rows scaled by their norm.
@Suite struct IndependentComponentModelTests {
  private static let laws: [SourceLaw] = [.logistic, .laplace, .smoothedLaplace(1.5)]

  private func random(_ d: Int, seed: UInt64 = 3) -> [Double] {
    var numbers = TestNumbers(seed: seed)
    return numbers.normals(d * d).enumerated().map { 0.3 * $1 + ($0 / d == $0 % d ? 1 : 0) }
  }

  @Test("The density integrates to one in one and two dimensions", arguments: [1, 2], laws)
  func normalisation(d: Int, law: SourceLaw) throws {
    let model = IndependentComponentModel(law: law, dimension: d)
    let density = try #require(model.logDensity(at: [.literal(random(d), [d, d])]))
    let found = integral(density, dimension: d, from: -40, to: 40, step: 0.1)
    // The kinks of the Laplacian law leave an error of the order of step².
    #expect((found - 1).magnitude < (law == .laplace ? 1e-2 : 1e-6), "\(found)")
  }

  @Test("The score is the gradient of the log density", arguments: [1, 2, 5], laws)
  func score(d: Int, law: SourceLaw) throws {
    let model = IndependentComponentModel(law: law, dimension: d)
    let theta = [Tensor.literal(random(d), [d, d])]
    var numbers = TestNumbers(seed: 9)
    let x = Tensor.literal(numbers.normals(3 * d), [3, d])
    let density = try #require(model.logDensity(at: theta))
    let score = evaluate(model.score(x, theta))
    #expect(
      relativeDifference(score, evaluate(gradient(of: { sum(density($0)) }, at: x))) < 1e-12)
    #expect(scoreError(density, score: model.score(at: theta), at: x) < 1e-7)
    let energy = try #require(model.energy(at: theta))
    #expect(
      relativeDifference(score, evaluate(-gradient(of: { sum(energy($0)) }, at: x))) < 1e-12)
    #expect(evaluate(energy(.zeros([1, d])))[0].magnitude < 1e-14)
  }

  @Test("At the truth it is the distribution of the data", arguments: ["logistic", "laplace"])
  func truth(sources: String) throws {
    let target = IndependentComponentsTests.make(4, sources)
    let model = IndependentComponentModel(law: SourceLaw(named: sources), dimension: 4)
    let theta = [Tensor.literal(target.unmixing, [4, 4])]
    var generator = RandomGenerator(StreamKey(bits: 3))
    let x = Tensor.literal(target.sample(20, using: &generator), [20, 4])
    let density = try #require(model.logDensity(at: theta))
    #expect(relativeDifference(evaluate(density(x)), evaluate(target.logDensity(x))) < 1e-13)
    #expect(relativeDifference(evaluate(model.score(x, theta)), evaluate(target.score(x))) < 1e-13)
  }

  @Test("The gradient of the mean log likelihood in W is (I + E ψ(s) sᵀ) W⁻ᵀ")
  func naturalGradient() throws {
    let d = 3
    let model = IndependentComponentModel(law: .logistic, dimension: d)
    var numbers = TestNumbers(seed: 2)
    let x = Tensor.literal(numbers.normals(7 * d), [7, d])
    let w = Tensor.literal(random(d), [d, d])
    let slope = gradient(
      of: { maximumLikelihood(model.logDensity(at: [$0]) ?? { $0 }, at: x) }, at: w)
    let s = matmul(x, transpose(w))
    let correlation = einsum("ni,nj->ij", model.law.score(s), s) / 7
    let expected = -matmul(.delta(d) + correlation, transpose(inverse(w)))
    #expect(relativeDifference(evaluate(slope), evaluate(expected)) < 1e-13)
  }

  @Test("Errors do not see the order and the signs of rows, and the second one no scales")
  func errors() throws {
    let target = IndependentComponentsTests.make(3)
    let model = IndependentComponentModel(law: .logistic, dimension: 3)
    let error = try #require(model.squaredError(to: target))
    let unmixing = try #require(model.unmixingError(to: target))
    let b = target.unmixing
    func row(_ i: Int, _ scale: Double) -> [Double] { (0..<3).map { scale * b[3 * i + $0] } }
    let turned = row(2, 1) + row(0, -1) + row(1, 1)
    #expect(error([b]) == 0 && error([turned]) < 1e-28)
    let scaled = row(2, 1) + row(0, -3) + row(1, 0.5)
    let norms = (0..<3).map { row($0, 1).reduce(0) { $0 + $1 * $1 } }
    #expect((error([scaled]) - (4 * norms[0] + 0.25 * norms[1])).magnitude < 1e-12)
    for values in [b, turned, scaled] { #expect(unmixing([values]).magnitude < 1e-13) }
    // W A with rows (2, 1, 0), (0, 0, -1) and (0.5, -4, 1): 1/4 + 0 + (1/64 + 1/16).
    let mixed: [Double] = [2, 1, 0, 0, 0, -1, 0.5, -4, 1]
    let w = evaluate(matmul(.literal(mixed, [3, 3]), .literal(b, [3, 3])))
    #expect((unmixing([w]) - (0.25 + 1.0 / 64 + 1.0 / 16)).magnitude < 1e-12)
    #expect(error([[Double](repeating: .nan, count: 9)]).isNaN)
    #expect(unmixing([[Double](repeating: .nan, count: 9)]).isNaN)
    let laplace = IndependentComponentModel(law: .laplace, dimension: 3)
    #expect(laplace.squaredError(to: target) == nil && laplace.unmixingError(to: target) != nil)
    #expect(laplace.squaredError(to: IndependentComponentsTests.make(3, "laplace")) != nil)
  }

  @Test("Maximum likelihood by L-BFGS ends near the truth, where the gradient is 0")
  func maximumLikelihoodSeparates() throws {
    let target = IndependentComponentsTests.make(3, seed: 2)
    let model = IndependentComponentModel(law: .logistic, dimension: 3)
    var generator = RandomGenerator(StreamKey(bits: 21))
    let rows = target.sample(4000, using: &generator)
    let start = model.initialValues(using: &generator)
    let (found, theta) = try fullBatch(model, from: start, on: rows, tolerance: 1e-8) { theta, x in
      maximumLikelihood(model.logDensity(at: theta) ?? { $0 }, at: x)
    }
    #expect(found.request == .stop(.converged), "norm \(found.gradientNorm)")
    let error = try #require(model.unmixingError(to: target))
    #expect(error(theta) < 0.05 && error(start) > 1)
  }

  @Test("A score with jumps is refused where its derivative is taken, and smoothed it is not")
  func refusals() {
    func refused(_ loss: String, _ smoothing: SettingValue?, stop: String? = nil) -> [String]? {
      var sources: [SettingValue.Member] = [.init("type", .text("laplace"))]
      if let smoothing { sources.append(.init("smoothing", smoothing)) }
      let training: SettingValue =
        stop.map { .object(["early_stopping": .object(["metric": .text($0)])]) } ?? .object([])
      return ScoreMatchingSettingsTests.refusal([
        "data": .object(["type": .text("ica")]), "loss": .text(loss), "training": training,
        "model": .object(["type": .text("ica"), "sources": .object(sources)]),
      ])?.settings
    }
    for loss in ["esm", "ism", "ssm", "ssm-vr", "dsm", "fd-ssm-vr"] {
      #expect(refused(loss, nil) == ["loss", "model.sources"], "\(loss)")
      #expect(refused(loss, .number(10)) == nil, "\(loss)")
    }
    for loss in ["ml", "fd-ssm", "fd-dsm"] { #expect(refused(loss, nil) == nil, "\(loss)") }
    let metric = "training.early_stopping.metric"
    #expect(
      refused("ml", nil, stop: "validation_implicit_score_matching") == [metric, "model.sources"])
    #expect(refused("ml", nil, stop: "validation_loss") == nil)
  }

  @Test("A trace that misses jumps is no metric")
  func absence() throws {
    func exists(_ model: SettingValue?, loss: String, sources: String = "laplace") -> Bool {
      var members: [SettingValue.Member] = [
        .init("data", .object(["type": .text("ica"), "sources": .text(sources)])),
        .init("loss", .text(loss)),
      ]
      if let model { members.append(.init("model", model)) }
      let settings = trial(.object(members))
      let typed = settings.setting("loss", to: .object(["type": .text(loss)]))
      let found = try? Metrics.make(
        .object(["type": .text("implicit_score_matching")]), trial: typed,
        target: Targets.make(typed))
      return found != nil
    }
    let laplace = SettingValue.object([
      "type": .text("ica"), "sources": .object(["type": .text("laplace")]),
    ])
    #expect(!exists(laplace, loss: "ml"))
    #expect(exists(laplace.setting("sources.smoothing", to: .number(10)), loss: "ml"))
    #expect(!exists(nil, loss: "exact") && exists(nil, loss: "exact", sources: "logistic"))
  }

  @Test("Its name and structure tell models of other laws apart")
  func architecture() {
    let models = Self.laws.map { IndependentComponentModel(law: $0, dimension: 4) }
    #expect(
      models.map(\.architecture) == ["ica-4-logistic", "ica-4-laplace", "ica-4-laplace-1.5"])
    #expect(models.map(\.parameterCount) == [16, 16, 16])
    #expect(models[2].structure.last?.value == .number(1.5))
  }
}
