import Settings

extension Metrics {
  /// Metrics of exponential families, and of densities with a boundary.
  static let ofFamilies = [
    Variant(
      "generalized_score_matching", "E[div(h s) + 1/2 sum h s^2] on data with a boundary",
      [BoundaryWeight.setting]),
    Variant(
      "parameter_error",
      "squared error of the parameters, of data in the model's family: natural parameters; mean and "
        + "precision of gaussian; weights, means and scales of mixture in their nearest order; the "
        + "unmixing matrix of ica in its nearest order and signs; of a simulator its own"),
    Variant(
      "unmixing_error",
      "how far the learned unmixing times the mixing matrix of ica is from one element a row: sum of "
        + "squares of its rows, each with 1 as its largest element, less their number"),
    Variant(
      "log_normaliser_error",
      "squared error of the log normaliser that nce learns, to that of the model at the truth"),
    Variant(
      "standardized_error",
      "mean square of the parameters' errors in standard errors, 1 on average; closed-form, or fsm with "
        + "information"),
    Variant(
      "coverage",
      "fraction of 95 % confidence intervals that hold the truth; closed-form, or fsm with information"
    ),
  ]

  /// One of them.
  static func ofFamilies(
    _ settings: SettingValue, trial: SettingValue, target: (any Target)?
  ) throws(MetricAbsence) -> Metric {
    let name = settings.text("type")
    if name == "generalized_score_matching" {
      guard let support = Support.declared(trial), support.isBounded else {
        throw MetricAbsence("the data have no boundary")
      }
      return .generalizedScoreMatching(
        BoundaryWeight(settings["boundary_weight"] ?? .null), on: support)
    }
    let target = try target.orAbsent("the parameters of data from a file are not known")
    guard trial.has("model") else { throw MetricAbsence("no model is learned") }
    let model = Models.make(for: trial, dimension: target.dimension)
    if ["coverage", "standardized_error"].contains(name) { try checkErrors(trial) }
    if name == "log_normaliser_error", trial["loss.type"] != .text(ContrastiveObjective.name) {
      throw MetricAbsence("nce alone learns a normaliser")
    }
    let metric =
      switch name {
      case "parameter_error": Metric.parameterError(of: model, to: target)
      case "log_normaliser_error": Metric.logNormaliserError(of: model, to: target)
      case "unmixing_error": Metric.unmixingError(of: model, to: target)
      case "coverage": Metric.coverage(of: model, to: target)
      case "standardized_error": Metric.standardizedError(of: model, to: target)
      default: preconditionFailure("metric \(name) is not declared")
      }
    return try metric.orAbsent(
      "data \(trial.text("data.type")) have no parameters as model \(trial.text("model.type"))")
  }

  private static func checkErrors(_ trial: SettingValue) throws(MetricAbsence) {
    guard trial["fit.type"] == .text(ClosedForm.declaration.name) else {
      throw MetricAbsence("a closed-form fit alone has standard errors")
    }
    guard trial["loss.type"] != .text(ExplicitObjective.name) else {
      throw MetricAbsence(
        "explicit score matching finds the truth from any rows, so that its standard errors are rounding"
      )
    }
  }
}
