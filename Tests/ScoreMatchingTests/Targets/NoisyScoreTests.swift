// Seen to fail with d left out of the share of equal correlations, and half a squared mean not divided by the
// variance.
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
