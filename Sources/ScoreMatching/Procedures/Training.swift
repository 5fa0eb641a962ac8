import Settings

/// How a loss is minimised, as a trial's `training` setting says it.
public struct Training: Sendable {
  /// The number of steps at most.
  public let stepCount: Int
  /// Rows of a minibatch.
  public let batch: Int
  /// The first-order method.
  public let optimizer: any Optimizer
  /// The gradient norm above which gradients are scaled down, nil for no limit.
  public let clip: Double?
  /// The decay of the running average of parameters that is evaluated, nil for the last parameters.
  public let average: Double?
  /// Steps between evaluations on validation data.
  public let evaluateEvery: Int
  /// When to stop before the last step, nil for never.
  public let earlyStopping: EarlyStopping?

  /// The training that the value of `training` describes, defaults filled in.
  public init(_ settings: SettingValue) {
    stepCount = settings.integer("steps")
    batch = settings.integer("batch")
    optimizer = Optimizers.make(settings["optimizer"] ?? .null)
    clip = settings.has("clip") ? settings.real("clip") : nil
    average = settings.has("ema") ? settings.real("ema") : nil
    evaluateEvery = settings.integer("evaluate_every")
    earlyStopping =
      settings.has("early_stopping")
      ? EarlyStopping(settings["early_stopping"] ?? .null) : nil
  }

  /// The declaration of `training` at the top of a trial.
  static let setting = Setting(
    "training",
    .group([
      Setting(
        "steps", .integer(0...1_000_000_000), default: .number(1000), unit: "steps",
        "optimiser steps"),
      Setting(
        "batch", .integer(1...1_000_000), default: .number(128), unit: "rows",
        "rows of a minibatch"),
      Setting(
        "optimizer", .variant(Optimizers.declarations),
        default: .object(["type": .text("adam")]), "the first-order method"),
      Setting(
        "clip", .optional(.real(.positive)), default: .null,
        "gradients are scaled down to this common norm"),
      Setting(
        "ema", .optional(.real(RealRange(from: 0, to: 1, includesUpper: false))), default: .null,
        "decay of a running average of the parameters, evaluated in their place"),
      Setting(
        "evaluate_every", .integer(1...1_000_000_000), default: .number(100), unit: "steps",
        "steps between evaluations on validation data"),
      Setting(
        "early_stopping", .optional(.group(EarlyStopping.settings)), default: .null,
        "stop, and keep the best parameters, when a validation metric no longer falls"),
    ]),
    default: .object([SettingValue.Member]()), "how the loss is minimised")
}

/// When to stop training: a validation metric has not fallen for some evaluations.
///
/// The parameters of the best evaluation are kept.
public struct EarlyStopping: Sendable, Hashable {
  /// The metric that is watched: ``validationLossName``, or a metric's name after `validation_`.
  public let metric: String
  /// Evaluations without a fall before training stops.
  public let patience: Int
  /// What counts as a fall: more than this below the best so far.
  public let minimumImprovement: Double

  /// The rule that its settings describe.
  public init(_ settings: SettingValue) {
    metric = settings.text("metric")
    patience = settings.integer("patience")
    minimumImprovement = settings.real("minimum_improvement")
  }

  /// The training loss itself, on validation data.
  public static let validationLossName = "validation_loss"

  static let settings = [
    Setting(
      "metric",
      .choice(
        [Choice(validationLossName, "the training loss itself, on validation data")]
          + Metrics.watched.map {
            Choice("validation_\($0.name)", "\($0.summary), on validation data")
          }
      ), default: .text("validation_implicit_score_matching"), "what has to fall"),
    Setting(
      "patience", .integer(1...1_000_000), default: .number(20), unit: "evaluations",
      "evaluations without a fall before training stops"),
    Setting(
      "minimum_improvement", .real(.nonNegative), default: .number(0),
      "a smaller fall does not count"),
  ]
}
