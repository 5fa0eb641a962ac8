// Seen to fail with d left out of the share of equal correlations, half a squared mean not divided by the
// variance, the spread of the nodes over t in place of t², and quadratures of curves with panels of half their
// length.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct NoisyScoreTests {
  /// The score at a noise level for each row against the smoothed target's of that level.
  static func expectAgreement(_ target: any Target, _ name: String) throws {
    let d = target.dimension
    let noisy = try #require(target.noisyScore, "\(name)")
    let sigmas = [0.01, 0.5, 3, 40]
    var generator = RandomGenerator(StreamKey(bits: 17))
    let points = zip(target.sample(8, using: &generator), 0...).map { value, place in
      value + sigmas[place / d % 4] * generator.normal()
    }
    let levels = (0..<8).map { sigmas[$0 % 4] }
    let found = noisy(.literal(points, [8, d]), .literal(levels, [8]))
    #expect(found.shape == [8, d])
    let values = evaluate(found)
    for row in 0..<8 {
      let smoothed = try #require(target.smoothed(by: levels[row]))
      let x = Tensor.literal(Array(points[row * d..<(row + 1) * d]), [1, d])
      let expected = evaluate(smoothed.score(x))
      let own = Array(values[row * d..<(row + 1) * d])
      #expect(relativeDifference(own, expected) < 1e-9, "\(name) at \(levels[row])")
      let scalar = evaluate(noisy(x, .fill(levels[row])))
      #expect(relativeDifference(scalar, own) < 1e-12)
    }
    let stacked = noisy(.literal(points, [2, 4, d]), .literal(Array(levels.prefix(4)), [4]))
    #expect(stacked.shape == [2, 4, d])
    #expect(relativeDifference(evaluate(stacked), values) < 1e-12)
  }

  /// The closed form of the score and its divergence against derivatives.
  static func expectDivergence(_ target: any Target, _ name: String) throws {
    let d = target.dimension
    guard let closedForm = target.noisyDivergence else { return }
    let noisy = try #require(target.noisyScore)
    var generator = RandomGenerator(StreamKey(bits: 18))
    for sigma in [0.01, 0.1, 1, 20] {
      let points = target.sample(6, using: &generator).map { $0 + sigma * generator.normal() }
      let x = Tensor.literal(points, [6, d])
      let found = closedForm(x, .fill(sigma))
      let expected = valueAndDivergence(of: { noisy($0, .fill(sigma)) }, at: x)
      #expect(found.score.shape == [6, d] && found.divergence.shape == [6])
      #expect(relativeDifference(evaluate(found.score), evaluate(expected.value)) < 1e-11)
      let difference = relativeDifference(
        evaluate(found.divergence), evaluate(expected.divergence))
      #expect(difference < 1e-10, "\(name) at \(sigma): \(difference)")
    }
  }

  /// Fewer nodes give the same where the noise is at least as wide as they are made for.
  @Test(arguments: TargetTests.planar)
  func whatIsCoarserGivesTheSameThroughItsNoise(_ data: SettingValue) throws {
    let target = try TargetTests.make(data)
    var generator = RandomGenerator(StreamKey(bits: 19))
    for floor in [0.05, 0.2, 1, 5.0] {
      let coarse = target.coarsened(from: floor)
      for sigma in [floor, 1.5 * floor, 4 * floor] {
        let points = target.sample(12, using: &generator).map {
          $0 + 1.5 * sigma * generator.normal()
        }
        let x = Tensor.literal(points, [12, 2])
        let (one, other) = (try #require(target.noisyScore), try #require(coarse.noisyScore))
        let difference = relativeDifference(
          evaluate(other(x, .fill(sigma))), evaluate(one(x, .fill(sigma))))
        #expect(difference < 1e-9, "\(data) from \(floor) at \(sigma): \(difference)")
      }
      #expect(coarse.width <= target.width)
    }
  }

  @Test func manyNodesBecomeFew() throws {
    let rings = try #require(Toys.make("rings", tau: 0.08))
    #expect(rings.width > 2000)
    #expect(rings.coarsened(from: 0.8).width * 8 < rings.width)
  }

  @Test(arguments: TargetTests.planar)
  func theDivergenceOfAToyNeedsNoDerivative(_ data: SettingValue) throws {
    let target = try TargetTests.make(data)
    #expect(target is Gaussian || (target.noisyDivergence != nil && target.width > 0))
    try Self.expectDivergence(target, "\(data)")
  }

  @Test(arguments: [1, 2, 7])
  func theDivergenceOfAMixtureNeedsNoDerivative(_ d: Int) throws {
    let mixture = SettingValue.object([
      "type": .text("gaussian-mixture"), "components": .number(5), "spread": .number(2),
      "scale": .number(0.7),
    ])
    try Self.expectDivergence(try TargetTests.make(mixture, dimension: d), "mixture \(d)")
  }

  @Test(arguments: TargetTests.planar)
  func itIsTheScoreOfTheSmoothedTarget(_ data: SettingValue) throws {
    try Self.expectAgreement(try TargetTests.make(data), "\(data)")
  }

  @Test(arguments: TargetTests.planar.prefix(4), [1, 7])
  func soItIsInOtherDimensions(_ data: SettingValue, _ dimension: Int) throws {
    try Self.expectAgreement(try TargetTests.make(data, dimension: dimension), "\(data)")
  }

  @Test func whatHasNoClosedFormHasNone() throws {
    let student = try TargetTests.make(.object(["type": .text("student-t")]))
    #expect(student.noisyScore == nil)
  }
}
