/// All that running a trial produced, and what identifies it.
public struct TrialRecord: Sendable {
  /// The trial's identity, 32 hexadecimal digits.
  public var id: String
  /// Where the trial stands on each axis, in the order of the plan.
  public var axes: [AxisEntry]
  /// The trial's own settings as canonical JSON.
  public var settings: String
  /// How the trial ended.
  public var outcome: Outcome
  /// What was measured, in the order of the columns.
  public var metrics: [Metric]
  /// Optimiser steps taken.
  public var steps: Int
  /// Wall-clock time of the trial.
  public var seconds: Double
  /// Mean wall-clock time of one step, evaluations left out.
  public var secondsPerStep: Double
  /// The number of learned parameters.
  public var parameterCount: Int
  /// The trial's seed in hexadecimal digits.
  public var seed: String
  /// The checkpoints of training.
  public var curves: [CurvePoint]
  /// The group under /parameters that holds the trial's parameters, named for what fixes their
  /// shapes: `score-mlp-8-64-64-8-softplus`.
  public var architecture: String
  /// What is needed beside the parameters to rebuild the model.
  ///
  /// It is kept with the parameters: a record without parameters keeps none.
  public var architectureAttributes: [Attribute]
  /// The learned parameters.
  public var parameters: [NamedArray]
  /// Samples and data that the experiment asks to keep.
  public var samples: [NamedArray]

  /// A record of all parts.
  public init(
    id: String, axes: [AxisEntry], settings: String, outcome: Outcome, metrics: [Metric] = [],
    steps: Int = 0, seconds: Double = .nan, secondsPerStep: Double = .nan, parameterCount: Int = 0,
    seed: String = "", curves: [CurvePoint] = [], architecture: String = "",
    architectureAttributes: [Attribute] = [], parameters: [NamedArray] = [],
    samples: [NamedArray] = []
  ) {
    self.id = id
    self.axes = axes
    self.settings = settings
    self.outcome = outcome
    self.metrics = metrics
    self.steps = steps
    self.seconds = seconds
    self.secondsPerStep = secondsPerStep
    self.parameterCount = parameterCount
    self.seed = seed
    self.curves = curves
    self.architecture = architecture
    self.architectureAttributes = architectureAttributes
    self.parameters = parameters
    self.samples = samples
  }
}

extension TrialRecord {
  /// The value of a metric, nil where the trial has none of that name.
  public func metric(_ name: String) -> Double? {
    metrics.first { $0.name == name }?.value
  }

  /// The trial's value on an axis, nil where the axis is absent or does not apply.
  public func axis(_ name: String) -> AxisValue? {
    axes.first { $0.name == name }?.value
  }

  /// Whether two records hold the same results: all but the measured times, bit for bit.
  public func hasSameResults(as other: TrialRecord) -> Bool {
    var a = self
    var b = other
    (a.seconds, a.secondsPerStep) = (0, 0)
    (b.seconds, b.secondsPerStep) = (0, 0)
    return a == b
  }
}

extension TrialRecord: Equatable {
  /// Equal when all words are the same and all numbers have the same bits.
  public static func == (a: TrialRecord, b: TrialRecord) -> Bool {
    a.id == b.id && a.axes == b.axes && a.settings == b.settings && a.outcome == b.outcome
      && a.metrics == b.metrics && a.steps == b.steps
      && sameBits([a.seconds, a.secondsPerStep], [b.seconds, b.secondsPerStep])
      && a.parameterCount == b.parameterCount && a.seed == b.seed && a.curves == b.curves
      && a.architecture == b.architecture
      && a.architectureAttributes == b.architectureAttributes && a.parameters == b.parameters
      && a.samples == b.samples
  }
}
