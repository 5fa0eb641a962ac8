import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with the determinant's sign turned, with A for its inverse in the density, with sources that are
// not mixed in sampling, with A transposed, with singular values of twice the range.
@Suite struct IndependentComponentsTests {
  static func make(
    _ d: Int, _ sources: String = "logistic", condition: Double = 10, seed: Int = 0
  ) -> IndependentComponents {
    IndependentComponents(
      .object([
        "sources": .text(sources), "condition": .number(condition),
        "target_seed": .number(Double(seed)), "mixing": .text("shared"),
      ]), dimension: d, repetition: 0)
  }

  @Test func repeatsHaveMatricesOfTheirOwnWhereTheyAreAskedFor() throws {
    func mixing(_ name: String, _ repetition: Double) throws -> [Double] {
      let settings = trial(
        .object([
          "data": .object(["type": .text("ica"), "mixing": .text(name)]),
          "repeat": .number(repetition),
        ]))
      return try #require(Targets.make(settings) as? IndependentComponents).mixing
    }
    #expect(try mixing("shared", 0) == mixing("shared", 1))
    #expect(try mixing("per-repeat", 0) != mixing("per-repeat", 1))
    #expect(try mixing("per-repeat", 1) == mixing("per-repeat", 1))
    #expect(try mixing("shared", 0) == Self.make(2).mixing)
  }

  @Test(arguments: [1, 2, 4, 20], [1.0, 3, 10, 1000])
  func theConditionStaysBelowTheBound(_ d: Int, _ bound: Double) throws {
    for seed in 0..<5 {
      let target = Self.make(d, condition: bound, seed: seed)
      let a = target.mixing
      let gram = (0..<d * d).map { place in
        (0..<d).reduce(0) { $0 + a[$1 * d + place / d] * a[$1 * d + place % d] }
      }
      let values = SymmetricEigen(gram, count: d).values.map { $0.squareRoot() }
      let (least, most) = (try #require(values.min()), try #require(values.max()))
      #expect(most / least <= bound * (1 + 1e-9))
      #expect(bound == 1 || d < 20 || most / least > bound.squareRoot())
    }
  }

  @Test(arguments: [1, 2, 5, 12])
  func theInverseAndItsDeterminantBelongToTheMatrix(_ d: Int) {
    let target = Self.make(d)
    let product = matmul(.literal(target.unmixing, [d, d]), .literal(target.mixing, [d, d]))
    let identity = (0..<d * d).map { $0 / d == $0 % d ? 1.0 : 0 }
    #expect(relativeDifference(evaluate(product), identity) < 1e-13)
    let logarithm = number(logAbsoluteDeterminant(.literal(target.unmixing, [d, d])))
    #expect((logarithm - target.logDeterminant).magnitude < 1e-13)
    #expect(Self.make(d, seed: 1).mixing != target.mixing)
    #expect(Self.make(d, "laplace").mixing == target.mixing)
  }

  /// The log density is that of the sources less ln |det A|, the score turned back by A⁻¹.
  @Test(arguments: ["logistic", "laplace"])
  func densityAndScoreAreThoseOfTheSources(_ sources: String) {
    let d = 3
    let target = Self.make(d, sources)
    var numbers = TestNumbers(seed: 6)
    let s = numbers.normals(d)
    let x = (0..<d).map { i in (0..<d).reduce(0) { $0 + target.mixing[i * d + $1] * s[$1] } }
    let expected = s.reduce(target.logDeterminant) { sum, value in
      sum + target.law.logPeak - number(target.law.energy(.fill(value)))
    }
    #expect((evaluate(target.logDensity(.literal(x, [1, d])))[0] - expected).magnitude < 1e-12)
    let slopes = evaluate(target.law.score(.literal(s, [d])))
    let score = (0..<d).map { i in
      (0..<d).reduce(0) { $0 + slopes[$1] * target.unmixing[$1 * d + i] }
    }
    #expect(relativeDifference(evaluate(target.score(.literal(x, [1, d]))), score) < 1e-12)
  }

  @Test func samplesHaveTheCovarianceOfTheMixture() {
    let d = 3
    for sources in ["logistic", "laplace"] {
      let target = Self.make(d, sources, seed: 4)
      var generator = RandomGenerator(StreamKey(bits: 8))
      let rows = target.sample(20_000, using: &generator)
      for i in 0..<d {
        for j in 0...i {
          let products = stride(from: 0, to: rows.count, by: d).map { rows[$0 + i] * rows[$0 + j] }
          let expected = (0..<d).reduce(0) {
            $0 + target.mixing[i * d + $1] * target.mixing[j * d + $1]
          }
          let found = estimate(products)
          #expect((found.mean - expected).magnitude < 4 * found.error, "\(sources) \(i) \(j)")
        }
      }
    }
  }

  @Test func hundredsOfDimensionsAreRefused() {
    func refusal(_ dimension: Double) -> Refusal? {
      ScoreMatchingSettingsTests.refusal([
        "data": .object(["type": .text("ica")]), "loss": .text("ism"),
        "dimension": .number(dimension),
      ])
    }
    #expect(refusal(513)?.settings == ["dimension", "data.type"] && refusal(512) == nil)
  }
}
