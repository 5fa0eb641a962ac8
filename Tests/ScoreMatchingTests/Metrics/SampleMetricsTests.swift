import Expressions
import Randomness
import Testing

@testable import ScoreMatching

// Seen to fail with the diagonal left in, with E‖x - x'‖ twice, with order 1 in place of 2, and without the
// factor ½ of the total variation.
struct SampleMetricsTests {
  private func gaussian(_ d: Int, shift: Double = 0, scale: Double = 1) -> Gaussian {
    Gaussian(
      mean: [Double](repeating: shift, count: d),
      covariance: .uniform(variance: scale * scale, shared: 0))
  }

  /// The metric between two sets of points, over repetitions.
  private func values(
    _ metric: Metric, _ p: Gaussian, _ q: Gaussian, count: Int, repetitions: Int = 40
  ) throws -> (mean: Double, error: Double) {
    estimate(
      try (0..<repetitions).map { repetition in
        let seed = UInt64(repetition)
        return try value(
          of: metric, p.subject,
          data(points(p, count, seed: 100 + seed), points(q, count + 30, seed: 900 + seed), p))
      })
  }

  private func data(_ samples: [Double], _ heldOut: [Double], _ target: any Target) -> MetricData {
    MetricData(
      dimension: target.dimension, train: [], heldOut: heldOut, target: target,
      samples: Samples(samples, dimension: target.dimension),
      generator: RandomGenerator(StreamKey(bits: 4)))
  }

  @Test func theDiscrepancyOfTwoNormalLawsIsItsClosedForm() throws {
    // E k(x, y) = (h²/(h² + a² + b²))^(d/2) exp(-½ ‖μ - ν‖²/(h² + a² + b²)).
    let (d, h, shift, b) = (3, 1.5, 0.4, 1.6)
    func expected(_ variances: Double, _ distance: Double) -> Double {
      let total = h * h + variances
      return Real.power(h * h / total, Double(d) / 2) * Real.exp(-distance / (2 * total))
    }
    let closed =
      expected(2, 0) + expected(2 * b * b, 0) - 2 * expected(1 + b * b, Double(d) * shift * shift)
    let metric = Metric.maximumMeanDiscrepancy(bandwidth: h, limit: 5000)
    let (mean, error) = try values(
      metric, gaussian(d), gaussian(d, shift: shift, scale: b), count: 200)
    #expect((mean - closed).magnitude < 4 * error, "\(mean), \(closed) +- \(error)")
    #expect(closed > 10 * error)
  }

  @Test func theEnergyDistanceOfTwoNormalLawsIsItsClosedForm() throws {
    // E‖x - x'‖ of N(0, s² I): s √2 Γ((d + 1)/2)/Γ(d/2), with s² = 2, 2b², 1 + b².
    let (d, b) = (3, 1.8)
    func norm(_ variance: Double) -> Double {
      (2 * variance).squareRoot()
        * Real.exp(Real.logGamma(Double(d + 1) / 2) - Real.logGamma(Double(d) / 2))
    }
    let closed = 2 * norm(1 + b * b) - norm(2) - norm(2 * b * b)
    let (mean, error) = try values(
      .energyDistance(limit: 5000), gaussian(d), gaussian(d, scale: b), count: 200)
    #expect((mean - closed).magnitude < 4 * error, "\(mean), \(closed) +- \(error)")
    #expect(closed > 10 * error)
  }

  @Test func bothAreZeroOnAverageWhereThereIsNoDifference() throws {
    for metric in [
      Metric.maximumMeanDiscrepancy(bandwidth: nil, limit: 5000), .energyDistance(limit: 5000),
    ] {
      let (mean, error) = try values(metric, gaussian(4), gaussian(4), count: 100, repetitions: 60)
      #expect(mean.magnitude < 3.5 * error, "\(mean) +- \(error)")
    }
  }

  @Test func noMoreRowsAreComparedThanTheLimitAllows() throws {
    let p = gaussian(2)
    let (x, y) = (points(p, 90, seed: 1), points(p, 80, seed: 2))
    let limited = try value(of: .energyDistance(limit: 50), p.subject, data(x, y, p))
    let short = try value(
      of: .energyDistance(limit: 5000), p.subject,
      data(Array(x.prefix(100)), Array(y.prefix(100)), p))
    #expect(limited == short)
  }

  @Test func theMedianDistanceIsThatOfNormalPoints() {
    // ‖x - x'‖² of N(0, I) is 2 χ²_d; the median of χ²_2 is 2 ln 2.
    let rows = points(gaussian(2), 3000, seed: 5)
    let median = Metric.medianDistance(rows, dimension: 2)
    #expect((median * median - 4 * Real.log(2)).magnitude < 0.1)
  }

  @Test func wassersteinDistancesOfStepFunctionsAreExact() {
    #expect(wassersteinPower([0, 1], [3, 4], order: 1) == 3)
    #expect(wassersteinPower([0, 1], [3, 4], order: 2) == 9)
    // Quantiles 0, 0, 1, 1 against 0, ½, ½, 1 in sixths: |½| on (⅓, ½) and (½, ⅔).
    #expect((wassersteinPower([0, 1], [0, 0.5, 1], order: 1) - 1.0 / 6).magnitude < 1e-15)
    #expect((wassersteinPower([0, 0.5, 1], [0, 1], order: 2) - 1.0 / 12).magnitude < 1e-15)
  }

  @Test func theSlicedDistanceOfTwoNormalLawsIsItsClosedForm() throws {
    // W₂² along u: (u·μ)² + (a - b)², so ‖μ‖²/d + (a - b)² on average.
    let (d, shift, b) = (4, 1.0, 1.5)
    var generator = RandomGenerator(StreamKey(bits: 8))
    let distance = try slicedWassersteinDistance(
      points(gaussian(d), 4000, seed: 3),
      points(gaussian(d, shift: shift, scale: b), 5000, seed: 4), dimension: d, slices: 2000,
      order: 2, using: &generator)
    #expect((distance * distance - (shift * shift + 0.25)).magnitude < 0.06, "\(distance)")
  }

  @Test func aShiftOfTheSamePointsIsSeenExactly() throws {
    // In one dimension every direction is ±1.
    let x = points(gaussian(1), 500, seed: 3)
    var generator = RandomGenerator(StreamKey(bits: 8))
    for order in [1, 2] {
      let distance = try slicedWassersteinDistance(
        x, x.map { $0 + 0.7 }, dimension: 1, slices: 3, order: order, using: &generator)
      #expect((distance - 0.7).magnitude < 1e-12)
    }
  }

  @Test func theWeightsOfAMixtureAreCounted() throws {
    let mixture = GaussianMixture(
      means: [5, 5, 5, -5, -5, -5], weights: [4, 1], scale: 1, dimension: 3)
    let own = points(mixture, 2000, seed: 6)
    #expect((mixture.assignedFractions(own)[0] - 0.8).magnitude < 0.04)
    let all = [Double](repeating: 5, count: 30)
    let error = try value(
      of: .mixtureWeightError(mixture), mixture.subject, data(all, own, mixture))
    #expect((error - 0.2).magnitude < 1e-12)
    let last = try #require(Metric.mixtureWeight(mixture, component: 1))
    #expect(try value(of: last, mixture.subject, data(all, own, mixture)) == 0)
    #expect(Metric.mixtureWeight(mixture, component: 2) == nil)
  }
}
