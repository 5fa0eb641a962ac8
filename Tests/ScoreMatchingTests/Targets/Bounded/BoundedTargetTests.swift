// Seen to fail with the common factor drawn above its mode alone, its integral cut off at ±3, the mass
// between two far bounds as that beyond the nearer one, and tails accepted by their distance from it.
import Execution
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct BoundedTargetTests {
  static let targets: [any Target] = [
    GammaProduct(shape: 1, rate: 1.5, dimension: 2),
    GammaProduct(shape: 2.5, rate: 2, dimension: 2),
    TruncatedNormal(mean: 0, scale: 1, support: .nonNegative, dimension: 2),
    TruncatedNormal(mean: -1, scale: 0.8, support: .nonNegative, dimension: 2),
    TruncatedNormal(
      mean: 0.5, scale: 1.2, correlation: 0.6, support: .nonNegative, dimension: 2),
    TruncatedNormal(
      mean: 0.3, scale: 1, correlation: 0.8, support: Support(lower: -0.5, upper: 1),
      dimension: 2),
    TruncatedNormal(mean: 0, scale: 1, support: Support(upper: 0.5), dimension: 2),
  ]

  /// The midpoint rule on the support, cut off where the density has fallen below rounding.
  static func grid(_ support: Support) -> (points: [Double], area: Double) {
    let (low, high) = (max(support.lower, -8), min(support.upper, 9))
    let count = 360
    let step = (high - low) / Double(count)
    let axis = (0..<count).map { low + step * (Double($0) + 0.5) }
    return (axis.flatMap { a in axis.flatMap { [a, $0] } }, step * step)
  }

  @Test(arguments: targets.indices)
  func theDensityIntegratesToOneAndSamplesHaveItsMoments(_ index: Int) {
    let target = Self.targets[index]
    let (points, area) = Self.grid(target.support)
    let x = Tensor.literal(points, [points.count / 2, 2])
    let p = evaluate(exp(target.logDensity(x)))
    func moments(_ a: Double, _ b: Double) -> [Double] { [1, a, b, a * b, a * a, a * a * a] }
    var expected = [Double](repeating: 0, count: 6)
    for row in p.indices {
      let values = moments(points[2 * row], points[2 * row + 1])
      for k in 0..<6 { expected[k] += area * p[row] * values[k] }
    }
    #expect((expected[0] - 1).magnitude < 1e-3)
    var generator = RandomGenerator(StreamKey(bits: 17))
    let drawn = target.sample(60_000, using: &generator)
    #expect(drawn.allSatisfy(target.support.contains))
    for k in 1..<6 {
      let (mean, error) = estimate(
        (0..<60_000).map { moments(drawn[2 * $0], drawn[2 * $0 + 1])[k] })
      #expect((mean - expected[k]).magnitude < 4 * error + 2e-3 * expected[k].magnitude, "\(k)")
    }
  }

  @Test(arguments: targets.indices)
  func theScoreIsTheGradientOfTheLogDensityAndTheDensityIsNothingOutside(_ index: Int) {
    let target = Self.targets[index]
    let (low, high) = (max(target.support.lower, -2), min(target.support.upper, 3))
    var numbers = TestNumbers(seed: 3)
    let inside = Tensor.literal((0..<20).map { _ in numbers.uniform(low, high) }, [10, 2])
    let slope = gradient(of: { sum(target.logDensity($0)) }, at: inside)
    #expect(relativeDifference(evaluate(target.score(inside)), evaluate(slope)) < 1e-12)
    let outside = target.support.lower.isFinite ? target.support.lower - 0.1 : high + 0.1
    let point = Tensor.literal([(low + high) / 2, outside], [1, 2])
    #expect(evaluate(target.logDensity(point))[0] == -.infinity)
    #expect(target.smoothed(by: 0.1) == nil)
  }

  /// Equal correlations of ½ leave the orthant a probability of 1/(d + 1), in every dimension.
  @Test(arguments: [1, 2, 3, 10, 200])
  func theNormaliserOfCorrelatedCoordinatesIsExactInAnyDimension(_ d: Int) {
    let target = TruncatedNormal(
      mean: 0, scale: 2, correlation: 0.5, support: .nonNegative, dimension: d)
    let expected = -Real.log(Double(d + 1))
    #expect((target.logMass - expected).magnitude < 1e-10, "\(target.logMass)")
    let alone = TruncatedNormal(mean: 0, scale: 2, support: .nonNegative, dimension: d)
    #expect((alone.logMass + Double(d) * Real.log(2)).magnitude < 1e-10 * Double(d))
  }

  /// Of a truncated normal law E z = (φ(a) - φ(b))/m, wherever the bounds are.
  @Test func drawsFarInATailHaveTheMeanOfTheLaw() {
    let bounds: [(Double, Double)] = [
      (-1, 0.5), (-0.1, 0.1), (0, .infinity), (0.3, .infinity), (2, .infinity), (6, .infinity),
      (20, .infinity), (3, 3.1), (3, 5), (-.infinity, -4), (-9, -8.5), (-3, 0),
    ]
    var generator = RandomGenerator(StreamKey(bits: 5))
    for (a, b) in bounds {
      let law = TruncatedNormalLaw(mean: 0, scale: 1, support: Support(lower: a, upper: b))
      let density = { (x: Double) in
        x.isFinite ? Real.exp(-x * x / 2 - law.logMass) / (2 * Double.pi).squareRoot() : 0
      }
      let (mean, error) = estimate((0..<20_000).map { _ in law.sample(using: &generator) })
      #expect((mean - (density(a) - density(b))).magnitude < 4.5 * error + 1e-9, "\(a) \(b)")
    }
  }

  @Test func whatCannotSeeABoundaryIsRefusedOrAbsent() {
    let sampler = SettingValue.object(["type": .text("ula")])
    func settings(_ data: String) -> SettingValue {
      trial(
        .object([
          "data": .object(["type": .text(data)]), "loss": .text("ism"), "sampler": sampler,
          "model": .text("exponential-family"),
        ]))
    }
    #expect(Support.refusal(settings("gamma"))?.settings == ["sampler", "data.type"])
    #expect(Support.refusal(settings("gaussian")) == nil)
    for name in ["importance_log_likelihood", "ais_log_likelihood", "smoothed_fisher_divergence"] {
      let metric = Metrics.declarations.first { $0.name == name }
      let given = completed(metric?.settings ?? [], .text(name))
      let trial = settings("truncated-normal").setting("sigma", to: .number(0.1))
      #expect(throws: MetricAbsence.self, "\(name)") {
        try Metrics.make(given, trial: trial, target: Targets.make(trial))
      }
    }
  }

  /// A mixture that learned a score has mass beyond the boundary; the likelihood counts it.
  @Test func aLikelihoodOnBoundedDataIsThatOfLossesThatSeeIt() {
    func exists(_ loss: String, _ data: String) -> Bool {
      var given = SettingValue.object([
        "data": .object(["type": .text(data)]), "loss": .text(loss),
      ])
      if !["exact", "gaussian-fit"].contains(loss) {
        given = given.setting("model", to: .object(["type": .text("mixture")]))
      }
      let trial = trial(given)
      let metric = SettingValue.object(["type": .text("log_likelihood")])
      return (try? Metrics.make(metric, trial: trial, target: Targets.make(trial))) != nil
    }
    #expect(!exists("ism", "gamma") && !exists("generalized-ism", "truncated-normal"))
    #expect(exists("ml", "gamma") && exists("exact", "gamma") && exists("gaussian-fit", "gamma"))
    #expect(exists("ism", "gaussian"))
  }

  @Test func boundsThatLeaveNothingAreRefused() {
    func refusal(_ lower: SettingValue, _ upper: SettingValue) -> Refusal? {
      let data = SettingValue.object([
        "type": .text("truncated-normal"), "lower": lower, "upper": upper,
      ])
      return TruncatedNormal.refusal(trial(.object(["data": data, "loss": .text("ism")])))
    }
    #expect(refusal(.null, .null) != nil)
    #expect(refusal(.number(1), .number(1)) != nil)
    #expect(refusal(.number(0), .number(1)) == nil)
    #expect(refusal(.null, .number(1)) == nil)
    #expect(refusal(.number(9999), .null) == nil)
    #expect(refusal(.number(10_001), .null)?.settings == ["data.mean", "data.lower"])
    #expect(refusal(.null, .number(-1e6))?.settings == ["data.mean", "data.upper"])
  }

  /// So far out, the coordinates are at the bound a up to exponential draws of mean (1 + (d - 1)ρ)/a.
  @Test(arguments: [2000.0, 9999])
  func correlatedDrawsThousandsOfScalesOutLieAtTheBound(_ bound: Double) {
    for sign in [1.0, -1] {
      let target = TruncatedNormal(
        mean: 0, scale: 1, correlation: 0.5,
        support: sign > 0 ? Support(lower: bound) : Support(upper: -bound), dimension: 3)
      var generator = RandomGenerator(StreamKey(bits: 6))
      let drawn = target.sample(4000, using: &generator)
      let (mean, error) = estimate(drawn.map { sign * $0 - bound })
      #expect(drawn.allSatisfy(target.support.contains))
      // Coordinates of a row are nearly independent.
      #expect((mean * bound / 2 - 1).magnitude < 5 * error * bound / 2, "\(mean * bound)")
    }
  }
}
