// Seen to fail with the trace doubled, with v halved, and with √d left out of the sphere.
import Expressions
import Randomness
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct DivergenceTests {
  @Test(arguments: ["score-mlp", "energy-mlp"])
  func itIsTheTraceOfTheJacobianByDifferences(_ type: String) {
    let (model, theta) = randomModel(type, dimension: 3)
    var numbers = TestNumbers(seed: 1)
    let point = numbers.normals(6)
    let score = model.score(at: theta)
    let h = 1e-5
    var expected = [0.0, 0.0]
    for row in 0..<2 {
      for i in 0..<3 {
        var (above, below) = (point, point)
        above[row * 3 + i] += h
        below[row * 3 + i] -= h
        let difference = zip(
          evaluate(score(.literal(above, [2, 3]))), evaluate(score(.literal(below, [2, 3])))
        ).map { ($0 - $1) / (2 * h) }
        expected[row] += difference[row * 3 + i]
      }
    }
    let exact = evaluate(divergence(of: score, at: .literal(point, [2, 3])))
    #expect(relativeDifference(exact, expected) < 1e-8)
  }

  @Test func leadingAxesAreKept() {
    let (model, theta) = randomModel("energy-mlp", dimension: 2)
    var numbers = TestNumbers(seed: 2)
    let point = numbers.normals(12)
    let score = model.score(at: theta)
    let stacked = divergence(of: score, at: .literal(point, [3, 2, 2]))
    let flat = divergence(of: score, at: .literal(point, [6, 2]))
    #expect(stacked.shape == [3, 2])
    #expect(relativeDifference(evaluate(stacked), evaluate(flat)) < 1e-14)
  }

  @Test func ofALinearFieldItIsTheTrace() {
    let x = Tensor.literal([1, 2, 3, 4], [2, 2])
    let field: ScoreFunction = { matmul($0, .literal([2, 5, 7, -11], [2, 2])) }
    #expect(evaluate(divergence(of: field, at: x)) == [-9, -9])
  }

  /// The variance of v'∇s v over many directions against its closed form in the symmetric part A.
  @Test(arguments: [Projection.rademacher, .gaussian, .sphere])
  func hutchinsonsVarianceIsItsClosedForm(_ projection: Projection) {
    let d = 4
    var numbers = TestNumbers(seed: 3)
    let b = numbers.normals(d * d)
    let a = (0..<d * d).map { (b[$0] + b[$0 % d * d + $0 / d]) / 2 }
    let norm = a.reduce(0) { $0 + $1 * $1 }
    let trace = (0..<d).reduce(0) { $0 + a[$1 * (d + 1)] }
    let diagonal = (0..<d).reduce(0) { $0 + a[$1 * (d + 1)] * a[$1 * (d + 1)] }
    let dimension = Double(d)
    let expected =
      switch projection {
      case .rademacher: 2 * (norm - diagonal)
      case .gaussian: 2 * norm
      default: 2 / (dimension + 2) * (dimension * norm - trace * trace)
      }
    let count = 40_000
    let v = projection.draw(rows: 1, dimension: d, slices: count, stream: "projection")
    let field: ScoreFunction = { matmul($0, .literal(b, [d, d])) }
    let x = Tensor.literal(numbers.normals(d), [1, d])
    let draws = evaluate(hutchinsonDivergence(of: field, at: x, along: v))
    let (mean, meanError) = estimate(draws)
    #expect((mean - trace).magnitude < 4 * meanError)
    let (variance, varianceError) = estimate(draws.map { ($0 - trace) * ($0 - trace) })
    #expect((variance - expected).magnitude < 4 * varianceError)
    #expect(varianceError < 0.05 * expected)
  }
}
