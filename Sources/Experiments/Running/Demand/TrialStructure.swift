import Settings

/// What fixes the size of a trial's programs and data: trials that agree on it take the same memory
/// and, step for step, the same time.
///
/// Numbers that programs are given at each step (noise scales, learning rates) are not in it.
struct TrialStructure: Hashable, Sendable {
  private let values: [SettingValue?]

  private static let paths = [
    "data", "dimension", "model", "loss", "slices", "projection", "weighting", "precision",
    "training.batch", "training.optimizer.type", "training.early_stopping.metric",
  ]
  /// Settings of which it matters only whether they are there, and above 0.
  private static let switches = ["training.optimizer.momentum", "training.clip", "training.ema"]

  /// The structure of the trial with these settings.
  init(_ settings: SettingValue) {
    values =
      Self.paths.map { settings[$0] }
      + Self.switches.map { path in
        guard case .number(let number) = settings[path] else { return nil }
        return .boolean(number > 0)
      }
  }
}
