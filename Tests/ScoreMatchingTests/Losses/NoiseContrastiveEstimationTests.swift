import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

/// -½ a (u - m)² - ln Z, one Gaussian that a loss is tried on.
private struct Density {
  var mean = 0.3
  var precision = 1.7
  var logNormaliser = 0.4

  func callAsFunction(_ u: Double) -> Double {
    -precision * (u - mean) * (u - mean) / 2 - logNormaliser
  }
}

// Seen to fail: with ν left out of the ratio, with the noise's mean for its sum, with a sign of G turned in
// either term, with the logarithm of the sigmoid computed without softplus.
@Suite struct NoiseContrastiveEstimationTests {
  private let x = [0.2, -1.1, 3, 0.7]
  private let y = [0.1, 2, -4, 1.3, -0.6, 0.9, 5, -2]

  private func logNoise(_ u: Double) -> Double { -u * u / 8 - 1.6 }

  private func loss(_ logDensity: EnergyFunction) -> Tensor {
    noiseContrastiveEstimation(
      logDensity, at: .literal(x, [4, 1]), noise: .literal(y, [4, 2, 1]),
      logNoise: (.literal(x.map(logNoise), [4]), .literal(y.map(logNoise), [4, 2])))
  }

  private func logistic(_ g: Double) -> Double { 1 / (1 + Real.exp(-g)) }

  @Test func valueAndGradientAreThoseOfTheFormula() {
    let density = Density()
    let point = Tensor.literal([density.mean, density.precision, density.logNormaliser], [3])
    func value(_ theta: Tensor) -> Tensor {
      func part(_ i: Int) -> Tensor { theta.slice(axis: 0, i..<i + 1).reshape([]) }
      return loss { u in
        -part(1) * square(sum(u, axes: [-1]) - part(0)) / 2 - part(2)
      }
    }
    func ratio(_ u: Double) -> Double { density(u) - logNoise(u) - Real.log(2) }
    let expected =
      x.map { -Real.log(logistic(ratio($0))) }.reduce(0, +) / 4
      + 2 * y.map { -Real.log(1 - logistic(ratio($0))) }.reduce(0, +) / 8
    #expect((number(value(point)) - expected).magnitude < 1e-13)
    // ∂J = -E (1 - σ(G)) ∂ ln p + ν E σ(G) ∂ ln p
    func slopes(_ u: Double) -> [Double] {
      let distance = u - density.mean
      return [density.precision * distance, -distance * distance / 2, -1]
    }
    let gradient = (0..<3).map { k in
      -x.map { (1 - logistic(ratio($0))) * slopes($0)[k] }.reduce(0, +) / 4
        + y.map { logistic(ratio($0)) * slopes($0)[k] }.reduce(0, +) / 4
    }
    #expect(
      relativeDifference(evaluate(Expressions.gradient(of: value, at: point)), gradient) < 1e-13)
  }

  @Test func farTailsAreLinear() {
    for shift in [-3000.0, 3000] {
      let value = loss { u in sum(u, axes: [-1]) * 0 + .fill(shift) }
      // Rows that noise is sure to be taken for, or that are sure to be taken for noise.
      let mean =
        shift > 0
        ? y.map { shift - logNoise($0) - Real.log(2) }.reduce(0, +) / 4
        : x.map { Real.log(2) + logNoise($0) - shift }.reduce(0, +) / 4
      #expect((number(value) / mean - 1).magnitude < 1e-14)
      let slope = gradient(of: { c in loss { sum($0, axes: [-1]) * 0 + c } }, at: .fill(shift))
      #expect(number(slope) == (shift > 0 ? 2 : -1))
    }
  }

  @Test(arguments: [1, 2, 5])
  func noiseLikeTheDataLeavesTheLossOfGuessing(_ ratio: Int) {
    let density = Density()
    let points = Tensor.literal(x, [4, 1])
    // As many points of noise at each row of data as the ratio says: what data and noise have in common.
    let noise = Tensor.literal(x.flatMap { [Double](repeating: $0, count: ratio) }, [4, ratio, 1])
    func value(_ t: Tensor) -> Tensor {
      func log(_ u: Tensor, _ t: Tensor) -> Tensor {
        .fill(-density.precision / 2) * square(sum(u, axes: [-1]) - .fill(density.mean) - t)
          - .fill(density.logNormaliser)
      }
      return noiseContrastiveEstimation(
        { log($0, t) }, at: points, noise: noise, logNoise: (log(points, 0), log(noise, 0)))
    }
    let nu = Double(ratio)
    let expected = Real.log(1 + nu) + nu * Real.log(1 + 1 / nu)
    #expect((number(value(0)) - expected).magnitude < 1e-14)
    if ratio == 1 { #expect((expected - 2 * Real.log(2)).magnitude < 1e-15) }
    #expect(number(gradient(of: value, at: 0)).magnitude < 1e-15)
    #expect(number(value(0.1)) > number(value(0)) && number(value(-0.1)) > number(value(0)))
  }

  /// The points below which lie (i + ½)/n of a standard normal law.
  private func quantiles(_ n: Int) -> [Double] {
    (0..<n).map { i in
      var (low, high) = (-9.0, 9.0)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        let below = (1 + Real.errorFunction(middle / 2.0.squareRoot())) / 2
        if below < (Double(i) + 0.5) / Double(n) { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
  }

  @Test("The minimiser is the density of the data and its log normaliser, whatever the noise")
  func minimiser() throws {
    let n = 3000
    let z = quantiles(n)
    let model = SelfNormalisedModel(GaussianModel(dimension: 1))
    for (shift, spread) in [(0.0, 1.0), (0.5, 2.0), (-0.3, 1.4)] {
      let y = z.map { shift + spread * $0 }
      func logNoise(_ u: Double) -> Double {
        let v = (u - shift) / spread
        return -v * v / 2 - Real.log(spread) - Real.log(2 * .pi) / 2
      }
      let rows = z.map { 0.4 + 0.8 * $0 }
      let logs = (
        Tensor.literal(rows.map(logNoise), [n]), Tensor.literal(y.map(logNoise), [n, 1])
      )
      let (found, theta) = try fullBatch(model, from: [[0], [1], [0]], on: rows, tolerance: 1e-9) {
        theta, x in
        noiseContrastiveEstimation(
          model.logDensity(at: theta) ?? { $0 }, at: x, noise: .literal(y, [n, 1, 1]),
          logNoise: logs)
      }
      #expect(found.request == .stop(.converged))
      let logNormaliser = Real.log(0.8) + Real.log(2 * .pi) / 2
      for (value, expected) in zip(theta.map { $0[0] }, [0.4, 1.25, logNormaliser]) {
        #expect((value - expected).magnitude < 3e-3, "\(theta) for noise of scale \(spread)")
      }
    }
  }

  @Test("Scores without an energy, noise without a density and too few rows are refused")
  func refusals() {
    func refused(_ members: KeyValuePairs<String, SettingValue>) -> [String]? {
      ScoreMatchingSettingsTests.refusal(members)?.settings
    }
    let gaussian = SettingValue.object(["type": .text("gaussian")])
    let csv = SettingValue.object(["type": .text("csv"), "path": .text("x.csv")])
    let loss = SettingValue.text("nce")
    #expect(refused(["data": gaussian, "loss": loss]) == nil)
    for (model, isRefused) in [
      ("score-mlp", true), ("energy-mlp", false), ("gaussian", false), ("mixture", false),
      ("ica", false), ("noise-conditional-energy-mlp", true),
    ] {
      let found = refused(["data": gaussian, "loss": loss, "model": .text(model)])
      #expect(
        (found == ["model.type", "loss"]) == isRefused && (found != nil) == isRefused, "\(model)")
    }
    #expect(
      refused(["data": csv, "loss": loss, "noise_law": .text("exact")])
        == ["noise_law", "data.type"])
    #expect(refused(["data": csv, "loss": loss]) == nil)
    let few = gaussian.setting("train", to: .number(3))
    #expect(
      refused(["data": few, "loss": loss, "dimension": .number(3)])
        == ["data.train", "noise_law"])
    #expect(
      refused(["data": few, "loss": loss, "dimension": .number(3), "noise_law": .text("exact")])
        == nil)
    let redrawn = SettingValue.text("each-step")
    #expect(refused(["data": gaussian, "loss": loss, "noise_draws": redrawn]) == nil)
    for law in ["marginals", "exact"] {
      #expect(
        refused(["data": gaussian, "loss": loss, "noise_draws": redrawn, "noise_law": .text(law)])
          == ["noise_draws", "noise_law"])
    }
    let fullBatch = trial(
      .object([
        "data": gaussian, "loss": .object(["type": loss]), "noise_draws": redrawn,
        "fit": .object(["type": .text("full-batch")]), "noise_law": .text("gaussian"),
      ]))
    #expect(ContrastiveNoise.refusal(fullBatch)?.settings == ["noise_draws", "fit"])
  }

  @Test("Noise that each step draws has the mean, the covariance and the density that it is given")
  func redrawnNoise() throws {
    let settings = trial(
      .object([
        "data": .object(["type": .text("gaussian")]), "loss": .text("nce"), "nu": .number(4),
        "noise_draws": .text("each-step"),
      ]))
    let noise = ContrastiveNoise(settings)
    #expect(noise.streams == ["noise"] && noise.inputCount(dimension: 3) == 1)
    let covariance = try #require(
      Covariance(randomCovariance(dimension: 3, seed: 8), dimension: 3))
    let law = Gaussian(mean: [1, -2, 0.5], covariance: covariance)
    let states = Dictionary(
      uniqueKeysWithValues: noise.states(of: law).map { ($0.name, $0.values) })
    let inputs = noise.inputs(rowCount: 50, dimension: 3)
    let values = evaluate(
      [inputs.points, inputs.logDensityOfPoints, law.logDensity(inputs.points)], states)
    #expect(inputs.points.shape == [50, 4, 3] && values[1].count == 200)
    #expect(relativeDifference(values[1], values[2]) < 1e-12)
    let kept = ContrastiveNoise(settings.setting("noise_draws", to: .text("fixed")))
    #expect(kept.states(of: law).isEmpty && kept.inputCount(dimension: 3) == 17)
  }
}
