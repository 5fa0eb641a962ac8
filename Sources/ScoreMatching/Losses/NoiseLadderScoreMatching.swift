import Expressions
import Settings

extension NoiseLadder {
  /// The noise scale that a uniform draw chooses, each as likely, shape kept: that of place ⌊uL⌋,
  /// counted as the thresholds k/L that u has passed.
  ///
  ///     σ(u) = σ_max (σ_min/σ_max)^(⌊uL⌋/(L - 1))
  ///
  /// - Parameters:
  ///   - u: numbers in [0, 1), one for each row.
  ///   - largest: σ_max, a scalar.
  ///   - smallest: σ_min, a scalar.
  ///   - levelCount: L, at least 2.
  static func scale(
    at u: Tensor, from largest: Tensor, to smallest: Tensor, count levelCount: Int
  ) -> Tensor {
    let thresholds = (1..<levelCount).map { Double($0) / Double(levelCount) }
    let passed = sum(
      lessOrEqual(.literal(thresholds, [thresholds.count]), u.column), axes: [-1])
    let step = (log(largest) - log(smallest)) / .fill(Double(levelCount - 1))
    return exp(log(largest) - passed * step)
  }
}

/// Denoising score matching over a ladder of noise scales, the level of each row drawn anew.
struct NoiseLadderObjective: NoiseConditionalObjective {
  static let name = "ncsn"
  static let summary =
    "denoising score matching over a ladder of noise scales, weighted by sigma^2, as in NCSN"
  static let settings =
    NoiseRange.settings + [
      Setting(
        "levels", .integer(2...10_000), default: .number(10), unit: "levels",
        "noise scales in geometric progression, each as likely")
    ]

  private let noiseRange: NoiseRange
  private let levelCount: Int

  init(_ trial: SettingValue) {
    (noiseRange, levelCount) = (NoiseRange(trial), trial.integer("levels"))
  }

  static func range(_ trial: SettingValue) -> NoiseRange { NoiseRange(trial) }

  var scalars: [ScalarValue] { noiseRange.scalars }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    let (level, noise) = draw(x.shape)
    let sigma = NoiseLadder.scale(
      at: level, from: .scalar(NoiseRange.largestName), to: .scalar(NoiseRange.smallestName),
      count: levelCount)
    return noiseConditionalScoreMatching(
      model.requiredNoisyScore, at: x, noise: noise, scales: sigma)
  }
}
