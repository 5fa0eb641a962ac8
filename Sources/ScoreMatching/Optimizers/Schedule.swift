import Expressions
import Settings

/// How the learning rate changes over training: a factor on the optimiser's learning rate.
///
///     factor(t) = warm-up(t) · decay(u),   u = (t - 1)/T
///
/// At step t of T, counted from 1. The warm-up rises linearly to 1 over its first steps.
public struct Schedule: Sendable, Hashable {
  enum Decay: Sendable, Hashable {
    case constant
    /// f + (1 - f) (1 + cos πu)/2.
    case cosine
    /// 1 - (1 - f) u.
    case linear
    /// fᵘ.
    case exponential
  }

  let decay: Decay
  /// The factor f that the decay ends with.
  let finalFraction: Double
  /// The number of steps over which the factor rises to 1.
  let warmup: Int

  /// The schedule that its settings describe.
  public init(_ settings: SettingValue) {
    switch settings.text("type") {
    case "cosine": decay = .cosine
    case "linear": decay = .linear
    case "exponential": decay = .exponential
    default: decay = .constant
    }
    finalFraction = decay == .constant ? 1 : settings.real("final_fraction")
    warmup = settings.integer("warmup")
  }

  /// The factor on the learning rate at a step.
  ///
  /// - Parameters:
  ///   - step: counted from 1.
  ///   - total: the number of steps of the whole training.
  public func factor(at step: Int, of total: Int) -> Double {
    let progress = Double(step - 1) / Double(max(total, 1))
    let rise = step < warmup ? Double(step) / Double(warmup) : 1
    let fall =
      switch decay {
      case .constant: 1.0
      case .cosine: finalFraction + (1 - finalFraction) * (1 + Real.cosine(.pi * progress)) / 2
      case .linear: 1 - (1 - finalFraction) * progress
      case .exponential: Real.power(finalFraction, progress)
      }
    return rise * fall
  }

  /// The schedules that an experiment can name.
  public static let declarations: [Variant] = [
    Variant("constant", "the learning rate as it is", [warmupSetting]),
    Variant(
      "cosine", "half a cosine down to the final fraction",
      [finalFractionSetting(.unitInterval, 0), warmupSetting]),
    Variant(
      "linear", "a straight line down to the final fraction",
      [finalFractionSetting(.unitInterval, 0), warmupSetting]),
    Variant(
      "exponential", "the same factor at every step, down to the final fraction",
      [finalFractionSetting(RealRange(from: 0, to: 1, includesLower: false), 0.01), warmupSetting]),
  ]

  private static let warmupSetting = Setting(
    "warmup", .integer(0...100_000_000), default: .number(0), unit: "steps",
    "steps over which the learning rate rises linearly")

  private static func finalFractionSetting(_ range: RealRange, _ value: Double) -> Setting {
    Setting(
      "final_fraction", .real(range), default: .number(value),
      "learning rate after the last step, as a fraction of the first")
  }
}
