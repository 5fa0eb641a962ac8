import Settings

/// A measurement that the experiment asks for.
public struct MetricSpecification: Sendable, Equatable {
  /// What results and tables call it: the type, then each setting that differs from its default
  /// (`tweedie_mse_sigma_0.3`).
  public let name: String
  /// The metric's name in the catalogue.
  public let type: String
  /// The metric's settings, defaults filled in, with its `type`.
  public let settings: SettingValue
}
