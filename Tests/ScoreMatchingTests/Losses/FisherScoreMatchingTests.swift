// Seen to fail: with t without 1/σ, J without its ½, a ridge on every element of the matrix, squares in the place of
// products, one score squared for the information, and standard errors over n.
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct FisherScoreMatchingTests {
  /// Simulations with the moments of infinitely many: 4d cubature points for ε and the noise, (ε, e) → θ = θₜ + σε,
  /// x = θ + L e.
  private func exactSimulations(
    _ center: [Double], _ sigma: Double, factor: Cholesky
  ) -> LocalSimulations {
    let d = center.count
    var (rows, targets): ([Double], [Double]) = ([], [])
    for point in cubature(dimension: 2 * d) {
      let noise = factor.multiply(Array(point[d...]))
      rows += (0..<d).map { center[$0] + sigma * point[$0] + noise[$0] }
      targets += (0..<d).map { point[$0] / sigma }
    }
    return LocalSimulations(rows: rows, targets: targets, dimension: d, parameterCount: d)
  }

  private func factor(_ simulator: GaussianSimulator) throws -> Cholesky {
    let d = simulator.dimension
    let precision = try #require(simulator.information(at: []))
    let covariance = try #require(Cholesky(precision, count: d)).inverse
    return try #require(Cholesky(covariance, count: d))
  }

  /// S = a x on x ~ N(0, 1 + σ²) with the score x - θ: ½E(ax - (x - θ))² is ½a²(1 + σ²) - a + ½.
  @Test(arguments: [-0.7, 0.2, 1.5])
  func theObjectiveIsTheDistanceFromTheScoreLessAConstant(_ a: Double) throws {
    for sigma in [0.3, 1.2] {
      let simulations = exactSimulations(
        [0], sigma, factor: try factor(GaussianSimulator(dimension: 1)))
      let found = simulations.objective(simulations.rows.map { a * $0 })
      #expect(abs(found - (a * a * (1 + sigma * sigma) / 2 - a)) < 1e-12)
    }
  }

  @Test(arguments: [0.0, 0.5])
  func theLinearEstimateIsTheSmoothedScoreOfInfinitelyManySimulations(
    _ correlation: Double
  ) throws {
    let d = 3
    let simulator = GaussianSimulator(dimension: d, correlation: correlation)
    let factor = try factor(simulator)
    var numbers = TestNumbers(seed: 4)
    for sigma in [0.05, 0.4, 2] {
      let center = numbers.normals(d)
      let x = numbers.normals(d)
      let score = try LinearFisherScore(
        exactSimulations(center, sigma, factor: factor), features: .linear, ridge: 0)
      let smoothed = try #require(simulator.smoothedScore(of: x, at: center, scale: sigma))
      #expect(relativeDifference(score(x), smoothed) < 1e-10)
      guard correlation == 0 else { continue }
      // The bias of smoothing: σ²/(1 + σ²) of the score.
      let share = sigma * sigma / (1 + sigma * sigma)
      let exact = simulator.score(of: x, at: center)
      #expect(
        relativeDifference(zip(exact, score(x)).map(-), exact.map { share * $0 }) < 1e-9)
      // A ridge takes the same part of every coefficient of uncorrelated features.
      let shrunk = try LinearFisherScore(
        exactSimulations(center, sigma, factor: factor), features: .linear, ridge: 0.25)
      #expect(relativeDifference(shrunk(x), smoothed.map { $0 / 1.25 }) < 1e-10)
    }
  }

  /// More simulations than features, and fewer, which are solved for in another way.
  @Test(arguments: [30, 4])
  func aRidgeSolvesItsNormalEquations(_ count: Int) throws {
    let (d, ridge) = (6, 0.3)
    var numbers = TestNumbers(seed: 9)
    let (rows, targets) = (numbers.normals(count * d), numbers.normals(count * 2))
    let score = try LinearFisherScore(
      LocalSimulations(rows: rows, targets: targets, dimension: d, parameterCount: 2),
      features: .linear, ridge: ridge)
    let fitted = score(rows)
    let origin = score([Double](repeating: 0, count: d))
    for i in 0..<d {
      let slopes = zip(score((0..<d).map { $0 == i ? 1 : 0 }), origin).map(-)
      let (mean, error) = estimate((0..<count).map { rows[$0 * d + i] })
      let variance = error * error * Double(count - 1)
      for a in 0..<2 {
        // E[(x - x̄)(S - t)] + λ s² slope = 0.
        let covariance = (0..<count).reduce(0.0) {
          $0 + (rows[$1 * d + i] - mean) * (fitted[2 * $1 + a] - targets[2 * $1 + a])
        }
        #expect(abs(covariance / Double(count) + ridge * variance * slopes[a]) < 1e-12)
      }
    }
  }

  @Test func quadraticFeaturesHoldEveryQuadratic() throws {
    var numbers = TestNumbers(seed: 5)
    let rows = numbers.normals(2 * 40).map { $0 + 3 }
    func target(_ x: [Double]) -> [Double] {
      [1 + x[0] - 2 * x[0] * x[1] + x[1] * x[1] / 2, x[0] * x[0] - x[1]]
    }
    let targets = stride(from: 0, to: 80, by: 2).flatMap { target([rows[$0], rows[$0 + 1]]) }
    let score = try LinearFisherScore(
      LocalSimulations(rows: rows, targets: targets, dimension: 2, parameterCount: 2),
      features: .quadratic, ridge: 0)
    let x = numbers.normals(6)
    let expected = stride(from: 0, to: 6, by: 2).flatMap { target([x[$0], x[$0 + 1]]) }
    #expect(relativeDifference(score(x), expected) < 1e-9)
  }

  /// Least squares of t on x, both normal: the residual's variance is 1/σ² - 1/(1 + σ²), and a prediction at
  /// Mahalanobis distance m from the centre has 1/N + (m² + d/N)/(N - d - 2) of it in each coordinate.
  @Test(arguments: [0.1, 0.3, 1])
  func theErrorOfTheLinearEstimateIsThatOfLeastSquares(_ sigma: Double) throws {
    let d = 3
    let simulator = GaussianSimulator(dimension: d)
    let matching = FisherScoreMatching(sigma: sigma, estimator: .linear(.linear, ridge: 0))
    let (center, x) = ([0.5, -1, 2], [1.5, -1.5, 1])
    let exact = try #require(simulator.smoothedScore(of: x, at: center, scale: sigma))
    let variance = 1 / (sigma * sigma) - 1 / (1 + sigma * sigma)
    let square = 2.25 / (1 + sigma * sigma)
    var means: [Double] = []
    let counts = [20, 80, 320]
    for count in counts {
      var generator = SimulatorTests.generator(UInt64(count))
      let errors = try (0..<800).map { _ in
        let simulations = try matching.simulate(
          simulator, around: center, count: count, using: &generator)
        let score = try LinearFisherScore(simulations, features: .linear, ridge: 0)
        return zip(score(x), exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let n = Double(count)
      let part = 1 / n + (square + Double(d) / n) / (n - Double(d) - 2)
      let (mean, error) = estimate(errors)
      #expect(abs(mean - Double(d) * variance * part) < 4 * error, "\(count)")
      means.append(mean)
    }
    // As 1/N, but for what few simulations have more.
    let slope = logarithmicSlope(counts.suffix(2).map(Double.init), means.suffix(2).map { $0 })
    #expect(abs(slope + 1) < 0.15)
  }

  @Test func tooFewSimulationsAreAnErrorAndARidgeSettlesThem() throws {
    let simulator = GaussianSimulator(dimension: 5)
    let matching = FisherScoreMatching(sigma: 0.5, estimator: .linear(.linear, ridge: 0))
    var generator = SimulatorTests.generator(1)
    let simulations = try matching.simulate(
      simulator, around: [0, 0, 0, 0, 0], count: 5, using: &generator)
    #expect(throws: QuadraticError.self) {
      try LinearFisherScore(simulations, features: .linear, ridge: 0)
    }
    #expect(throws: Never.self) {
      try LinearFisherScore(simulations, features: .linear, ridge: 0.1)
    }
  }

  @Test func twoScoresGiveTheInformationWithoutTheirErrors() throws {
    let (sigma, count, d) = (0.3, 60, 2)
    let simulator = GaussianSimulator(dimension: d)
    let matching = FisherScoreMatching(sigma: sigma, estimator: .linear(.linear, ridge: 0))
    var generator = SimulatorTests.generator(8)
    let theta = [1.0, 2]
    let found = try (0..<600).map { _ in
      let scores = try (0..<2).map { _ in
        try LinearFisherScore(
          try matching.simulate(simulator, around: theta, count: count, using: &generator),
          features: .linear, ridge: 0)
      }
      let rows = simulator.draw(count, at: theta, using: &generator)
      return FisherInformation.estimate(scores[0](rows), scores[1](rows), parameterCount: d)
    }
    let smoothed = 1 / ((1 + sigma * sigma) * (1 + sigma * sigma))
    for i in 0..<d * d {
      let (mean, error) = estimate(found.map { $0[i] })
      #expect(abs(mean - (i % d == i / d ? smoothed : 0)) < 4 * error)
      #expect(found.allSatisfy { $0[i] == $0[i % d * d + i / d] })
    }
    let errors = try #require(
      FisherInformation.standardErrors([4, 0, 0, 0.25], parameterCount: 2, observations: 100))
    #expect(relativeDifference(errors, [0.05, 0.2]) < 1e-12)
    #expect(
      FisherInformation.standardErrors([1, 2, 2, 1], parameterCount: 2, observations: 9) == nil)
  }

  // MARK: - Settings

  static func ascent(
    _ loss: String = "fsm", data: String = "gaussian-simulator",
    with members: KeyValuePairs<String, SettingValue> = [:]
  ) -> SettingValue {
    trial(
      .object(members).setting("data.type", to: .text(data)).setting("loss", to: .text(loss)))
  }

  @Test func whatDoesNotFitASimulatorIsRefused() {
    func refusal(_ settings: SettingValue) -> [String]? {
      LikelihoodAscent.refusal(settings)?.settings
    }
    #expect(refusal(Self.ascent()) == nil && refusal(Self.ascent("kde-spsa")) == nil)
    #expect(refusal(Self.ascent("ism")) == ["loss", "data.type"])
    #expect(refusal(Self.ascent(data: "gaussian")) == ["loss", "data.type"])
    #expect(refusal(Self.ascent("ism", data: "gaussian")) == nil)
    #expect(
      refusal(Self.ascent(with: ["sampler": .object(["type": .text("ula")])])) == [
        "sampler", "data.type",
      ])
    #expect(
      refusal(Self.ascent(with: ["keep_test_data": .boolean(true)])) == [
        "keep_test_data", "data.type",
      ])
    let simulations = { SettingValue.object(["simulations": .number($0)]) }
    #expect(refusal(Self.ascent("kde-spsa", with: ["ascent": simulations(7)])) != nil)
    #expect(refusal(Self.ascent("kde-spsa", with: ["ascent": simulations(2)])) != nil)
    #expect(refusal(Self.ascent(with: ["ascent": simulations(7)])) == nil)
    // Two coordinates and a constant, and one simulation more.
    #expect(
      refusal(Self.ascent(with: ["ascent": simulations(3)])) == [
        "ascent.simulations", "estimator.ridge",
      ])
    #expect(refusal(Self.ascent(with: ["ascent": simulations(4)])) == nil)
    let ridge = SettingValue.object(["type": .text("linear"), "ridge": .number(0.1)])
    #expect(refusal(Self.ascent(with: ["ascent": simulations(3), "estimator": ridge])) == nil)
    #expect(
      refusal(Self.ascent(with: ["information": simulations(11)])) == [
        "information.simulations", "estimator.ridge",
      ])
    #expect(refusal(Self.ascent(with: ["information": simulations(12)])) == nil)
    for data in ["exponential-simulator", "two-moons-simulator"] {
      #expect(
        refusal(Self.ascent(data: data, with: ["information": simulations(3000)])) == [
          "information", "data.type",
        ])
      #expect(refusal(Self.ascent(data: data)) == nil)
    }
    let wide = Self.ascent(with: [
      "dimension": .number(60), "estimator": .object(["type": .text("quadratic")]),
    ])
    #expect(refusal(wide) == ["estimator", "dimension"])
  }

  @Test func metricsOfParametersAndOfDensitiesDoNotMix() {
    func absence(_ type: String, _ settings: SettingValue) -> String? {
      let declared = Metrics.declarations.first { $0.name == type }
      let metric = completed(declared?.settings ?? [], .object(["type": .text(type)]))
      return ScoreMatchingSettings.availability.absence(settings)(metric)
    }
    let intervals = Self.ascent(with: ["information": .object(["simulations": .number(3000)])])
    for type in ["parameter_error", "score_error"] {
      #expect(absence(type, Self.ascent()) == nil && absence(type, intervals) == nil)
    }
    for type in ["coverage", "standardized_error", "information_error"] {
      #expect(absence(type, Self.ascent()) != nil && absence(type, intervals) == nil)
    }
    #expect(absence("latent_score_loss", Self.ascent()) == "the simulator has no latent variable")
    #expect(absence("latent_score_loss", Self.ascent(data: "linear-gaussian-simulator")) == nil)
    #expect(absence("latent_score_floor", Self.ascent(data: "linear-gaussian-simulator")) == nil)
    #expect(absence("parameter_error", Self.ascent("kde-spsa")) == nil)
    #expect(absence("score_error", Self.ascent("kde-spsa")) == "the loss estimates no score")
    #expect(absence("score_error", Self.ascent(data: "two-moons-simulator")) != nil)
    for type in Metrics.declarations.map(\.name) {
      let isOfSimulators = Metrics.ofSimulators.contains { $0.name == type }
      let isShared = ["parameter_error", "coverage", "standardized_error"].contains(type)
      if isOfSimulators { #expect(absence(type, Self.ascent("ism", data: "gaussian")) != nil) }
      if !isOfSimulators, !isShared { #expect(absence(type, Self.ascent()) != nil, "\(type)") }
    }
  }
}
