import Expressions
import Settings
import Testing

@testable import ScoreMatching

// Seen to fail with proposals of variance η beside a ratio for 2η: detailed balance is lost; with a leapfrog
// whose second half takes the old score, which does not come back.
struct AdjustedSamplersTests {
  /// Two normals at ±1.6 along the diagonal of four dimensions: along it E y² = 3.56 and
  /// E y⁴ = 3 + 6 a² + a⁴ with a² = 2.56; across it N(0, 1).
  private let target = GaussianMixture(
    means: [0.8, 0.8, 0.8, 0.8, -0.8, -0.8, -0.8, -0.8], weights: [1, 1], scale: 1, dimension: 4)

  /// How many standard errors the moments of the samples are off, the worst.
  private func deviation(_ points: [Double]) -> Double {
    let y = points.alongDiagonal(4)
    let across = stride(from: 0, to: points.count, by: 4).map {
      (points[$0] - points[$0 + 1]) / 2.0.squareRoot()
    }
    let checks: [([Double], Double)] = [
      (y, 0), (y.map { $0 * $0 }, 3.56), (y.map { $0 * $0 * $0 * $0 }, 3 + 6 * 2.56 + 2.56 * 2.56),
      (across.map { $0 * $0 }, 1), (across.map { $0 * $0 * $0 * $0 }, 3),
    ]
    return checks.map { values, expected in
      let (mean, error) = estimate(values)
      return ((mean - expected) / error).magnitude
    }.max() ?? .infinity
  }

  private func settings(_ type: String, _ stepSize: Double, _ steps: Int) -> SettingValue {
    .object([
      "type": .text(type), "step_size": .number(stepSize), "steps": .number(Double(steps)),
      "samples": .number(4000),
    ])
  }

  @Test func langevinWithDecisionsHasTheMomentsOfTheTarget() throws {
    let (samples, _) = try draws(settings("mala", 0.6, 300), from: target.subject)
    #expect(deviation(samples.points) < 4)
    let acceptance = try #require(samples.acceptance)
    #expect(acceptance > 0.4 && acceptance < 0.95, "\(acceptance)")
    // The same steps without decisions are far off, so that the moments would show it.
    let (free, _) = try draws(settings("ula", 0.6, 300), from: target.subject)
    #expect(deviation(free.points) > 8)
  }

  @Test func hamiltonianMonteCarloHasTheMomentsOfTheTarget() throws {
    let (samples, sampler) = try draws(settings("hmc", 0.8, 40), from: target.subject)
    #expect(deviation(samples.points) < 4)
    let acceptance = try #require(samples.acceptance)
    #expect(acceptance > 0.4 && acceptance < 0.98, "\(acceptance)")
    #expect(sampler.proposalCount == 40)
  }

  /// Kernel and density agree on pairs: π(x) q(y|x) min(1, r) is the same with x and y exchanged.
  @Test func theRatioOfLangevinIsThatOfTheTransitionDensities() {
    let d = 3
    let (model, theta) = randomModel("energy-mlp", dimension: d)
    let subject = model.subject(at: theta)
    let energy = subject.requiredEnergy
    let eta = 0.37
    let x = Tensor.literal([0.3, -1.2, 0.7, 2, 0.1, -0.4], [2, d])
    let z = Tensor.literal([1.1, 0.2, -0.6, 0.3, -1.4, 0.9], [2, d])
    let y = langevinStep(x, score: subject.score(x), stepSize: .fill(eta), noise: z)
    func logDensity(_ to: Tensor, _ from: Tensor) -> Tensor {
      let centred = to - from - .fill(eta) * subject.score(from)
      return -dot(centred, centred) / .fill(4 * eta)
    }
    let expected = energy(x) - energy(y) + logDensity(x, y) - logDensity(y, x)
    let ratio = langevinLogRatio(
      from: (x, energy(x)), to: (y, energy(y), subject.score(y)), stepSize: .fill(eta), noise: z)
    #expect(relativeDifferenceOf(ratio, expected) < 1e-12)
  }

  private func relativeDifferenceOf(_ a: Tensor, _ b: Tensor) -> Double {
    let (a, b) = (evaluate(a), evaluate(b))
    return zip(a, b).map { ($0 - $1).magnitude / max($1.magnitude, 1) }.max() ?? .infinity
  }
}
