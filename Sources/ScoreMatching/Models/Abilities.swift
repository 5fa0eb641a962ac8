import Settings

/// What is known of the density that a trial ends with, told from its settings alone.
struct Abilities: Sendable, Hashable {
  /// Whether there is an energy.
  var energy = false
  /// Whether the normaliser is known.
  var logDensity = false
  /// Whether the score is known at any noise scale.
  var noisyScore = false

  /// - Parameter trial: the complete settings of a trial.
  init(_ trial: SettingValue) {
    if trial.has("model") {
      let model = Models.make(for: trial, dimension: 2).subject
      (energy, logDensity) = (model.energy != nil, model.logDensity != nil)
      noisyScore = model.noisyScore != nil
    } else if trial["loss.type"] == .text(Losses.exactName) {
      let target = Targets.make(trial)
      (energy, logDensity) = (target != nil, target != nil)
      noisyScore = target?.noisyScore != nil
    } else {
      (energy, logDensity, noisyScore) = (true, true, true)  // a Gaussian
    }
  }

  func has(_ need: SamplerNeed) -> Bool {
    switch need {
    case .score: true
    case .energy: energy
    case .noisyScore: noisyScore
    }
  }
}
