// Seen to fail with σ for σ² in the covariance, the mean left out of the points, and a start around 0.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct NoisyNormalTests {
  static let sigma = 2.0

  static func target(_ d: Int) throws -> (rows: [Double], law: Gaussian) {
    let covariance = randomCovariance(dimension: d, seed: 3)
    let factor = try #require(Cholesky(covariance, count: d))
    // The columns of the factor on both sides have the covariance exactly.
    let mean = (0..<d).map { Double($0) - 1 }
    let rows = cubature(dimension: d).flatMap { zip(mean, factor.multiply($0)).map(+) }
    let full = try #require(Covariance(covariance, dimension: d))
    let noisy = try #require(full.adding(sigma * sigma, dimension: d))
    return (rows, Gaussian(mean: mean, covariance: noisy))
  }

  @Test(arguments: [1, 2, 5])
  func itHasTheMomentsOfTheRowsAndTheNoise(_ d: Int) throws {
    let (rows, law) = try Self.target(d)
    let normal = try NoisyNormal(of: rows, noiseScale: Self.sigma, dimension: d)
    var numbers = TestNumbers(seed: 4)
    let x = numbers.normals(7 * d).map { 3 * $0 }
    let points = Tensor.literal(x, [7, d])
    var inputs = Dictionary(uniqueKeysWithValues: normal.constants.map { ($0.name, $0.values) })
    for scalar in normal.scalars { inputs[scalar.name] = [scalar.value] }
    let found = evaluate(NoisyNormal.logDensity(points, normal.constants), inputs)
    #expect(relativeDifference(found, evaluate(law.logDensity(points))) < 1e-12)
  }

  @Test func itsPointsHaveThemToo() throws {
    let (rows, law) = try Self.target(3)
    let normal = try NoisyNormal(of: rows, noiseScale: Self.sigma, dimension: 3)
    var generator = RandomGenerator(StreamKey(bits: 9))
    let points = normal.sample(20_000, using: &generator)
    let precision = law.covariance.inverse(dimension: 3)
    // Squared lengths in the law's own metric: chi squared with three degrees of freedom.
    let lengths = (0..<20_000).map { row -> Double in
      let c = (0..<3).map { points[3 * row + $0] - law.mean[$0] }
      var square = 0.0
      for i in 0..<3 {
        for j in 0..<3 { square += c[i] * precision[3 * i + j] * c[j] }
      }
      return square
    }
    let (mean, error) = estimate(lengths)
    #expect((mean - 3).magnitude < 4 * error, "\(mean) +- \(error)")
    let (square, deviation) = estimate(lengths.map { $0 * $0 })
    #expect((square - 15).magnitude < 4 * deviation, "\(square) +- \(deviation)")
    for i in 0..<3 {
      let (centre, error) = estimate(points.indices.filter { $0 % 3 == i }.map { points[$0] })
      #expect((centre - law.mean[i]).magnitude < 4 * error)
    }
  }

  @Test func withoutRowsItIsTheNoise() throws {
    let normal = try NoisyNormal(of: [], noiseScale: 3, dimension: 2)
    #expect(normal.mean == [0, 0] && normal.constants[1].values == [1.0 / 9, 0, 0, 1.0 / 9])
  }

  /// Means 14 apart with the weights 0.8 and 0.2, from a largest scale of 10: a start around 0 gives 0.69.
  @Test func theFlowFromItKeepsTheWeightsOfFarModes() throws {
    let far = GaussianMixture(means: [7, 0, -7, 0], weights: [0.8, 0.2], scale: 1, dimension: 2)
    var generator = RandomGenerator(StreamKey(bits: 5))
    let train = far.sample(10_000, using: &generator)
    func weight(_ start: String) throws -> Double {
      let given = SettingValue.object([
        "loss": .object(["type": .text("ncsn")]), "sigma_max": .number(10),
        "sigma_min": .number(0.1),
        "sampler": .object([
          "type": .text("probability-flow"), "samples": .number(4000),
          "start": .object(["type": .text(start)]),
        ]),
      ])
      let sampler = try #require(Samplers.make(completed([Samplers.setting], given)))
      let x = try sampler.chains.draw(dimension: 2, train: train, using: &generator)
      let samples = Samples(
        try ended(sampler.simulation(of: far.subject, from: x)), of: sampler, dimension: 2)
      return far.assignedFractions(samples.points)[0]
    }
    let error = (0.16 / 4000).squareRoot()
    #expect(try (weight("noisy-data") - 0.8).magnitude < 4 * error)
    #expect(try weight("noise") < 0.8 - 8 * error)
  }
}
