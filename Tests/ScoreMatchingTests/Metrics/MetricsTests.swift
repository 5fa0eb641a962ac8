// Seen to fail with the factor 2 dropped, sigma not squared, the noise left out, the metric's own sigma not asked
// for, the score at the trial's level in place of the metric's, a unit for ln(1 + x), and one not squared.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct MetricsTests {
  static let target = Gaussian(
    mean: [0, 0, 0], covariance: .uniform(variance: 4, shared: 0))

  static func make(
    _ type: String, trial: SettingValue = .object([SettingValue.Member]()), sigma: Double? = nil,
    target: (any Target)? = target
  ) -> Metric? {
    let variant = Metrics.declarations.first { $0.name == type }
    let given = SettingValue.object(["type": .text(type)])
    let settings = sigma.map { given.setting("sigma", to: .number($0)) } ?? given
    return try? Metrics.make(
      completed(variant?.settings ?? [], settings), trial: trial, target: target)
  }

  /// Rows whose mean is 0 and whose covariance is 4 I, exactly.
  static let x = Tensor.literal(
    cubature(dimension: 3).flatMap { $0.map { 2 * $0 } }, [6, 3])

  @Test func theFisherDivergenceOfTheExactScoreIsZeroAndOfZeroHalfTheInformation() throws {
    let fisher = try #require(Self.make("fisher_divergence"))
    let information = try #require(Self.make("half_fisher_information"))
    let relative = try #require(Self.make("relative_fisher_divergence"))
    #expect(number(fisher.value(of: Self.target.score, at: Self.x)) == 0)
    let zero: ScoreFunction = { .zeros($0.shape) }
    // ½ E‖x/4‖² = ½ · 3 · 4/16
    #expect((number(fisher.value(of: zero, at: Self.x)) - 0.375).magnitude < 1e-15)
    #expect((number(information.value(of: zero, at: Self.x)) - 0.375).magnitude < 1e-15)
    let half: ScoreFunction = { Self.target.score($0) * 0.5 }
    #expect((number(relative.value(of: half, at: Self.x)) - 0.25).magnitude < 1e-15)
  }

  @Test func implicitScoreMatchingOfTheExactScoreIsMinusHalfTheInformation() throws {
    let metric = try #require(Self.make("implicit_score_matching"))
    #expect((number(metric.value(of: Self.target.score, at: Self.x)) + 0.375).magnitude < 1e-15)
  }

  @Test func theBayesErrorIsTweediesErrorOfTheSmoothedScore() throws {
    let sigma = 0.5
    let bayes = try #require(Self.make("bayes_mse", sigma: sigma))
    let tweedie = try #require(Self.make("tweedie_mse", sigma: sigma))
    let smoothed = try #require(Self.target.smoothed(by: sigma))
    var numbers = TestNumbers(seed: 11)
    let x = Tensor.literal(numbers.normals(60_000).map { 2 * $0 }, [20_000, 3])
    let least = number(bayes.value(of: Self.target.score, at: x))
    #expect(least == number(tweedie.value(of: smoothed.score, at: x)))
    // d σ² τ²/(τ² + σ²); the error of each row is a sum of three squares of that mean together.
    let expected = 3 * 0.25 * 4 / 4.25
    let standardError = expected * (2.0 / 3 / 20_000).squareRoot()
    #expect((least - expected).magnitude < 4 * standardError)
    #expect(number(tweedie.value(of: { .zeros($0.shape) }, at: x)) > least)
  }

  @Test func theSmoothedFisherDivergenceIsZeroAtTheSmoothedScore() throws {
    let trial = SettingValue.object(["sigma": .number(0.5)])
    let metric = try #require(Self.make("smoothed_fisher_divergence", trial: trial))
    let smoothed = try #require(Self.target.smoothed(by: 0.5))
    #expect(number(metric.value(of: smoothed.score, at: Self.x)) == 0)
    #expect(number(metric.value(of: Self.target.score, at: Self.x)) > 0)
  }

  /// A score of 0 misses ½ d/(τ² + σ²) at noisy points, where the smoothed score has variance 1/(τ²
  /// + σ²).
  @Test func theSmoothedFisherDivergenceIsTakenAtNoisyPoints() throws {
    let trial = SettingValue.object(["sigma": .number(2)])
    let metric = try #require(Self.make("smoothed_fisher_divergence", trial: trial))
    var numbers = TestNumbers(seed: 12)
    let x = Tensor.literal(numbers.normals(15_000).map { 2 * $0 }, [5000, 3])
    let expected = 0.5 * 3 / 8
    let standardError = expected * (2.0 / 3 / 5000).squareRoot()
    let found = number(metric.value(of: { .zeros($0.shape) }, at: x))
    #expect((found - expected).magnitude < 4 * standardError)
  }

  @Test func metricsThatDoNotExistForATrialAreNil() {
    #expect(Self.make("smoothed_fisher_divergence") == nil)
    let student = StudentT(degreesOfFreedom: 5, dimension: 3)
    #expect(Self.make("bayes_mse", target: student) == nil)
    #expect(Self.make("tweedie_mse", target: student) != nil)
    let exact = SettingValue.object(["loss": .object(["type": .text("exact")])])
    #expect(Self.make("tweedie_mse", trial: exact, target: student) == nil)
    #expect(Self.make("tweedie_mse", trial: exact) != nil)
    for type in ["fisher_divergence", "relative_fisher_divergence", "half_fisher_information"] {
      #expect(Self.make(type, target: nil) == nil)
    }
    #expect(Self.make("implicit_score_matching", target: nil) != nil)
  }

  /// A model of many noise levels that is right at each but the plain score, which is none.
  @Test func levelsOfANoiseConditionalModelAreMeasuredAtTheirOwnNoise() throws {
    let exact = NoiseConditionalScoreMatchingTests.exact(2)
    let model = Subject(dimension: 3, score: { .zeros($0.shape) }, noisyScore: exact)
    func value(_ metric: Metric) throws -> Double {
      guard case .mean(let body) = metric.quantity else { return .nan }
      return number(body(model, Self.x), seed: 3)
    }
    for sigma in [0.1, 1, 7] {
      let fisher = try #require(Self.make("smoothed_fisher_divergence", sigma: sigma))
      #expect(try value(fisher) < 1e-28)
      let loss = try #require(Self.make("denoising_loss", sigma: sigma))
      let floor = try #require(Self.make("denoising_floor", sigma: sigma))
      #expect(try relativeDifference([value(loss)], [value(floor)]) < 1e-12)
      let (tweedie, bayes) = (
        try #require(Self.make("tweedie_mse", sigma: sigma)),
        try #require(Self.make("bayes_mse", sigma: sigma))
      )
      #expect(try relativeDifference([value(tweedie)], [value(bayes)]) < 1e-12)
      // Averaged over noise with its right second moment: ½ d τ²/(τ² + σ²).
      let (x, noise) = LinearScoreTests.noisy(cubature(dimension: 3).map { $0.map { 2 * $0 } })
      let least = number(
        denoisingScoreMatching(
          { exact($0, .fill(sigma)) }, at: x, noise: noise, scale: .fill(sigma)))
      #expect(relativeDifference([least], [1.5 * 4 / (4 + sigma * sigma)]) < 1e-12)
    }
  }

  @Test func theLevelIsTheMetricsElseTheTrialsElseTheSmallestTrained() throws {
    let ladder = SettingValue.object([
      "loss": .object(["type": .text("ncsn")]), "sigma_min": .number(0.25),
      "sigma_max": .number(4),
    ])
    let denoising = SettingValue.object(["sigma": .number(0.5)])
    func name(_ trial: SettingValue, _ sigma: Double? = nil) -> String? {
      Self.make("denoising_loss", trial: trial, sigma: sigma)?.longName
    }
    #expect(name(ladder)?.contains("0.25") == true)
    #expect(name(ladder, 2)?.contains("2.0") == true)
    #expect(name(denoising)?.contains("0.5") == true)
    #expect(name(.object([SettingValue.Member]())) == nil)
  }

  @Test func unitsFollowWhatIsSquared() throws {
    #expect(
      [-4, -2, -1, 0, 1, 2].map(Metric.dataUnit(toThe:)) == [
        "1/(data units)^4", "1/(data units)^2", "1/data units", "1", "data units", "(data units)^2",
      ])
    let exponential = SettingValue.object(["type": .text("gamma")])
    for (weight, unit) in [
      ("x", "1/data units"), ("min(x,c)", "1/data units"), ("log(1+x)", "1/(data units)^2"),
      ("x^2", "1"), ("min_i x_i", "1/data units"),
    ] {
      let settings = completed(
        [BoundaryWeight.setting],
        .object([
          "type": .text("generalized_score_matching"),
          "boundary_weight": .object(["type": .text(weight)]),
        ]))
      let trial = ScoreMatchingTests.trial(
        .object(["data": exponential, "loss": .text("ism")]))
      let metric = try Metrics.make(settings, trial: trial, target: Targets.make(trial))
      #expect(metric.unit == unit, "\(weight)")
    }
    func variance(
      _ type: String, _ loss: String, _ more: KeyValuePairs<String, SettingValue> = [:]
    ) -> String? {
      let trial = ScoreMatchingTests.trial(
        .object(more).setting("loss", to: .text(loss))
          .setting("data", to: .object(["type": .text("gaussian")])))
      return Self.make(type, trial: trial)?.unit
    }
    for type in ["loss_variance", "gradient_variance"] {
      for loss in ["esm", "ism", "ssm", "ssm-vr"] {
        #expect(variance(type, loss) == "1/(data units)^4", "\(loss)")
      }
      for loss in ["dsm", "ncsn", "dsm-vp"] { #expect(variance(type, loss) == "1") }
      #expect(variance(type, "dsm", ["weighting": .text("sigma^0")]) == "1/(data units)^4")
      #expect(variance(type, "fd-dsm", ["weighting": .text("sigma^4")]) == "(data units)^4")
    }
  }

  @Test func theTargetsLogLikelihoodIsThatOfTheSmoothedDensity() throws {
    for sigma in [nil, 3.0] {
      let metric = try #require(Self.make("target_log_likelihood", sigma: sigma))
      let variance = 4 + (sigma ?? 0) * (sigma ?? 0)
      // Rows of squared norm 12.
      let expected = -6 / variance - 1.5 * Real.log(2 * .pi * variance)
      #expect(
        relativeDifference([number(metric.value(of: Self.target.score, at: Self.x))], [expected])
          < 1e-14)
    }
  }
}
