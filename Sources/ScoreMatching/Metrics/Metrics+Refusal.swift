import Settings

extension Metrics {
  /// A metric that asks a network for its score at noise scales that the trial's loss does not train it
  /// for, or whose scales do not rise; nil for all else.
  ///
  /// - Parameters:
  ///   - metric: its `type` and settings, defaults filled in.
  ///   - trial: the complete settings of the trial that would be measured.
  public static func refusal(_ metric: SettingValue, _ trial: SettingValue) -> Refusal? {
    let type = metric.text("type")
    guard let asked = scales(type, metric, trial) else { return nil }
    let isFlow = flows.contains(type)
    if isFlow, asked.smallest >= asked.largest {
      return Refusal(
        ["loss"],
        because: "the flow is to begin at noise scale \(number(asked.smallest)) and to end at "
          + "\(number(asked.largest)), which is no larger",
        remedy: "Give the metric a sigma_min below its sigma_max.")
    }
    guard let (range, ends) = Losses.trainedRange(of: trial), !range.contains(asked) else {
      return nil
    }
    let isLow = !range.contains(NoiseRange(smallest: asked.smallest, largest: range.largest))
    let isHigh = !range.contains(NoiseRange(smallest: range.smallest, largest: asked.largest))
    let names = isFlow ? [isLow ? "sigma_min" : nil, isHigh ? "sigma_max" : nil] : ["sigma"]
    let changes = [isLow ? ends.smaller : nil, isHigh ? ends.larger : nil]
    return Refusal(
      ["loss"] + ends.settings,
      because: "it takes the network at noise scale"
        + (isFlow ? "s from \(number(asked.smallest)) to" : "") + " \(number(asked.largest))"
        + ", and the loss trains those \(range.words) alone",
      remedy: "Give the metric another \(names.compactMap { $0 }.joined(separator: " and ")), or "
        + "\(changes.compactMap { $0 }.joined(separator: " and ")).")
  }

  private static func number(_ value: Double) -> String { SettingValue.canonicalNumber(value) }

  private static let flows = ["flow_log_likelihood", "flow_error"]

  /// The noise scales that a metric takes the model's score at; nil for one that takes it at none, or at
  /// the trial's own alone.
  private static func scales(
    _ type: String, _ metric: SettingValue, _ trial: SettingValue
  ) -> NoiseRange? {
    switch type {
    case "smoothed_fisher_divergence", "denoising_loss", "tweedie_mse":
      guard metric.has("sigma") else { return nil }
      return NoiseRange(smallest: metric.real("sigma"), largest: metric.real("sigma"))
    case let type where flows.contains(type):
      return NoiseRange(metric, trial: trial)
    default: return nil
    }
  }
}
