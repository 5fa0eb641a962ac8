import Settings

/// Combinations of losses with models that do not know what the loss asks for.
enum DensityRefusals {
  /// Maximum likelihood of a model that is not normalised.
  static func normaliserNeeded(_ trial: SettingValue) -> Refusal? {
    guard trial["loss.type"] == .text(LikelihoodObjective.name),
      !Abilities(trial).logDensity, !Targets.areBits(trial)
    else { return nil }
    return Refusal(
      ["loss", "model.type"],
      because: "the normalising constant of model \(trial.text("model.type")) is not known",
      remedy: "Use the model gaussian, mixture or ica, or a loss of score matching.")
  }

  /// The energy of the data with the noise, of a mixture, which stands for the data without it.
  static func noisyEnergyNeeded(_ trial: SettingValue) -> Refusal? {
    guard trial["loss.type"] == .text("fd-dsm"), trial["model.type"] == .text("mixture") else {
      return nil
    }
    return Refusal(
      ["model.type", "loss"],
      because:
        "the loss compares energies of the data with the noise, and a mixture is of the data "
        + "without it",
      remedy: "Use dsm, which fits the mixture's score at the noise scale.")
  }

  /// Quadrature over noise in more dimensions than one, or beside what quadrature has no use for.
  static func quadratureIsOneDimensional(_ trial: SettingValue) -> Refusal? {
    guard trial["noise_expectation.type"] == .text(NoiseExpectation.gaussHermiteName) else {
      return nil
    }
    if trial["control_variate"] == .boolean(true) {
      return Refusal(
        ["control_variate", "noise_expectation"],
        because: "quadrature has no variance that a control variate could reduce",
        remedy: "Leave control_variate out, or use sampled noise.")
    }
    switch Targets.dimension(trial) {
    case 1: return nil
    case let dimension?:
      return Refusal(
        [trial.has("dimension") ? "dimension" : "data.type", "noise_expectation"],
        because: "a product rule in \(dimension) dimensions has nodes to the power \(dimension)",
        remedy: "Use sampled noise, with lbfgs.draws for a better mean under fit full-batch.")
    case nil:
      return Refusal(
        ["data.type", "noise_expectation"],
        because: "how many coordinates data from a file have is not known before they are read",
        remedy: "Use sampled noise.")
    }
  }
}
