// Seen to fail with the square of v·s left out, with the 1/2 of the norm left out, and with s in
// the place of v in the trace.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

/// E[v vᵀ] = I holds exactly for the uniform law on {-1, 1}^d, so the average over all 2^d sign
/// vectors must give implicit score matching to rounding error, for any network.
@Suite struct SlicedScoreMatchingTests {
  static let networks = ["score-mlp", "energy-mlp"].flatMap { type in
    ["softplus", "tanh", "silu", "elu"].map { (type, $0) }
  }

  @Test(arguments: networks)
  func averagedOverAllSignsItIsImplicitScoreMatching(_ type: String, _ activation: String) {
    for d in 1...6 {
      let (model, theta) = randomModel(type, dimension: d, activation: activation, skip: d % 2 == 0)
      var numbers = TestNumbers(seed: UInt64(d))
      let x = Tensor.literal(numbers.normals(3 * d), [3, d])
      let v = allSigns(rows: 3, dimension: d)
      let score = model.score(at: theta)
      let exact = number(implicitScoreMatching(score, at: x))
      let sliced = number(slicedScoreMatching(score, at: x, along: v))
      let reduced = number(varianceReducedSlicedScoreMatching(score, at: x, along: v))
      #expect((sliced - exact).magnitude < 1e-12 * max(1, exact.magnitude))
      #expect((reduced - exact).magnitude < 1e-12 * max(1, exact.magnitude))
    }
  }

  @Test func oneProjectionPerRowIsTheSameAsOneSlice() {
    let (model, theta) = randomModel("energy-mlp", dimension: 3)
    var numbers = TestNumbers(seed: 4)
    let x = Tensor.literal(numbers.normals(12), [4, 3])
    let v = numbers.normals(12)
    let flat = slicedScoreMatching(model.score(at: theta), at: x, along: .literal(v, [4, 3]))
    let stacked = slicedScoreMatching(model.score(at: theta), at: x, along: .literal(v, [1, 4, 3]))
    #expect(relativeDifference([number(flat)], [number(stacked)]) < 1e-14)
  }

  /// On the unit sphere the plain sliced loss is 1/d of implicit score matching.
  @Test func directionsOfLengthOneScaleTheLossByTheDimension() {
    let d = 4
    let (model, theta) = randomModel("score-mlp", dimension: d)
    var numbers = TestNumbers(seed: 5)
    let x = Tensor.literal(numbers.normals(2 * d), [2, d])
    let v = allSigns(rows: 2, dimension: d) / .fill(Double(d).squareRoot())
    let score = model.score(at: theta)
    let sliced = number(slicedScoreMatching(score, at: x, along: v))
    let exact = number(implicitScoreMatching(score, at: x))
    #expect((sliced * Double(d) - exact).magnitude < 1e-12 * max(1, exact.magnitude))
  }
}
