// Seen to fail with the covariance divided by n - 1.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct GaussianFitTests {
  /// Score matching over Gaussians is maximum likelihood exactly, for any sample.
  @Test func itIsTheMinimiserOfImplicitScoreMatchingForAnySample() throws {
    var numbers = TestNumbers(seed: 3)
    let rows = numbers.normals(60)
    let fit = try GaussianFit.fit(rows, dimension: 3)
    guard case .full(let factor, _) = fit.covariance else {
      Issue.record("not a full matrix")
      return
    }
    let x = Tensor.literal(rows, [20, 3])
    let mean = Tensor.literal(fit.mean, [3])
    let precision = Tensor.literal(factor.inverse, [3, 3])
    let inPrecision = gradient(
      of: { p in implicitScoreMatching({ -matmul($0 - mean, p) }, at: x) }, at: precision)
    let inMean = gradient(
      of: { m in implicitScoreMatching({ -matmul($0 - m, precision) }, at: x) }, at: mean)
    for slope in evaluate(inPrecision) + evaluate(inMean) { #expect(slope.magnitude < 1e-12) }
    let trained = number(implicitScoreMatching(fit.score, at: x))
    #expect((trained + evaluate(einsum("aa->", precision))[0] / 2).magnitude < 1e-12)
  }

  @Test func tooFewRowsHaveNoGaussian() {
    #expect(throws: DataError.self) { try GaussianFit.fit([1, 2, 3, 4], dimension: 2) }
  }
}
