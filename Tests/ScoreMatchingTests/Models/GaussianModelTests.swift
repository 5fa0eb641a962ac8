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

// Seen to fail with the sign of ln det P turned over: the density does not integrate to one.
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
