// Seen to fail with the sign of the slope turned and with d for its root in the distance.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct FiniteDifferenceDenoisingScoreMatchingTests {
  static let sigma = 0.7

  @Test(arguments: [1e-3, 0.1, 1, 30])
  func onQuadraticEnergiesTheMeanOverDirectionsIsDenoisingForEveryDistance(_ epsilon: Double) {
    for d in 1...4 {
      var numbers = TestNumbers(seed: UInt64(d))
      let p = Tensor.literal(numbers.normals(d * d), [d, d])
      let (energy, score) = FiniteDifferenceSlicedScoreMatchingTests.quadratic(
        p, .literal(numbers.normals(d), [d]))
      let x = Tensor.literal(numbers.normals(3 * d), [3, d])
      let noise = Tensor.literal(numbers.normals(3 * d), [3, d])
      let exact = number(
        denoisingScoreMatching(score, at: x, noise: noise, scale: .fill(Self.sigma)))
      let found = number(
        finiteDifferenceDenoisingScoreMatching(
          energy, at: x, noise: noise, scale: .fill(Self.sigma),
          along: allSigns(rows: 3, dimension: d), distance: .fill(epsilon)))
      #expect((found - exact).magnitude < 1e-12 * (1 + 1 / epsilon) * (1 + exact.magnitude))
    }
  }

  /// E = ¼x⁴: s = -x³ becomes -x(x² + ε²).
  @Test func aQuarticEnergyHasTheValueWorkedOutByHand() {
    let (points, draws) = ([-1.5, 0.25, 2], [0.5, -1.0, 2])
    let epsilon = 0.5
    let rows = zip(points, draws).map { x, n in
      let noisy = x + Self.sigma * n
      let residual = -Self.sigma * noisy * (noisy * noisy + epsilon * epsilon) + n
      return residual * residual / 2
    }
    let found = number(
      finiteDifferenceDenoisingScoreMatching(
        { dot($0 * $0, $0 * $0) / 4 }, at: .literal(points, [3, 1]),
        noise: .literal(draws, [3, 1]), scale: .fill(Self.sigma),
        along: allSigns(rows: 3, dimension: 1), distance: .fill(epsilon)))
    #expect(relativeDifference([found], [rows.reduce(0, +) / 3]) < 1e-13)
  }

  @Test func ofOtherEnergiesTheBiasIsOfSecondOrder() throws {
    for d in [1, 3, 5] {
      let (model, theta) = randomModel("energy-mlp", dimension: d)
      let energy = try #require(model.energy(at: theta))
      var numbers = TestNumbers(seed: UInt64(d))
      let x = Tensor.literal(numbers.normals(4 * d), [4, d])
      let noise = Tensor.literal(numbers.normals(4 * d), [4, d])
      let exact = number(
        denoisingScoreMatching(
          model.score(at: theta), at: x, noise: noise, scale: .fill(Self.sigma)))
      let order = FiniteDifferenceSlicedScoreMatchingTests.order { epsilon in
        number(
          finiteDifferenceDenoisingScoreMatching(
            energy, at: x, noise: noise, scale: .fill(Self.sigma),
            along: allSigns(rows: 4, dimension: d), distance: .fill(epsilon))) - exact
      }
      #expect((1.9...2.1).contains(order), "d \(d): order \(order)")
    }
  }

  @Test func itsGradientIsThatOfFiniteDifferencesInTheParameters() {
    let (model, theta) = randomModel("energy-mlp", dimension: 3, skip: true)
    var numbers = TestNumbers(seed: 8)
    let x = Tensor.literal(numbers.normals(12), [4, 3])
    let noise = Tensor.literal(numbers.normals(12), [4, 3])
    let v = Tensor.literal(numbers.normals(24), [2, 4, 3])
    let error = gradientError(at: theta) { theta in
      finiteDifferenceDenoisingScoreMatching(
        { x in model.energy(at: theta).map { $0(x) } ?? x }, at: x, noise: noise,
        scale: .fill(Self.sigma), along: v, distance: 0.1)
    }
    #expect(error < 1e-6)
  }

  @Test func itsMinimiserIsThePrecisionOfTheSmoothedDensity() {
    let covariance = randomCovariance(dimension: 3, seed: 5)
    var smoothed = covariance
    for i in 0..<3 { smoothed[i * 4] += Self.sigma * Self.sigma }
    let (x, noise) = LinearScoreTests.noisy(LinearScoreTests.points(covariance))
    let v = allSigns(rows: x.shape[0], dimension: 3)
    let loss = { (p: Tensor) in
      finiteDifferenceDenoisingScoreMatching(
        FiniteDifferenceSlicedScoreMatchingTests.quadratic(p, .zeros([3])).energy, at: x,
        noise: noise, scale: .fill(Self.sigma), along: v, distance: 0.5)
    }
    expectMinimum(of: loss, at: LinearScoreTests.inverse(smoothed), "fd-dsm")
  }
}
