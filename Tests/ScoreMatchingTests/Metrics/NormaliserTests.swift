import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with the sign of the determinant turned, with w in place of w², and with temperature steps counted
// twice; with the variance of weights over N in place of N - 1, and with few effective draws never said.
struct NormaliserTests {
  /// An energy 2.5 above -ln p, so that ln Z = -2.5.
  private func shifted(_ target: any Target) -> Subject {
    Subject(
      dimension: target.dimension, score: { target.score($0) },
      energy: { .fill(2.5) - target.logDensity($0) })
  }

  private static let skewed: Gaussian? = Covariance(
    randomCovariance(dimension: 4, seed: 5), dimension: 4
  ).map { Gaussian(mean: [1, -1, 0, 3], covariance: $0) }

  private let mixture = GaussianMixture(
    means: [2, 2, 2, 2, 2, -2, -2, -2, -2, -2], weights: [0.7, 0.3], scale: 1, dimension: 5)

  /// Rows of the target; to train on, rows of `other` where it is given.
  private func data(
    _ target: any Target, train: Int = 3000, of other: (any Target)? = nil
  ) -> MetricData {
    MetricData(
      dimension: target.dimension, train: points(other ?? target, train, seed: 31),
      heldOut: points(target, 400, seed: 32), target: target,
      generator: RandomGenerator(StreamKey(bits: 33)))
  }

  @Test func importanceSamplingIsWithinItsStandardError() throws {
    let gaussian = try #require(Self.skewed)
    for target in [gaussian, mixture] as [any Target] {
      let sampling = ImportanceSampling(.data(widening: 1.3), draws: 40_000)
      let result = try ended(sampling.simulation(shifted(target), data(target)))
      let ess = sampling.effectiveSampleSize(result)
      let error = (1 / ess - 1 / Double(sampling.drawCount)).squareRoot()
      #expect((sampling.logNormaliser(result) + 2.5).magnitude < 4 * error)
      #expect(error < 0.05 && sampling.drawCount >= 40_000)
    }
  }

  @Test func theEffectiveSampleSizeIsTheClosedForm() throws {
    // E w²/(E w)² of N(0, 1) from N(0, c²) is c²/√(2c² - 1), once for each coordinate.
    let (c, d) = (1.5, 4)
    let target = Gaussian(
      mean: [Double](repeating: 0, count: d), covariance: .uniform(variance: 1, shared: 0))
    let sampling = ImportanceSampling(.normal(scale: c), draws: 100_000)
    let result = try ended(sampling.simulation(target.subject, data(target, train: 0)))
    let fraction = sampling.effectiveSampleSize(result) / Double(sampling.drawCount)
    let expected = Real.power((2 * c * c - 1).squareRoot() / (c * c), Double(d))
    #expect((fraction - expected).magnitude < 0.01, "\(fraction), \(expected)")
  }

  @Test func weightsThatNoNumberHoldsAreAddedUp() {
    let (a, b) = (Tensor.literal([-2000, 5, 1000], [3]), Tensor.literal([-2000, 5, -1e300], [3]))
    let sums = evaluate(logAddExp(a, b))
    let expected = [-2000 + Real.log(2), 5 + Real.log(2), 1000]
    #expect(relativeDifference(sums, expected) < 1e-15)
    #expect((logSumExp([-2000, -2000]) - expected[0]).magnitude < 1e-12)
  }

  private func annealing(
    _ direction: String, temperatures: Int, chains: Int = 256, burnIn: Int = 100
  ) -> AnnealedImportanceSampling {
    AnnealedImportanceSampling(
      completed(
        AnnealedImportanceSampling.settings,
        .object([
          "direction": .text(direction), "temperatures": .number(Double(temperatures)),
          "chains": .number(Double(chains)), "burn_in": .number(Double(burnIn)),
          "step_size": .number(0.25), "leapfrogs": .number(4),
        ])))
  }

  private func weights(
    _ sampling: AnnealedImportanceSampling, _ target: any Target, isExact: Bool
  ) throws -> [Double] {
    // A Gaussian is annealed from a wider one elsewhere, or there would be nothing to do.
    let other =
      target is Gaussian
      ? Gaussian(mean: [0, 0, 0, 0], covariance: .uniform(variance: 6, shared: 0)) : nil
    let simulation = try sampling.simulation(
      shifted(target), data(target, of: other), isExact: isExact)
    return try #require(try ended(simulation)["log_weight"])
  }

  /// ln of the mean of the weights, and its standard error.
  private func logMean(_ weights: [Double]) -> (value: Double, error: Double) {
    let highest = weights.max() ?? 0
    let (mean, error) = estimate(weights.map { Real.exp($0 - highest) })
    return (highest + Real.log(mean), error / mean)
  }

  @Test(arguments: [true, false])
  func bothDirectionsFindTheNormaliser(_ isExact: Bool) throws {
    let gaussian = try #require(Self.skewed)
    for target in [gaussian, mixture] as [any Target] {
      let forward = logMean(
        try weights(annealing("forward", temperatures: 60), target, isExact: isExact))
      let reverse = logMean(
        try weights(annealing("reverse", temperatures: 60), target, isExact: isExact))
      #expect((forward.value + 2.5).magnitude < 4 * forward.error, "\(forward)")
      // Chains that start at rows of the training data have the mixture's weights as these have.
      #expect((reverse.value - 2.5).magnitude < 4 * reverse.error + 0.02, "\(reverse)")
      #expect(forward.error < 0.1 && reverse.error < 0.1)
    }
  }

  /// With few temperatures the mean logarithms are a wide bracket, whatever the draws.
  @Test func theMeansOfTheLogarithmsBracketTheNormaliser() throws {
    let gaussian = try #require(Self.skewed)
    for target in [gaussian, mixture] as [any Target] {
      for temperatures in [3, 10] {
        let lower = estimate(
          try weights(annealing("forward", temperatures: temperatures), target, isExact: true))
        let upper = estimate(
          try weights(annealing("reverse", temperatures: temperatures), target, isExact: true))
        #expect(lower.mean < -2.5 && -2.5 < -upper.mean, "\(lower), \(upper)")
      }
    }
  }

  @Test func theStandardErrorOfAnnealingIsThatOfItsMeanWeight() throws {
    let sampling = annealing("forward", temperatures: 4, chains: 100)
    let gaussian = try #require(Self.skewed)
    let weights = try weights(sampling, gaussian, isExact: false)
    let result: SimulationResult = ["log_weight": weights]
    let expected = logMean(weights).error
    #expect(expected > 0.05)
    #expect((sampling.standardError(result) / expected - 1).magnitude < 1e-10)
    #expect(
      sampling.standardError(["log_weight": [Double](repeating: 900, count: 100)]) < 1e-7)
    #expect(
      Metric.annealedStandardError(annealing("forward", temperatures: 4, chains: 1), isExact: false)
        == nil)
  }

  @Test func fewEffectiveDrawsAreSaid() throws {
    let d = 6
    let far = Gaussian(
      mean: [Double](repeating: 9, count: d), covariance: .uniform(variance: 0.01, shared: 0))
    let sampling = ImportanceSampling(.normal(scale: 3), draws: 2000)
    let poor = try ended(sampling.simulation(far.subject, data(far, train: 0)))
    #expect(sampling.caution(poor)?.contains("effective draws of 2000") == true)
    let near = Gaussian(
      mean: [Double](repeating: 0, count: d), covariance: .uniform(variance: 4, shared: 0))
    let good = try ended(sampling.simulation(near.subject, data(near, train: 0)))
    #expect(sampling.caution(good) == nil)
    let annealing = annealing("forward", temperatures: 1, chains: 12)
    let uneven: SimulationResult = ["log_weight": [50] + [Double](repeating: 0, count: 11)]
    #expect(annealing.caution(uneven)?.contains("1.0 effective weights of 12") == true)
    #expect(annealing.caution(["log_weight": [Double](repeating: 0, count: 12)]) == nil)
  }

  @Test func likelihoodsAreTheExactOnes() throws {
    let gaussian = try #require(Self.skewed)
    let rows = data(gaussian)
    let exact = try value(of: .logLikelihood, gaussian.subject, rows)
    let model = shifted(gaussian)
    let importance = try value(
      of: .importanceLogLikelihood(ImportanceSampling(.data(widening: 1.2), draws: 40_000)), model,
      rows)
    #expect((importance - exact).magnitude < 0.02, "\(importance), \(exact)")
    for direction in ["forward", "reverse"] {
      let annealed = try value(
        of: .annealedLogLikelihood(annealing(direction, temperatures: 60), isExact: false), model,
        rows)
      #expect((annealed - exact).magnitude < 0.1, "\(direction): \(annealed), \(exact)")
    }
  }

  @Test func trainingDataWithoutACovarianceAreAMistakeInWords() {
    let target = mixture
    let flat = MetricData(
      dimension: 5, train: [Double](repeating: 1, count: 50), heldOut: [0, 0, 0, 0, 0],
      generator: RandomGenerator(StreamKey(bits: 1)))
    let sampling = ImportanceSampling(.data(widening: 1), draws: 10)
    #expect(throws: MetricError.self) { try sampling.simulation(target.subject, flat) }
  }
}
