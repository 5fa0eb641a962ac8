// Seen to fail with the deciles counted from the highest density down.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct FisherDivergenceByDensityTests {
  static func value(_ decile: Int, of model: Subject, at x: Tensor) throws -> Double {
    let metric = try Metrics.make(
      .object(["type": .text("fisher_divergence_in_decile"), "decile": .number(Double(decile))]),
      trial: .object([SettingValue.Member]()), target: MetricsTests.target)
    guard case .rows(let body, let reduce) = metric.quantity else { return .nan }
    return reduce(evaluate(body(model, x)))
  }

  @Test func theMeanOfTheTenIsTheFisherDivergence() throws {
    let (model, theta) = randomModel("score-mlp", dimension: 3)
    var numbers = TestNumbers(seed: 4)
    let x = Tensor.literal(numbers.normals(180), [60, 3])
    let subject = model.subject(at: theta)
    let all = try (1...10).map { try Self.value($0, of: subject, at: x) }
    let whole = number(
      explicitScoreMatching(subject.score, at: x, target: MetricsTests.target.score(x)))
    #expect(relativeDifference([all.reduce(0, +) / 10], [whole]) < 1e-13)
  }

  /// A score of 0 misses ½‖x‖²/16, which grows as the density falls.
  @Test func theFirstIsWhereTheDensityIsLowest() throws {
    var numbers = TestNumbers(seed: 5)
    let points = numbers.normals(120)
    let squares = points.map { $0 * $0 }
    let norms = (0..<40).map { squares[3 * $0..<3 * $0 + 3].reduce(0, +) }.sorted(by: >)
    let zero = Subject(dimension: 3, score: { .zeros($0.shape) })
    for decile in 1...10 {
      let found = try Self.value(decile, of: zero, at: .literal(points, [40, 3]))
      let tenth = norms.dropFirst(4 * (decile - 1)).prefix(4)
      let expected = tenth.reduce(0, +) / 128
      #expect(relativeDifference([found], [expected]) < 1e-12)
    }
  }

  @Test func tenthsOfRowsThatDoNotDivideDifferByOne() {
    let keys = (0..<13).map { Double(12 - $0) }
    let sizes = (1...10).map { decile in
      (0..<13).filter { row in
        Metric.decileMean(
          of: (0..<13).map { $0 == row ? 1 : 0 }, decile, by: keys) > 0
      }
    }
    #expect(sizes.flatMap { $0.reversed() } == (0..<13).reversed())
    #expect(sizes.allSatisfy { [1, 2].contains($0.count) })
    #expect(Metric.decileMean(of: [1, 2], 1, by: [3, 4]).isNaN)
  }
}
