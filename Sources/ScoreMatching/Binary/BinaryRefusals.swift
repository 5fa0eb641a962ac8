import Settings

/// Combinations of losses, models and samplers with data of 0 and 1, or with others.
enum BinaryRefusals {
  /// A loss on bits with other data, or the reverse; a model of one with data of the other; a normaliser that is a sum
  /// over too many states.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    Targets.areBits(trial) ? ofBits(trial) : ofOthers(trial)
  }

  private static let losses = Losses.ofBits.map { $0.name }
  private static let lossWords = "rm, pl, mpf or ml"

  private static func ofBits(_ trial: SettingValue) -> Refusal? {
    let loss = trial.text("loss.type")
    if !(losses + [LikelihoodObjective.name, Losses.exactName]).contains(loss) {
      let isContrast = loss == ContrastiveObjective.name
      return Refusal(
        ["loss", "data.type"],
        because: isContrast
          ? "the noise is of real numbers, and the data are bits"
          : "the data are bits, which have no score",
        remedy: "Use \(lossWords).")
    }
    if Samplers.make(trial) != nil {
      return Refusal(
        ["sampler", "data.type"], because: "the sampler follows a score, and bits have none",
        remedy: "Leave the sampler out.")
    }
    let metric = "training.early_stopping.metric"
    if trial.has(metric), trial[metric] != .text(EarlyStopping.validationLossName) {
      return Refusal(
        [metric, "data.type"], because: "the data are bits, which have no score",
        remedy: "Stop by validation_loss.")
    }
    if trial["data.type"] == .text(BoltzmannData.declaration.name),
      trial.integer("dimension") > BinaryStates.limit
    {
      return Refusal(
        ["dimension", "data.type"],
        because:
          "the machine is drawn from the table of its 2^\(trial.integer("dimension")) states",
        remedy: "Use \(BinaryStates.limit) units or fewer.")
    }
    guard trial.has("model") else { return nil }
    let model = trial.text("model.type")
    if !(Models.ofBits + [EnergyNetwork.declaration.name]).contains(model) {
      return Refusal(
        ["model.type", "data.type"], because: "the model is of real numbers, and the data are bits",
        remedy: "Use boltzmann-machine, rbm or energy-mlp.")
    }
    guard loss == LikelihoodObjective.name, let reason = normaliserDefect(trial) else { return nil }
    return Refusal(
      ["loss", trial.has("dimension") ? "dimension" : "data.type"], because: reason,
      remedy: "Use rm, pl or mpf, which need no normaliser, or fewer units.")
  }

  private static func ofOthers(_ trial: SettingValue) -> Refusal? {
    let loss = trial.text("loss.type")
    if losses.contains(loss) {
      return Refusal(
        ["loss", "data.type"], because: "the loss flips bits, and the data are real numbers",
        remedy: "Use boltzmann-machine or bars-and-stripes data, or a loss of score matching.")
    }
    guard trial.has("model"), Models.ofBits.contains(trial.text("model.type")) else { return nil }
    return Refusal(
      ["model.type", "data.type"], because: "the model is of bits, and the data are real numbers",
      remedy: "Use energy-mlp, or data of bits.")
  }

  /// Why the normaliser of a model of bits is not known, a clause; nil where its states are enumerated.
  static func normaliserDefect(_ trial: SettingValue) -> String? {
    let model = trial.text("model.type")
    guard Models.ofBits.contains(model) else {
      return "the normalising constant of model \(model) is not known"
    }
    let hidden = trial.has("model.hidden_units") ? trial.integer("model.hidden_units") : .max
    let units = min(Targets.dimension(trial) ?? .max, hidden)
    guard units > BinaryStates.limit else { return nil }
    return "the normaliser is a sum over 2^\(units) states, and 2^"
      + "\(BinaryStates.limit) are the most that are enumerated"
  }
}

extension Metrics {
  /// Metrics of bits; all others ask for a score.
  private static let ofBits = [
    "log_likelihood", "target_log_likelihood", "parameter_error", "converged", "loss_variance",
    "gradient_variance",
  ]

  /// - Throws: where data of 0 and 1 have no such metric.
  static func checkBits(_ type: String, _ trial: SettingValue) throws(MetricAbsence) {
    guard ofBits.contains(type) else {
      throw MetricAbsence("the data are bits, which have no score")
    }
    guard type == "log_likelihood", trial.has("model"),
      let reason = BinaryRefusals.normaliserDefect(trial)
    else { return }
    throw MetricAbsence(reason)
  }
}
