/// Everything that a trial can say, and which combinations have no meaning.
public struct Catalogue: Sendable {
  /// The settings at the top of a trial, without those that variants bring.
  public let settings: [Setting]
  /// The measurements that an experiment's `metrics` may name.
  public let metrics: [Variant]
  /// Rules over a complete trial; each gives a refusal where the combination has no meaning.
  public let rules: [Rule]
  /// Rules over a metric and a complete trial that it would measure.
  public let metricRules: [MetricRule]
  /// What is recorded with every trial besides its metrics; tables may show it.
  public let recordedQuantities: [Choice]
  /// The defaults that identities are made against.
  public let frozenDefaults: FrozenDefaults

  /// A catalogue of the settings, metrics and rules that the modules declare.
  ///
  /// - Parameters:
  ///   - settings: the settings at the top of a trial, without those that variants bring.
  ///   - metrics: the measurements that `metrics` may name.
  ///   - rules: what finds combinations without meaning; none may depend on `repeat`.
  ///   - metricRules: what finds metrics without meaning for a trial; none may depend on `repeat`.
  ///   - recordedQuantities: what is recorded with every trial besides its metrics.
  ///   - frozenDefaults: the defaults that changed since results exist.
  public init(
    settings: [Setting], metrics: [Variant], rules: [Rule], metricRules: [MetricRule] = [],
    recordedQuantities: [Choice] = Catalogue.timings,
    frozenDefaults: FrozenDefaults = FrozenDefaults()
  ) {
    self.settings = settings
    self.metrics = metrics
    self.rules = rules
    self.metricRules = metricRules
    self.recordedQuantities = recordedQuantities
    self.frozenDefaults = frozenDefaults
  }

  /// The quantities that the runner itself measures.
  public static let timings = [
    Choice("steps", "how many steps were made"),
    Choice("seconds", "the wall-clock time of the trial"),
    Choice("seconds_per_step", "the wall-clock time of one step"),
    Choice("parameter_count", "how many numbers the model learns"),
  ]

  /// One combination without meaning, looked for in a complete trial.
  public typealias Rule = @Sendable (SettingValue) -> Refusal?

  /// One metric without meaning, by its settings with their defaults and those of a complete trial.
  public typealias MetricRule =
    @Sendable (_ metric: SettingValue, _ trial: SettingValue) -> Refusal?
}

/// Why a combination of settings is refused, and what to do instead.
public struct Refusal: Sendable, Hashable {
  /// The dotted paths of the settings that clash, the one to point at first.
  public let settings: [String]
  /// The reason, a clause: "the data have no exact score".
  public let because: String
  /// What to do, a sentence in the imperative.
  public let remedy: String

  /// A refusal of the settings at these paths.
  public init(_ settings: [String], because: String, remedy: String) {
    self.settings = settings
    self.because = because
    self.remedy = remedy
  }
}
