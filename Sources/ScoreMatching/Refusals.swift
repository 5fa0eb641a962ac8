import Settings

/// Combinations of a loss with data, model or directions that have no meaning.
enum Refusals {
  /// Data whose score is not known.
  private static func hasExactScore(_ trial: SettingValue) -> Bool {
    !TableData.describes(trial["data"] ?? .null)
  }

  /// Explicit score matching, or a stopping metric, on data without an exact score.
  static func exactScoreNeeded(_ trial: SettingValue) -> Refusal? {
    guard !hasExactScore(trial) else { return nil }
    if [.text("esm"), .text(Losses.exactName)].contains(trial["loss.type"]) {
      return Refusal(
        ["loss", "data.type"], because: "data from a file have no exact score",
        remedy: "Use ism, ssm, ssm-vr or dsm, or data with a known density.")
    }
    let metric = "training.early_stopping.metric"
    if trial[metric] == .text("validation_fisher_divergence") {
      return Refusal(
        [metric, "data.type"], because: "data from a file have no exact score",
        remedy: "Stop by validation_implicit_score_matching.")
    }
    return nil
  }

  private static let energyModels: [SettingValue?] = [
    .text("energy-mlp"), .text("noise-conditional-energy-mlp"),
  ]

  /// A loss of many noise levels with a model of one density, or the reverse.
  static func noiseLevels(_ trial: SettingValue) -> Refusal? {
    let conditional = [
      NoiseConditionalScoreNetwork.declaration.name, NoiseConditionalEnergyNetwork.declaration.name,
    ]
    guard case .text(let model) = trial["model.type"] else { return nil }
    switch (Losses.noiseRange(of: trial), conditional.contains(model)) {
    case (.some, false) where model != MixtureModel.declaration.name:
      return Refusal(
        ["model.type", "loss"],
        because: "the loss trains a score at many noise levels, and the model has one density",
        remedy: "Use \(conditional.joined(separator: " or ")).")
    case (nil, true):
      return Refusal(
        ["model.type", "loss"],
        because: "the loss gives the model no noise levels to learn",
        remedy: "Use ncsn, dsm-ve, dsm-vp or dsm-subvp, or a model of one density.")
    default: return nil
    }
  }

  /// A ReLU network under a loss that differentiates the score, or as an energy.
  static func secondDerivativeNeeded(_ trial: SettingValue) -> Refusal? {
    guard trial["model.activation"] == .text("relu") else { return nil }
    let remedy = "Use softplus, tanh, silu or elu."
    if energyModels.contains(trial["model.type"]) {
      return Refusal(
        ["model.activation", "model.type"],
        because: "the score of a ReLU energy is piecewise constant", remedy: remedy)
    }
    let loss = trial["loss.type"]
    if loss == .text("fd-ssm-vr") {
      return Refusal(
        ["model.activation", "loss"],
        because: "the Jacobian of a ReLU score is piecewise constant, and a difference sees a kink "
          + "only from nearer than epsilon",
        remedy: remedy)
    }
    guard
      [.text("ism"), .text("ssm"), .text("ssm-vr"), .text(GeneralizedObjective.name)].contains(loss)
    else { return nil }
    return Refusal(
      ["model.activation", "loss"],
      because: "the Jacobian of a ReLU score is piecewise constant, so the gradient of its trace "
        + "misses how the kinks move",
      remedy: remedy)
  }

  /// Directions of length 1 beside a norm that is not projected, or a distance that is divided by √d.
  static func unitSphere(_ trial: SettingValue) -> Refusal? {
    guard trial["projection"] == .text("unit-sphere") else { return nil }
    let reason: String
    switch trial["loss.type"] {
    case .text("ssm-vr"), .text("fd-ssm-vr"):
      reason = "the norm of the score is not projected, so the trace would weigh 1/d"
    case .text("cp"):
      reason = "the factors of the curvature need E[v v'] = I"
    case .text("fd-ssm"), .text("fd-dsm"):
      reason = "epsilon is the distance along directions of length sqrt(d)"
    default: return nil
    }
    return Refusal(
      ["projection", "loss"], because: reason, remedy: "Use sphere, whose radius is sqrt(d).")
  }

  /// Differences of an energy in a model that has none.
  static func energyNeeded(_ trial: SettingValue) -> Refusal? {
    guard [.text("fd-ssm"), .text("fd-dsm")].contains(trial["loss.type"]),
      trial["model.type"] == .text("score-mlp")
    else { return nil }
    return Refusal(
      ["model.type", "loss"],
      because: "the loss compares energies, and a score network has none",
      remedy: "Use energy-mlp, or fd-ssm-vr, which compares scores.")
  }

  /// Curvature taken layer by layer in a model that is no energy perceptron.
  static func layersNeeded(_ trial: SettingValue) -> Refusal? {
    guard [.text("cp"), .text("approx-bp")].contains(trial["loss.type"]) else { return nil }
    if trial["model.residual"] == .boolean(true) {
      return Refusal(
        ["model.residual", "loss"],
        because: "the loss takes second derivatives through layers that follow each other alone",
        remedy: "Leave residual out, or use ssm-vr, which takes any model.")
    }
    guard trial["model.type"] != .text("energy-mlp") else { return nil }
    return Refusal(
      ["model.type", "loss"],
      because: "the loss takes second derivatives through the layers of an energy perceptron",
      remedy: "Use energy-mlp, or ssm-vr, which takes any model.")
  }
}
