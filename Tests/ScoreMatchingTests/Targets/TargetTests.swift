// Seen to fail with the normaliser's d/2 as d, sigma not squared in a smoothed variance, samples
// drawn with half the noise, the density along a curve left out of sampling, four nodes a panel,
// circles in steps of 1.5 tau, the board's colours swapped in sampling, the determinant doubled,
// and d left out of Student's score.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct TargetTests {
  static func make(_ data: SettingValue, dimension: Int = 2) throws -> any Target {
    try #require(
      Targets.make(
        trial(
          .object([
            "data": data, "dimension": .number(Double(dimension)), "loss": .text("gaussian-fit"),
          ]))))
  }

  /// Every kind of target in the plane, toys with enough noise for a coarse grid.
  static let planar: [SettingValue] =
    [
      .object(["type": .text("gaussian"), "scale": .number(1.3)]),
      .object([
        "type": .text("gaussian"),
        "covariance": .object(["type": .text("equicorrelated"), "correlation": .number(0.7)]),
      ]),
      .object([
        "type": .text("gaussian"),
        "covariance": .object(["type": .text("random-spectrum"), "condition": .number(5)]),
      ]),
      .object([
        "type": .text("gaussian-mixture"), "components": .number(4), "spread": .number(2),
        "scale": .number(0.7),
      ]),
      .object([
        "type": .text("gaussian-mixture"), "scale": .number(0.5),
        "means": .list([.list([.number(2), .number(1)]), .list([.number(-2), .number(0)])]),
        "weights": .list([.number(8), .number(2)]),
      ]),
    ] + toyNames.map { .object(["type": .text($0), "tau": .number(0.4)]) }

  static let toyNames = [
    "eight-gaussians", "two-moons", "swiss-roll", "checkerboard", "rings", "pinwheel", "spirals",
  ]

  /// Points of a square grid and the area of a cell.
  static func grid(halfWidth: Double, step: Double) -> (points: [Double], area: Double) {
    let count = Int(2 * halfWidth / step)
    let axis = (0..<count).map { -halfWidth + (Double($0) + 0.5) * step }
    return (axis.flatMap { x in axis.flatMap { [x, $0] } }, step * step)
  }

  static func literal(_ points: [Double], _ dimension: Int = 2) -> Tensor {
    .literal(points, [points.count / dimension, dimension])
  }

  static func functions(_ x: Double, _ y: Double) -> [Double] {
    [
      1, x, y, x * x, x * y, y * y, ElementaryFunction.cosine.evaluate(2 * x + y),
      ElementaryFunction.sine.evaluate(x - 2 * y), max(x - 1, 0),
    ]
  }

  /// A smooth density is integrated by equal steps to rounding; samples have its moments.
  @Test(arguments: planar)
  func theDensityIntegratesToOneAndSamplesFollowIt(_ data: SettingValue) throws {
    let target = try Self.make(data)
    let (points, area) = Self.grid(halfWidth: 7.5, step: 0.3)
    let logs = evaluate(target.logDensity(Self.literal(points)))
    var expected = [Double](repeating: 0, count: 9)
    for (index, log) in logs.enumerated() {
      let weight = ElementaryFunction.exp.evaluate(log) * area
      let values = Self.functions(points[2 * index], points[2 * index + 1])
      for k in 0..<9 { expected[k] += weight * values[k] }
    }
    #expect((expected[0] - 1).magnitude < 1e-6)
    var generator = RandomGenerator(StreamKey(bits: 12))
    let samples = target.sample(20_000, using: &generator)
    let values = stride(from: 0, to: samples.count, by: 2).map {
      Self.functions(samples[$0], samples[$0 + 1])
    }
    for k in 1..<9 {
      let (mean, error) = estimate(values.map { $0[k] })
      #expect((mean - expected[k]).magnitude < 4.5 * error + 1e-3, "\(data) function \(k)")
    }
  }

  @Test(
    arguments: planar + [.object(["type": .text("student-t")]), .object(["type": .text("ica")])])
  func theScoreIsTheGradientOfTheLogDensity(_ data: SettingValue) throws {
    let target = try Self.make(data)
    var generator = RandomGenerator(StreamKey(bits: 13))
    let points = target.sample(12, using: &generator)
    let h = 1e-5
    let differences = points.indices.map { index -> Double in
      var (above, below) = (points, points)
      above[index] += h
      below[index] -= h
      let rows = [above, below].map { evaluate(target.logDensity(Self.literal($0)))[index / 2] }
      return (rows[0] - rows[1]) / (2 * h)
    }
    let score = evaluate(target.score(Self.literal(points)))
    #expect(relativeDifference(score, differences) < 1e-7)
    // Leading axes change nothing.
    let stacked = target.score(.literal(points, [3, 4, 2]))
    #expect(stacked.shape == [3, 4, 2])
    #expect(relativeDifference(evaluate(stacked), score) < 1e-13)
  }

  /// At their usual noise, on samples and around them.
  @Test(arguments: toyNames)
  func moreQuadratureNodesChangeNoScore(_ name: String) throws {
    let data = SettingValue.object(["type": .text(name)])
    let tau = trial(.object(["data": data])).real("data.tau")
    let coarse = try Self.make(data)
    let fine = try #require(Toys.make(name, tau: tau, refinement: 2))
    var generator = RandomGenerator(StreamKey(bits: 14))
    let samples = coarse.sample(60, using: &generator)
    let spread = samples.map { $0 + 2 * tau * generator.normal() }
    let points = Self.literal(samples + spread)
    let scores = [coarse, fine].map { evaluate($0.score(points)) }
    let largest = zip(scores[0], scores[1]).map { ($0 - $1).magnitude }.max() ?? 1
    #expect(largest < 1e-10, "\(name): \(largest)")
    let logs = [coarse, fine].map { evaluate($0.logDensity(points)) }
    #expect(relativeDifference(logs[0], logs[1]) < 1e-12)
  }

  /// ∇ log p_σ is what predicts -ε/σ best: E[(∇ log p_σ(x̃) + ε/σ) g(x̃)] = 0 for every g.
  @Test(arguments: planar)
  func theSmoothedScorePredictsTheNoise(_ data: SettingValue) throws {
    let sigma = 0.6
    let target = try Self.make(data)
    let smoothed = try #require(target.smoothed(by: sigma))
    var generator = RandomGenerator(StreamKey(bits: 15))
    let samples = target.sample(1000, using: &generator)
    let noise = samples.map { _ in generator.normal() }
    let noisy = zip(samples, noise).map { $0 + sigma * $1 }
    let score = evaluate(smoothed.score(Self.literal(noisy)))
    for k in 0..<9 {
      for i in 0..<2 {
        let products = (0..<1000).map { row -> Double in
          let value = Self.functions(noisy[2 * row], noisy[2 * row + 1])[k]
          return (score[2 * row + i] + noise[2 * row + i] / sigma) * value
        }
        let (mean, error) = estimate(products)
        #expect(mean.magnitude < 4.5 * error, "\(data) function \(k)")
      }
    }
  }

  /// E[tr ∇s + ‖s‖²] = 0 under the target itself, in dimensions that no grid reaches.
  @Test(arguments: ["gaussian", "gaussian-mixture", "student-t", "ica"], [1, 7])
  func theScoreBelongsToTheSamples(_ type: String, _ dimension: Int) throws {
    let target = try Self.make(.object(["type": .text(type)]), dimension: dimension)
    #expect(target.dimension == dimension)
    var generator = RandomGenerator(StreamKey(bits: 16))
    let samples = target.sample(3000, using: &generator)
    let x = Self.literal(samples, dimension)
    let (s, trace) = valueAndDivergence(of: target.score, at: x)
    let (mean, error) = estimate(evaluate(trace + dot(s, s)))
    #expect(mean.magnitude < 4 * error)
    // A score of half the size would show.
    let wrong = estimate(evaluate(trace / 2 + dot(s, s) / 4))
    #expect(wrong.mean.magnitude > 4 * wrong.error)
  }
}
