import ScoreMatching
import Settings

extension Catalogue {
  /// Noise scales so large or so small that squares of what they scale leave the range of the number
  /// type that the trial trains in.
  ///
  /// The score divides by σ² + σ_d² and sums squares of points that are σ wide over coordinates: 1e15
  /// leaves a factor 1e8 below the largest number in single precision.
  static func beyondPrecision(_ trial: SettingValue) -> Refusal? {
    guard let scales = Losses.noiseScales(of: trial) else { return nil }
    let isSingle = trial["precision"] == .text("float32")
    let limit = isSingle ? 1e15 : 1e150
    let (least, most) = isSingle ? ("1e-15", "1e+15") : ("1e-150", "1e+150")
    let type = isSingle ? "float32" : "float64"
    let isPreserving = trial.has("beta_max")
    // Of scales beyond Double the largest is no number.
    if !(scales.largest <= limit) {
      return Refusal(
        isPreserving ? ["beta_max", "beta_min", "precision"] : ["sigma_max", "precision"],
        because: "the largest noise scale is beyond \(most), and its square too large for \(type)",
        remedy: isPreserving
          ? "Keep beta_min + beta_max below \(isSingle ? 138 : 1381): the largest scale is "
            + "exp((beta_min + beta_max)/4), and \(most) is the most."
          : "Keep sigma_max below \(most).")
    }
    guard scales.smallest < 1 / limit else { return nil }
    return Refusal(
      isPreserving ? ["t_min", "beta_min", "precision"] : ["sigma_min", "precision"],
      because: "the smallest noise scale is below \(least), and its square too small for \(type)",
      remedy: isPreserving
        ? "Raise t_min: \(least) is the least noise scale." : "Keep sigma_min above \(least).")
  }
}
