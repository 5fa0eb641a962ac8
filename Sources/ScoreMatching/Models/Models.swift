import Settings

/// The score models that an experiment can name.
public enum Models {
  /// Every model, in the order of documentation.
  public static let declarations: [Variant] = [
    ScoreNetwork.declaration, EnergyNetwork.declaration,
    NoiseConditionalScoreNetwork.declaration, NoiseConditionalEnergyNetwork.declaration,
    ExponentialFamily.declaration,
    GaussianModel.declaration, MixtureModel.declaration, IndependentComponentModel.declaration,
    BoltzmannMachine.declaration, RestrictedBoltzmannMachine.declaration,
  ]

  /// Models of bits alone.
  static let ofBits = [
    BoltzmannMachine.declaration.name, RestrictedBoltzmannMachine.declaration.name,
  ]

  /// The model of a trial; one for many noise levels has the smallest that the trial's loss trains
  /// for its score without a level, a Gaussian knows whether the loss adds noise to its data, and a loss that
  /// learns the normaliser fits it beside the model.
  ///
  /// - Parameters:
  ///   - trial: the complete settings of a trial.
  ///   - dimension: the number of coordinates of the data.
  public static func make(for trial: SettingValue, dimension: Int) -> any ScoreModel {
    let model = ofScores(trial, dimension: dimension)
    return trial["loss.type"] == .text(ContrastiveObjective.name)
      ? SelfNormalisedModel(model) : model
  }

  private static func ofScores(_ trial: SettingValue, dimension: Int) -> any ScoreModel {
    let model = make(trial["model"] ?? .null, dimension: dimension)
    if var gaussian = model as? GaussianModel {
      gaussian.isOfNoisyData = trial.has("sigma")
      return gaussian
    }
    guard var conditional = model as? any NoiseConditionalModel,
      let range = Losses.noiseRange(of: trial)
    else { return model }
    conditional.smallestScale = range.smallest
    return conditional
  }

  /// The model that a `model` setting describes.
  ///
  /// - Parameters:
  ///   - settings: the value of `model`, defaults filled in.
  ///   - dimension: the number of coordinates of the data.
  public static func make(_ settings: SettingValue, dimension: Int) -> any ScoreModel {
    switch settings.text("type") {
    case "score-mlp": return ScoreNetwork(settings, dimension: dimension)
    case "energy-mlp": return EnergyNetwork(settings, dimension: dimension)
    case "noise-conditional-score-mlp":
      return NoiseConditionalScoreNetwork(settings, dimension: dimension)
    case "noise-conditional-energy-mlp":
      return NoiseConditionalEnergyNetwork(settings, dimension: dimension)
    case "exponential-family": return ExponentialFamily(settings, dimension: dimension)
    case "gaussian": return GaussianModel(settings, dimension: dimension)
    case "mixture": return MixtureModel(settings, dimension: dimension)
    case "ica": return IndependentComponentModel(settings, dimension: dimension)
    case "boltzmann-machine": return BoltzmannMachine(settings, dimension: dimension)
    case "rbm": return RestrictedBoltzmannMachine(settings, dimension: dimension)
    case let type: preconditionFailure("model.type: \(type) is not declared")
    }
  }
}
