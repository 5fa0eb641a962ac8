// Seen to fail: with a difference over c, A that is no part of the steps, and d + 1 in Silverman's rule.
import Expressions
import Randomness
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct SimultaneousPerturbationTests {
  private static func method(
    _ members: KeyValuePairs<String, SettingValue> = [:]
  ) -> SimultaneousPerturbation {
    let settings = FisherScoreMatchingTests.ascent("kde-spsa", with: ["spsa": .object(members)])
    return SimultaneousPerturbation(settings["spsa"] ?? .null)
  }

  @Test func gainsAndPerturbationsFallAsTheyAreSaidTo() {
    let method = Self.method(["gain": .number(2), "perturbation": .number(0.3)])
    // A is a tenth of the steps.
    #expect(abs(method.gain(at: 1, of: 50) - 2.0 / 6) < 1e-12)
    #expect(abs(method.gain(at: 50, of: 50) - 2.0 / 55) < 1e-12)
    #expect(abs(method.perturbation(at: 1) - 0.3) < 1e-12)
    #expect(abs(method.perturbation(at: 64) - 0.15) < 1e-12)
  }

  @Test func theGradientIsADifferenceAlongOneDirection() {
    let (method, simulator) = (Self.method(), GaussianSimulator(dimension: 3))
    let theta = [0.2, -0.1, 0.4]
    var numbers = TestNumbers(seed: 2)
    let observations = numbers.normals(3 * 5)
    var generator = SimulatorTests.generator(4)
    let found = method.gradient(
      of: simulator, at: theta, step: 8, observations: observations, simulations: 12,
      using: &generator)
    // The same draws in the same order.
    var again = SimulatorTests.generator(4)
    let delta = theta.map { _ in again.uniform() < 0.5 ? -1.0 : 1.0 }
    let c = 0.1 / Real.power(8, 1.0 / 6)
    let values = [c, -c].map { side in
      KernelDensity(
        simulator.draw(6, at: zip(theta, delta).map { $0 + side * $1 }, using: &again),
        dimension: 3
      ).meanLogDensity(of: observations)
    }
    let expected = delta.map { (values[0] - values[1]) / (2 * c) * $0 }
    #expect(relativeDifference(found.gradient, expected) < 1e-12)
    #expect(relativeDifference([found.value], [(values[0] + values[1]) / 2]) < 1e-12)
  }

  @Test func theKernelDensityIsAMeanOfNormals() {
    var numbers = TestNumbers(seed: 3)
    let (samples, rows) = (numbers.normals(8), numbers.normals(6))
    func density(_ widths: [Double], _ x: ArraySlice<Double>) -> Double {
      (0..<4).reduce(0) { total, i in
        total
          + (0..<2).reduce(0.25) { product, j in
            let z = (x[x.startIndex + j] - samples[2 * i + j]) / widths[j]
            return product * Real.exp(-z * z / 2) / (widths[j] * (2 * .pi as Double).squareRoot())
          }
      }
    }
    func mean(_ widths: [Double]) -> Double {
      (0..<3).reduce(0) { $0 + Real.log(density(widths, rows[2 * $1..<2 * $1 + 2])) / 3 }
    }
    let given = KernelDensity(samples, dimension: 2, bandwidth: 0.7).meanLogDensity(of: rows)
    #expect(relativeDifference([given], [mean([0.7, 0.7])]) < 1e-12)
    // Silverman's rule in two dimensions: s (4/(4 m))^(1/6).
    let widths = (0..<2).map { j in
      let column = (0..<4).map { samples[2 * $0 + j] }
      return estimate(column).error * 2 * Real.power(0.25, 1.0 / 6)
    }
    let ruled = KernelDensity(samples, dimension: 2).meanLogDensity(of: rows)
    #expect(relativeDifference([ruled], [mean(widths)]) < 1e-12)
  }
}
