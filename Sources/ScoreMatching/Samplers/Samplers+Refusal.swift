import Settings

extension Samplers {
  /// A sampler that needs what the density has not, or a ladder that rises; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard let sampler = make(trial) else { return nil }
    let asked = scales(trial)
    if let asked, asked.largest < asked.smallest {
      return Refusal(
        ["sampler.sigma_min", "sampler.sigma_max"],
        because: "the smallest noise scale is above the largest",
        remedy: "Give sigma_max the larger of the two.")
    }
    if let asked, let range = Losses.trainedRange(of: trial)?.range, !range.contains(asked) {
      return Refusal(
        ["sampler.sigma_max", "sampler.sigma_min", "loss"],
        because: "the network is trained for noise scales \(range.words) alone",
        remedy: "Keep the sampler's scales within those of the loss.")
    }
    guard !Abilities(trial).has(sampler.need) else { return nil }
    let source = trial.has("model") ? "model.type" : "data.type"
    switch sampler.need {
    case .score: return nil
    case .energy:
      return Refusal(
        ["sampler", source],
        because: "the sampler accepts by comparing energies, and a free-form score has none",
        remedy: "Use ula, or energy-mlp as the model.")
    case .noisyScore:
      return Refusal(
        ["sampler", source],
        because: "the sampler needs the score at many noise scales, and this one is known at one",
        remedy: "Use ula, or a noise-conditional model with the loss that trains it.")
    }
  }
}
