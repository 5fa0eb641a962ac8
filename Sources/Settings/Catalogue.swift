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
  /// What finds out which trials cannot have a metric.
  public let availability: MetricAvailability
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
  ///   - availability: what finds out which trials cannot have a metric.
  ///   - recordedQuantities: what is recorded with every trial besides its metrics.
  ///   - frozenDefaults: the defaults that changed since results exist.
  public init(
    settings: [Setting], metrics: [Variant], rules: [Rule], metricRules: [MetricRule] = [],
    availability: MetricAvailability = .everywhere,
    recordedQuantities: [Choice] = Catalogue.timings,
    frozenDefaults: FrozenDefaults = FrozenDefaults()
  ) {
    self.settings = settings
    self.metrics = metrics
    self.rules = rules
    self.metricRules = metricRules
    self.availability = availability
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

/// What finds out which trials cannot have a metric, and why.
public struct MetricAvailability: Sendable {
  /// Dotted paths: nothing at them or inside them matters.
  public let ignored: [String]
  /// Of a complete trial: of a metric's settings, with its type, the reason why the trial cannot have it,
  /// a clause; nil where it can.
  public let absence: @Sendable (_ trial: SettingValue) -> (_ metric: SettingValue) -> String?

  /// A rule that looks at everything but what is at or inside some paths; `repeat` must be one of them.
  public init(
    ignoring ignored: [String],
    absence: @escaping @Sendable (_ trial: SettingValue) -> (_ metric: SettingValue) -> String?
  ) {
    self.ignored = ignored
    self.absence = absence
  }

  /// Every trial has every metric.
  public static let everywhere = MetricAvailability(ignoring: []) { _ in { _ in nil } }
}
