import Settings

extension Support {
  /// Where the data of a trial live, as their distribution or the experiment says it; nil where nothing
  /// says it.
  public static func declared(_ trial: SettingValue) -> Support? {
    trial.has("support") ? Support(trial["support"] ?? .null) : Targets.support(trial)
  }

  /// Whether the data of a trial are known to end at a bound, which neither a score nor an energy that
  /// was learned knows of.
  static func isBounded(_ trial: SettingValue) -> Bool { declared(trial)?.isBounded ?? false }

  /// Chains on data with a boundary; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard Samplers.make(trial) != nil, isBounded(trial) else { return nil }
    return Refusal(
      ["sampler", "data.type"],
      because: "a score says nothing of a boundary, and chains would cross it",
      remedy: "Use data without a boundary, or no sampler.")
  }
}
