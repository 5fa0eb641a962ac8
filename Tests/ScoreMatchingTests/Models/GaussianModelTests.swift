import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

/// L Lᵀ of the lower-triangular part of a matrix.
private func precision(_ l: [Double], _ d: Int) -> [Double] {
  let lower = l.enumerated().map { $0 / d >= $0 % d ? $1 : 0 }
  return (0..<d * d).map { index in
    (0..<d).reduce(0) { $0 + lower[index / d * d + $1] * lower[index % d * d + $1] }
  }
}

private func inverse(_ matrix: [Double], _ d: Int) -> [Double] {
  Cholesky(matrix, count: d)?.inverse ?? []
}

extension GaussianModel {
  fileprivate var start: [[Double]] {
    [
      [Double](repeating: 0, count: dimension),
      (0..<dimension * dimension).map { $0 / dimension == $0 % dimension ? 1 : 0 },
    ]
  }
}

// Seen to fail with the sign of ln det P turned over, with it not halved, with the constant of one dimension,
// with L twice in the score, with what stands above the diagonal used, with a parameter counted too few; with σ
// for σ² in the noise, eigenvectors transposed, the noise that the data have forgotten, and the precision left
// out of the error of the parameters, or held against 0.
@Suite struct GaussianModelTests {
  private func random(_ d: Int, seed: UInt64 = 4) -> (GaussianModel, [Tensor]) {
    var numbers = TestNumbers(seed: seed)
    let model = GaussianModel(dimension: d)
    return (
      model,
      zip(model.parameters, model.start).map { parameter, start in
        let noise = numbers.normals(start.count)
        return .literal(zip(start, noise).map { $0 + $1 / 3 }, parameter.shape)
      }
    )
  }

  @Test("The density integrates to one in one and two dimensions", arguments: [1, 2])
  func normalisation(d: Int) throws {
    let (model, theta) = random(d)
    let density = try #require(model.logDensity(at: theta))
    #expect(abs(integral(density, dimension: d, from: -40, to: 40, step: 0.1) - 1) < 1e-10)
  }

  @Test("The score is the gradient of the log density, and -P(x - μ)", arguments: [1, 2, 5])
  func score(d: Int) throws {
    let (model, theta) = random(d)
    var numbers = TestNumbers(seed: 9)
    let x = Tensor.literal(numbers.normals(3 * d), [3, d])
    let density = try #require(model.logDensity(at: theta))
    let score = evaluate(model.score(x, theta))
    #expect(
      relativeDifference(score, evaluate(gradient(of: { sum(density($0)) }, at: x))) < 1e-13)
    let p = precision(evaluate(theta[1]), d)
    let direct = -matmul(x - theta[0], .literal(p, [d, d]))
    #expect(relativeDifference(score, evaluate(direct)) < 1e-13)
    #expect(scoreError(density, score: model.score(at: theta), at: x) < 1e-8)
  }

  @Test("It has d + d(d + 1)/2 numbers, and what stands above the diagonal moves nothing")
  func parameterCount() throws {
    let (model, theta) = random(3)
    #expect(model.parameterCount == 9)
    let x = Tensor.literal([0.3, -1, 2], [1, 3])
    let density = try #require(model.logDensity(at: theta))
    #expect(density(x).shape == [1])
    let slope = evaluate(
      gradient(
        of: { l in sum(model.logDensity(x, [theta[0], l])) }, at: theta[1]))
    for index in 0..<9 { #expect((slope[index] == 0) == (index % 3 > index / 3)) }
  }

  @Test(
    "Maximum likelihood by L-BFGS is the mean and covariance of the sample", arguments: [1, 3, 6])
  func maximumLikelihoodIsClosed(d: Int) throws {
    let rows = correlated(200, d)
    let model = GaussianModel(dimension: d)
    let (found, theta) = try fullBatch(
      model, from: model.start,
      on: rows
    ) { theta, x in maximumLikelihood({ model.logDensity($0, theta) }, at: x) }
    #expect(found.request == .stop(.converged), "norm \(found.gradientNorm)")
    let fit = try GaussianFit.fit(rows, dimension: d)
    #expect(relativeDifference(theta[0], fit.mean) < 1e-9)
    let covariance = inverse(precision(theta[1], d), d)
    guard case .full(_, let exact) = fit.covariance else { return }
    #expect(relativeDifference(covariance, exact) < 1e-9)
  }

  @Test("Implicit score matching over all Gaussians is maximum likelihood", arguments: [1, 3, 6])
  func scoreMatchingIsMaximumLikelihood(d: Int) throws {
    let rows = correlated(200, d)
    let model = GaussianModel(dimension: d)
    let (found, theta) = try fullBatch(model, from: model.start, on: rows, tolerance: 1e-11) {
      theta, x in implicitScoreMatching(model.score(at: theta), at: x)
    }
    #expect(found.gradientNorm < 1e-10)
    let fit = try GaussianFit.fit(rows, dimension: d)
    #expect(relativeDifference(theta[0], fit.mean) < 1e-10)
    guard case .full(_, let exact) = fit.covariance else { return }
    #expect(relativeDifference(precision(theta[1], d), inverse(exact, d)) < 1e-10)
  }

  @Test(
    "Seen through noise it has the score of the Gaussian with its variance added",
    arguments: [1, 2, 5])
  func noisyScore(d: Int) throws {
    let (model, theta) = random(d)
    let noisy = try #require(model.noisyScore(at: theta))
    let values = theta.map { evaluate($0) }
    let inputs = Dictionary(
      uniqueKeysWithValues: zip(model.derivedNames, model.derived(from: values)))
    let covariance = try #require(Covariance(inverse(precision(values[1], d), d), dimension: d))
    let target = Gaussian(mean: values[0], covariance: covariance)
    var numbers = TestNumbers(seed: 9)
    let x = numbers.normals(3 * d)
    let sigmas = [0.01, 0.7, 30]
    let found = evaluate(noisy(.literal(x, [3, d]), .literal(sigmas, [3])), inputs)
    for (row, sigma) in sigmas.enumerated() {
      let smoothed = try #require(target.smoothed(by: sigma))
      let point = Tensor.literal(Array(x[row * d..<(row + 1) * d]), [1, d])
      let expected = evaluate(smoothed.score(point))
      #expect(relativeDifference(Array(found[row * d..<(row + 1) * d]), expected) < 1e-11)
      let scalar = evaluate(noisy(point, .fill(sigma)), inputs)
      #expect(relativeDifference(scalar, expected) < 1e-11)
    }
    let without = evaluate(noisy(.literal(x, [3, d]), .fill(0)), inputs)
    #expect(relativeDifference(without, evaluate(model.score(.literal(x, [3, d]), theta))) < 1e-12)
  }

  @Test("What a loss with noise has fitted is of the noisy data, and has one scale")
  func ofNoisyData() {
    for (loss, isKnown) in [("ml", true), ("ism", true), ("dsm", false), ("fd-dsm", false)] {
      let settings = trial(
        .object([
          "data": .object(["type": .text("gaussian")]), "dimension": .number(3),
          "loss": .object(["type": .text(loss)]), "model": .object(["type": .text("gaussian")]),
        ]).settingNoise(loss))
      let model = Models.make(for: settings, dimension: 3)
      #expect((model.subject.noisyScore != nil) == isKnown, "\(loss)")
      #expect(Abilities(settings).noisyScore == isKnown, "\(loss)")
    }
    #expect(
      Abilities(.object(["loss": .object(["type": .text("gaussian-fit")])])).noisyScore)
  }

  @Test("The error of the parameters is that of mean and precision, whatever the factor's signs")
  func parameterError() throws {
    let covariance = try #require(
      Covariance(randomCovariance(dimension: 3, seed: 8), dimension: 3))
    let target = Gaussian(mean: [1, -2, 0], covariance: covariance)
    let model = GaussianModel(dimension: 3)
    let error = try #require(model.squaredError(to: target))
    let factor = try #require(Cholesky(covariance.inverse(dimension: 3), count: 3))
    #expect(error([[1, -2, 0], factor.lower]) < 1e-26)
    let turned = factor.lower.indices.map { $0 % 3 == 1 ? -factor.lower[$0] : factor.lower[$0] }
    #expect(error([[1, -2, 0], turned]) < 1e-26)
    #expect(abs(error([[1, -2, 0.5], turned]) - 0.25) < 1e-12)
    // 1.1 L has 1.21 P.
    let norm = covariance.inverse(dimension: 3).reduce(0) { $0 + $1 * $1 }
    let scaled = error([[1, -2, 0], factor.lower.map { 1.1 * $0 }])
    #expect(abs(scaled / (0.21 * 0.21 * norm) - 1) < 1e-12)
    #expect(
      model.squaredError(
        to: GaussianMixture(means: [0, 0, 0], weights: [1], scale: 1, dimension: 3)) == nil)
  }

  /// Rows with a mean and correlations, of condition about 10.
  private func correlated(_ n: Int, _ d: Int) -> [Double] {
    var numbers = TestNumbers(seed: 31)
    let factor = numbers.normals(d * d)
    return (0..<n).flatMap { _ -> [Double] in
      let z = numbers.normals(d)
      return (0..<d).map { i -> Double in
        let others: [Double] = (0..<i).map { 0.5 * factor[i * d + $0] * z[$0] }
        return others.reduce(0.5 + z[i], +)
      }
    }
  }
}

extension SettingValue {
  /// With a noise scale where the loss has one.
  fileprivate func settingNoise(_ loss: String) -> SettingValue {
    loss.hasSuffix("dsm") ? setting("sigma", to: .number(0.3)) : self
  }
}
