import Expressions
import Settings

/// Noise scales from the largest to the smallest, each a constant fraction of the one before.
///
///     σ_i = σ_max (σ_min/σ_max)^(i/(L-1)),   i = 0, …, L - 1
struct NoiseLadder: Sendable, Hashable {
  let scales: [Double]

  init(from largest: Double, to smallest: Double, count: Int) {
    scales = (0..<count).map { level in
      count == 1
        ? largest
        : largest * Real.power(smallest / largest, Double(level) / Double(count - 1))
    }
  }

  init(_ settings: SettingValue) {
    self.init(
      from: settings.real("sigma_max"), to: settings.real("sigma_min"),
      count: settings.integer("levels"))
  }

  var largest: Double { scales.first ?? 1 }
  var smallest: Double { scales.last ?? 1 }

  /// The setting of samplers that may end with a step of Tweedie's formula.
  static let denoise = Setting(
    "denoise", .boolean, default: .boolean(true),
    "end with x + sigma^2 s(x, sigma), Tweedie's formula at the smallest scale")

  static func settings(levels: Int) -> [Setting] {
    [
      Setting(
        "sigma_max", .real(.positive), default: .number(10), unit: "data units",
        "the largest noise scale, about the largest distance between data"),
      Setting(
        "sigma_min", .real(.positive), default: .number(0.1), unit: "data units",
        "the smallest noise scale"),
      Setting(
        "levels", .integer(1...100_000), default: .number(Double(levels)),
        "noise scales, geometric from the largest to the smallest"),
    ]
  }
}
