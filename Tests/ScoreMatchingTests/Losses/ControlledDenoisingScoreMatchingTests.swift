// Seen to fail with the score at the clean points left out.
import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct ControlledDenoisingScoreMatchingTests {
  /// Signs have mean 0 and length √d, exactly: over all of them the control variate sums to nothing.
  @Test(arguments: ["score-mlp", "energy-mlp"])
  func whatIsSubtractedHasMeanZero(_ type: String) {
    for d in 1...5 {
      let (model, theta) = randomModel(type, dimension: d)
      var numbers = TestNumbers(seed: UInt64(d))
      let x = Tensor.literal(numbers.normals(3 * d), [3, d])
      let noise = allSigns(rows: 3, dimension: d)
      for sigma in [0.01, 0.5, 3] {
        let plain = number(
          denoisingScoreMatching(model.score(at: theta), at: x, noise: noise, scale: .fill(sigma)))
        let controlled = number(
          controlledDenoisingScoreMatching(
            model.score(at: theta), at: x, noise: noise, scale: .fill(sigma)))
        #expect(relativeDifference([controlled], [plain]) < 1e-12)
      }
    }
  }

  /// s = -x in one dimension: ½σ²(x + σn)² - σ²n² + ½.
  @Test func aLinearScoreHasTheValueWorkedOutByHand() {
    let (points, draws) = ([-1.5, 0.25, 2], [0.5, -1.0, 2])
    let sigma = 0.3
    let rows = zip(points, draws).map { x, n in
      let noisy = x + sigma * n
      return sigma * sigma * (noisy * noisy / 2 - n * n) + 0.5
    }
    let found = number(
      controlledDenoisingScoreMatching(
        { -$0 }, at: .literal(points, [3, 1]), noise: .literal(draws, [3, 1]),
        scale: .fill(sigma)))
    #expect(relativeDifference([found], [rows.reduce(0, +) / 3]) < 1e-13)
  }

  /// Of first order in σ for a draw of the noise; the odd terms cancel between it and its opposite,
  /// so that what is left of the two is of second order.
  @Test func asTheNoiseVanishesItIsSlicedMatchingAlongTheNoiseAndAConstant() {
    for d in [1, 3, 5] {
      let (model, theta) = randomModel("score-mlp", dimension: d)
      let score = model.score(at: theta)
      var numbers = TestNumbers(seed: UInt64(d))
      let x = Tensor.literal(numbers.normals(4 * d), [4, d])
      let draws = numbers.normals(4 * d)
      let v = Tensor.literal(draws + draws.map { -$0 }, [2, 4, d])
      let limit = number(varianceReducedSlicedScoreMatching(score, at: x, along: v))
      let scales = [0.08, 0.04, 0.02, 0.01]
      let distances = scales.map { sigma in
        let loss = number(
          controlledDenoisingScoreMatching(score, at: x, noise: v, scale: .fill(sigma)))
        return ((loss - Double(d) / 2) / (sigma * sigma) - limit).magnitude
      }
      let draw = Tensor.literal(draws, [4, d])
      let ofOne = number(varianceReducedSlicedScoreMatching(score, at: x, along: draw))
      let distancesOfOne = scales.map { sigma in
        let loss = number(
          controlledDenoisingScoreMatching(score, at: x, noise: draw, scale: .fill(sigma)))
        return ((loss - Double(d) / 2) / (sigma * sigma) - ofOne).magnitude
      }
      let orderOfOne = logarithmicSlope(scales, distancesOfOne)
      #expect((0.7...1.3).contains(orderOfOne), "d \(d), one draw: order \(orderOfOne)")
      let order = logarithmicSlope(scales, distances)
      #expect((1.8...2.2).contains(order), "d \(d): order \(order)")
      #expect(distances[3] < 0.01 * (1 + limit.magnitude))
    }
  }

  /// Divided by σ², gradients over draws of the noise: variance of order 1/σ² against bounded.
  @Test func theVarianceOfItsGradientStaysBounded() {
    let (model, theta) = randomModel("score-mlp", dimension: 2)
    var numbers = TestNumbers(seed: 3)
    let x = Tensor.literal(numbers.normals(8), [4, 2])
    let direction = numbers.normals(theta[0].elementCount)
    let draws = (0..<100).map { _ in numbers.normals(8) }
    typealias Loss = (@escaping ScoreFunction, Tensor, Tensor) -> Tensor
    func variance(_ sigma: Double, _ loss: Loss) -> Double {
      let noise = Tensor.state("noise", [4, 2])
      let slope = gradient(
        of: { first in
          loss(model.score(at: [first] + theta.dropFirst()), noise, .fill(sigma))
            / .fill(sigma * sigma)
        }, at: theta[0])
      let along = einsum("ab,ab->", slope, .literal(direction, theta[0].shape))
      let (_, error) = estimate(draws.map { number(along, ["noise": $0]) })
      return error * error * Double(draws.count)
    }
    let scales = [0.1, 0.03, 0.01, 0.003]
    let plain = logarithmicSlope(
      scales,
      scales.map { variance($0) { denoisingScoreMatching($0, at: x, noise: $1, scale: $2) } })
    let controlled = logarithmicSlope(
      scales,
      scales.map {
        variance($0) { controlledDenoisingScoreMatching($0, at: x, noise: $1, scale: $2) }
      })
    #expect((-2.2 ... -1.8).contains(plain), "without: \(plain)")
    #expect((-0.2...0.2).contains(controlled), "with: \(controlled)")
  }

  @Test func itsGradientIsThatOfFiniteDifferencesInTheParameters() {
    let (model, theta) = randomModel("score-mlp", dimension: 3, skip: true)
    var numbers = TestNumbers(seed: 8)
    let x = Tensor.literal(numbers.normals(12), [4, 3])
    let noise = Tensor.literal(numbers.normals(12), [4, 3])
    let error = gradientError(at: theta) { theta in
      controlledDenoisingScoreMatching(model.score(at: theta), at: x, noise: noise, scale: 0.3)
    }
    #expect(error < 1e-6)
  }

  @Test func itsMinimiserIsThePrecisionOfTheSmoothedDensity() {
    let covariance = randomCovariance(dimension: 3, seed: 5)
    var smoothed = covariance
    for i in 0..<3 { smoothed[i * 4] += 0.49 }
    let (x, noise) = LinearScoreTests.noisy(LinearScoreTests.points(covariance))
    let loss = { (p: Tensor) in
      controlledDenoisingScoreMatching({ -matmul($0, p) }, at: x, noise: noise, scale: 0.7)
    }
    expectMinimum(of: loss, at: LinearScoreTests.inverse(smoothed), "dsm with control variate")
  }
}
