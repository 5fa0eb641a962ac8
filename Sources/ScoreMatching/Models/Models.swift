import Settings

/// The score models that an experiment can name.
public enum Models {
  /// Every model, in the order of documentation.
  public static let declarations: [Variant] = [
    ScoreNetwork.declaration, EnergyNetwork.declaration,
  ]

  /// The model that a trial's `model` setting describes.
  ///
  /// - Parameters:
  ///   - settings: the value of `model`, defaults filled in.
  ///   - dimension: the number of coordinates of the data.
  public static func make(_ settings: SettingValue, dimension: Int) -> any ScoreModel {
    switch settings.text("type") {
    case "score-mlp": return ScoreNetwork(settings, dimension: dimension)
    case "energy-mlp": return EnergyNetwork(settings, dimension: dimension)
    case let type: preconditionFailure("model.type: \(type) is not declared")
    }
  }
}
