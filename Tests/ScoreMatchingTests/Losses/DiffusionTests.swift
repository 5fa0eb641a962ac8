// Seen to fail with s² = 1 - a² taken for s, the factor 1 + a² left out of the sub-variance rate, 1 - t_min left
// out of the likelihood's weight or of time, half the weight of times by importance, and no weight at all.
import Expressions
import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct DiffusionTests {
  static let diffusions: [Diffusion] = [
    .varianceExploding(smallest: 0.05, largest: 10),
    .variancePreserving(slowest: 0.1, fastest: 20),
    .subVariancePreserving(slowest: 0.1, fastest: 20),
    .variancePreserving(slowest: 2, fastest: 2),
  ]
  static let times = [0.001, 0.01, 0.1, 0.35, 0.6, 0.9, 0.999]

  static func at(_ t: Double, _ f: (Tensor) -> Tensor) -> Double {
    number(f(.literal([t], [1])).reshape([]))
  }

  @Test func theKernelsAreTheirClosedForms() {
    for t in Self.times {
      let b = 0.1 * t + 19.9 * t * t / 2
      let a = Real.exp(-b / 2)
      let scale = 0.05 * Real.power(200, t)
      let expected: [(a: Double, s: Double)] = [
        (1, scale), (a, (1 - a * a).squareRoot()), (a, 1 - a * a),
        (Real.exp(-t), (1 - Real.exp(-2 * t)).squareRoot()),
      ]
      for (diffusion, closed) in zip(Self.diffusions, expected) {
        let found = [
          Self.at(t, diffusion.dataScale(at:)), Self.at(t, diffusion.noiseScale(at:)),
          Self.at(t, diffusion.relativeScale(at:)),
        ]
        for (value, known) in zip(found, [closed.a, closed.s, closed.s / closed.a]) {
          #expect(relativeDifference([value], [known]) < 1e-11, "\(diffusion) at \(t)")
        }
      }
    }
  }

  /// The mean obeys da/dt = f a and the variance ds²/dt = 2 f s² + g².
  @Test func theKernelsSolveTheirEquations() {
    for diffusion in Self.diffusions {
      for t in Self.times {
        let h = 1e-4 * t
        func rate(_ f: (Tensor) -> Tensor) -> Double {
          let near = (Self.at(t + h, f) - Self.at(t - h, f)) / (2 * h)
          let far = (Self.at(t + 2 * h, f) - Self.at(t - 2 * h, f)) / (4 * h)
          return near + (near - far) / 3
        }
        let (a, s) = (Self.at(t, diffusion.dataScale(at:)), Self.at(t, diffusion.noiseScale(at:)))
        let drift = Self.at(t, diffusion.drift(at:))
        let diffused = Self.at(t, diffusion.squaredDiffusion(at:))
        #expect((rate(diffusion.dataScale(at:)) - drift * a).magnitude < 1e-7)
        let variance = rate { square(diffusion.noiseScale(at: $0)) }
        #expect(
          relativeDifference([variance - 2 * drift * s * s], [diffused]) < 1e-6,
          "\(diffusion) at \(t)")
        let logarithmic = rate { log(square(diffusion.relativeScale(at: $0))) }
        #expect(
          relativeDifference([Self.at(t, diffusion.logarithmicRate(at:))], [logarithmic]) < 1e-6)
      }
    }
  }

  /// In x_t: ½ E‖s ∇ log p_t(x_t) + ε‖² with the model's score at x_t/a divided by a.
  @Test func theLossIsThatOfTheKernel() throws {
    let (model, theta) = try NoiseConditionalNetworkTests.model(
      "noise-conditional-score-mlp", "denoiser", dimension: 3)
    let score = try #require(model.noisyScore(at: theta))
    let (x, noise) = NoiseConditionalScoreMatchingTests.points()
    for diffusion in Self.diffusions {
      let t = Tensor.fill(0.4)
      let (a, s) = (diffusion.dataScale(at: t), diffusion.noiseScale(at: t))
      let xt = a * x + s * noise
      let residual = s * (score(xt / a, s / a) / a) + noise
      let found = number(
        noiseConditionalScoreMatching(
          score, at: x, noise: noise, scales: diffusion.relativeScale(at: t)))
      #expect(relativeDifference([found], [number(mean(dot(residual, residual)) / 2)]) < 1e-12)
    }
  }

  static let weighted: [KeyValuePairs<String, SettingValue>] = [
    ["loss": .text("dsm-ve"), "sigma_max": .number(8), "sigma_min": .number(0.1)],
    ["loss": .text("dsm-vp"), "t_min": .number(0.02), "beta_max": .number(8)],
    ["loss": .text("dsm-subvp"), "t_min": .number(0.02), "beta_max": .number(8)],
    [
      "loss": .text("dsm-vp"), "t_min": .number(0.02), "beta_max": .number(8),
      "time_law": .text("importance"),
    ],
    [
      "loss": .text("dsm-subvp"), "t_min": .number(0.02), "beta_max": .number(8),
      "time_law": .text("importance"),
    ],
  ]

  /// With the likelihood's weight, data N(0, τ²) and the score of N(0, ρ²), what the loss exceeds
  /// its least value by is KL at the smallest noise scale less KL at the largest: an equality, since
  /// that score belongs to a diffusion too.
  @Test(arguments: weighted.indices)
  func theLikelihoodsWeightGivesDivergences(_ index: Int) throws {
    let settings = trial(
      .object(Self.weighted[index]).setting("weighting", to: .text("likelihood"))
        .setting("data", to: .object(["type": .text("gaussian")])))
    let range = try #require(Losses.noiseRange(of: settings))
    let loss = try #require(TrainingLoss(settings)?.objective as? any DiffusionObjective).loss
    let (tau, rho, levelCount) = (1.3, 0.8, 1500)
    let rows = [(tau, 1.0), (tau, -1), (-tau, 1), (-tau, -1)]  // the moments of x and noise
    let all = (0..<levelCount).flatMap { level in
      rows.map { (x: $0.0, noise: $0.1, u: (Double(level) + 0.5) / Double(levelCount)) }
    }
    let n = all.count
    let values = [tau, rho].map { scale -> Double in
      let value = loss(
        NoiseConditionalScoreMatchingTests.exact(scale), at: .literal(all.map(\.x), [n, 1]),
        level: .literal(all.map(\.u), [n]), noise: .literal(all.map(\.noise), [n, 1]))
      return number(
        value.replacing(
          loss.scalars.map { .scalar($0.name) }, by: loss.scalars.map { .fill($0.value) }))
    }
    func divergence(_ sigma: Double) -> Double {
      let ratio = (tau * tau + sigma * sigma) / (rho * rho + sigma * sigma)
      return (ratio - 1 - Real.log(ratio)) / 2
    }
    let expected = divergence(range.smallest) - divergence(range.largest)
    #expect(relativeDifference([values[1] - values[0]], [expected]) < 1e-4)
    #expect(expected > 0.2)
  }

  @Test func importanceUnderAnotherWeightIsRefused() {
    func refusal(_ weighting: String, _ timeLaw: String) -> Refusal? {
      ScoreMatchingSettingsTests.refusal([
        "data": .object(["type": .text("gaussian")]), "loss": .text("dsm-vp"),
        "weighting": .text(weighting), "time_law": .text(timeLaw),
      ])
    }
    #expect(refusal("sigma^2", "importance")?.settings == ["time_law", "weighting"])
    #expect(refusal("likelihood", "importance") == nil && refusal("sigma^2", "uniform") == nil)
    let turned = ScoreMatchingSettingsTests.refusal([
      "data": .object(["type": .text("gaussian")]), "loss": .text("ncsn"),
      "sigma_min": .number(2), "sigma_max": .number(1),
    ])
    #expect(turned?.settings == ["sigma_min", "sigma_max"])
    for loss in ["dsm-vp", "dsm-subvp"] {
      func rates(_ slowest: Double, _ fastest: Double) -> [String]? {
        ScoreMatchingSettingsTests.refusal([
          "data": .object(["type": .text("gaussian")]), "loss": .text(loss),
          "beta_min": .number(slowest), "beta_max": .number(fastest),
        ])?.settings
      }
      #expect(rates(20, 0.1) == ["beta_min", "beta_max"])
      // A rate that stays the same is one.
      #expect(rates(2, 2) == nil)
    }
  }
}
