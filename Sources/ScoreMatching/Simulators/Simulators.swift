import Settings

/// The simulators that an experiment can name in the place of data.
public enum Simulators {
  /// Every simulator, in the order of documentation.
  public static let declarations: [Variant] = [
    GaussianSimulator.declaration, GaussianSimulator.latentDeclaration,
    ExponentialSimulator.declaration, TwoMoonsSimulator.declaration,
  ]

  /// What every simulator has: the parameters that are looked for, and what is seen of them.
  static let settings = [
    Setting(
      "theta", .real(.any), default: .number(1),
      "every coordinate of the true parameters, which the observations are drawn at"),
    Setting(
      "observations", .integer(1...10_000_000), default: .number(100), unit: "rows",
      "observations whose likelihood is maximised"),
  ]

  /// The simulator that a trial's settings describe; nil for data of any other kind.
  ///
  /// - Parameter trial: the complete settings of a trial.
  public static func make(_ trial: SettingValue) -> (any Simulator)? {
    let data = trial["data"] ?? .null
    switch data["type"] {
    case .text(GaussianSimulator.declaration.name),
      .text(GaussianSimulator.latentDeclaration.name):
      return GaussianSimulator(data, dimension: trial.integer("dimension"))
    case .text(ExponentialSimulator.declaration.name):
      return ExponentialSimulator(dimension: trial.integer("dimension"))
    case .text(TwoMoonsSimulator.declaration.name): return TwoMoonsSimulator()
    default: return nil
    }
  }

  /// Whether the value of `data` names a simulator.
  static func describes(_ data: SettingValue) -> Bool {
    declarations.contains { .text($0.name) == data["type"] }
  }
}
