// Seen to fail with the sign of the divergence turned, the factor 1/2 left out, and ε/σ as ε.
//
// A linear score has losses quadratic in data, noise and directions, so points with the right first
// moments give expectations exactly: no statistics, tolerances of rounding.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct LinearScoreTests {
  static let dimension = 3
  static let sigma = 0.7

  /// Points with covariance `matrix`, exactly.
  static func points(_ matrix: [Double]) -> [[Double]] {
    guard let factor = Cholesky(matrix, count: dimension) else { return [] }
    return cubature(dimension: dimension).map(factor.multiply)
  }

  /// Each point beside each noise point, [n, d] twice.
  static func noisy(_ points: [[Double]]) -> (x: Tensor, noise: Tensor) {
    let noise = cubature(dimension: dimension)
    let rows = points.flatMap { point in noise.map { (point, $0) } }
    return (
      .literal(rows.flatMap(\.0), [rows.count, dimension]),
      .literal(rows.flatMap(\.1), [rows.count, dimension])
    )
  }

  static func inverse(_ matrix: [Double]) -> Tensor {
    .literal(Cholesky(matrix, count: dimension)?.inverse ?? [], [dimension, dimension])
  }

  static func randomField(_ seed: UInt64) -> ScoreFunction {
    var numbers = TestNumbers(seed: seed)
    let matrix = Tensor.literal(numbers.normals(9), [3, 3])
    let offset = Tensor.literal(numbers.normals(3), [3])
    return { matmul($0, matrix) + offset }
  }

  @Test func denoisingIsImplicitMatchingOfTheSmoothedDensityAndAConstant() {
    let (x, noise) = Self.noisy(Self.points(randomCovariance(dimension: 3, seed: 1)))
    let sigma = Tensor.fill(Self.sigma)
    for seed in 1...3 {
      let field = Self.randomField(UInt64(seed))
      let constant = 3 / (2 * Self.sigma * Self.sigma)
      let implicit = number(implicitScoreMatching(field, at: x + sigma * noise))
      let plain = number(
        unweightedDenoisingScoreMatching(field, at: x, noise: noise, scale: sigma))
      let squared = number(denoisingScoreMatching(field, at: x, noise: noise, scale: sigma))
      let quartic = number(quarticDenoisingScoreMatching(field, at: x, noise: noise, scale: sigma))
      #expect(relativeDifference([plain], [implicit + constant]) < 1e-13)
      #expect(relativeDifference([squared], [plain * Self.sigma * Self.sigma]) < 1e-13)
      #expect(relativeDifference([quartic], [squared * Self.sigma * Self.sigma]) < 1e-13)
    }
  }

  @Test func explicitMinusImplicitMatchingIsHalfTheFisherInformation() {
    let covariance = randomCovariance(dimension: 3, seed: 2)
    let x = Tensor.literal(Self.points(covariance).flatMap { $0 }, [6, 3])
    let precision = Self.inverse(covariance)
    let trace = evaluate(einsum("aa->", precision))[0]
    for seed in 1...3 {
      let field = Self.randomField(UInt64(seed))
      let explicit = number(explicitScoreMatching(field, at: x, target: -matmul(x, precision)))
      let implicit = number(implicitScoreMatching(field, at: x))
      #expect(relativeDifference([explicit - implicit], [trace / 2]) < 1e-13)
    }
  }

  typealias Loss = @Sendable (@escaping ScoreFunction, Tensor, Tensor) -> Tensor
  static let losses: [(String, Double, Loss)] = [
    ("ism", 0, { score, x, _ in implicitScoreMatching(score, at: x) }),
    (
      "ssm", 0,
      { score, x, _ in
        slicedScoreMatching(score, at: x, along: allSigns(rows: x.shape[0], dimension: 3))
      }
    ),
    (
      "ssm-vr", 0,
      { score, x, _ in
        varianceReducedSlicedScoreMatching(
          score, at: x, along: allSigns(rows: x.shape[0], dimension: 3))
      }
    ),
    (
      "dsm 0", sigma,
      { unweightedDenoisingScoreMatching($0, at: $1, noise: $2, scale: .fill(sigma)) }
    ),
    ("dsm 2", sigma, { denoisingScoreMatching($0, at: $1, noise: $2, scale: .fill(sigma)) }),
    ("dsm 4", sigma, { quarticDenoisingScoreMatching($0, at: $1, noise: $2, scale: .fill(sigma)) }),
  ]

  /// s = -x P on N(0, Σ) data: the gradient in P vanishes at the precision of the density that the
  /// loss is about, and along P (1 + t) it points back from both sides.
  @Test(arguments: losses.indices)
  func theMinimiserIsThePrecision(_ index: Int) {
    let (name, scale, loss) = Self.losses[index]
    let covariance = randomCovariance(dimension: 3, seed: 5)
    var smoothed = covariance
    for i in 0..<3 { smoothed[i * 4] += scale * scale }
    let (x, noise) = Self.noisy(Self.points(covariance))
    expectMinimum(
      of: { p in loss({ -matmul($0, p) }, x, noise) }, at: Self.inverse(smoothed), name)
  }

  @Test func explicitMatchingIsZeroAtThePrecisionOnly() {
    let covariance = randomCovariance(dimension: 3, seed: 6)
    let x = Tensor.literal(Self.points(covariance).flatMap { $0 }, [6, 3])
    let precision = Self.inverse(covariance)
    let target = -matmul(x, precision)
    let loss = { (p: Tensor) in explicitScoreMatching({ -matmul($0, p) }, at: x, target: target) }
    #expect(number(loss(precision)) == 0)
    let above = number(einsum("ab,ab->", gradient(of: loss, at: precision * 1.1), precision))
    let below = number(einsum("ab,ab->", gradient(of: loss, at: precision * 0.9), precision))
    #expect(above > 0 && below < 0)
  }
}
