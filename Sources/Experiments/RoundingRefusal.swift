import Foundation
import ScoreMatching
import Settings

extension Catalogue {
  /// Finite differences of points so near each other that rounding is most of what they differ by.
  static func lostInRounding(_ trial: SettingValue) -> Refusal? {
    guard trial.has("epsilon") else { return nil }
    let isSingle = trial["precision"] == .text("float32")
    // Data of a fixed dimension have few, and those of a file are not read here.
    let dimension = trial.has("dimension") ? trial.integer("dimension") : 1
    let least = FiniteDifference.leastDistance(
      order: trial["loss.type"] == .text("fd-ssm") ? 2 : 1, dimension: dimension,
      unitRoundoff: isSingle ? 0x1p-24 : 0x1p-53)
    guard trial.real("epsilon") < least else { return nil }
    let decade = pow(10, floor(log10(least)) - 1)
    let bound = String(format: "%.1e", (least / decade).rounded(.up) * decade)
    return Refusal(
      ["epsilon", "precision"],
      because: "points so near differ by little more than rounding in "
        + (isSingle ? "float32" : "float64"),
      remedy: "Use epsilon of at least \(bound)\(isSingle ? ", or precision float64" : "").")
  }
}
