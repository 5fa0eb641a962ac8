import Expressions
import Settings

struct DenoisingObjective: Objective {
  static let name = "dsm"
  static let summary =
    "denoising score matching at one noise scale, 1/2 E|sigma s(x + sigma e) + e|^2"
  static let settings = [
    Noise.setting, DenoisingWeight.setting,
    Setting(
      "control_variate", .boolean, default: .boolean(false),
      "subtract what has mean 0 and makes the variance grow as sigma falls; for small sigma"),
    NoiseExpectation.setting,
  ]

  private let noise: Noise
  private let weight: DenoisingWeight
  private let isControlled: Bool
  private let expectation: NoiseExpectation

  init(_ trial: SettingValue) {
    (noise, weight) = (Noise(trial), DenoisingWeight(trial))
    isControlled = trial.boolean("control_variate")
    expectation = NoiseExpectation(trial["noise_expectation"] ?? .null)
  }

  var streams: [String] { expectation == .sampled ? [Noise.stream] : [] }
  var scalars: [ScalarValue] { noise.scalars }
  var unitPower: Int { weight.unitPower }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    let sigma = noise.sigma
    // A model that knows its score at every scale is of the data without the noise.
    let score = model.noisyScore.map { noisy in { noisy($0, sigma) } } ?? model.score
    switch expectation {
    case .quadrature(let rule):
      return weight.factor(sigma)
        * quadratureDenoisingScoreMatching(score, at: x, noise: rule, scale: sigma)
    case .sampled:
      let epsilon = noise.draw(x.shape)
      return isControlled
        ? weight.factor(sigma)
          * controlledDenoisingScoreMatching(score, at: x, noise: epsilon, scale: sigma)
        : weight.loss(score, x, epsilon, sigma)
    }
  }
}

/// How the mean over the noise of a denoising loss is taken.
enum NoiseExpectation: Sendable, Hashable {
  /// One draw for each row, anew at each step.
  case sampled
  /// By the nodes of a rule.
  case quadrature(GaussHermite)

  static let gaussHermiteName = "gauss-hermite"

  static let setting = Setting(
    "noise_expectation",
    .variant([
      Variant("sampled", "one draw of the noise for each row, anew at each step"),
      Variant(
        gaussHermiteName, "the exact mean, to rounding, by quadrature; in one dimension",
        [
          Setting(
            "nodes", .integer(2...256), default: .number(32),
            "points of the noise for each row; a sharper score needs more")
        ]),
    ]), default: .object(["type": .text("sampled")]), "how the mean over the noise is taken")

  init(_ settings: SettingValue) {
    self =
      settings["type"] == .text(Self.gaussHermiteName)
      ? .quadrature(GaussHermite(settings.integer("nodes"))) : .sampled
  }
}
