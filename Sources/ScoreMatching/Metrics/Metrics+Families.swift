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
        + "precision of gaussian; weights, means and scales of mixture in their nearest order"),
    Variant(
      "standardized_error",
      "mean square of the parameters' errors in standard errors, 1 on average; closed-form only"),
    Variant(
      "coverage", "fraction of 95 % confidence intervals that hold the truth; closed-form only"),
  ]

  /// One of them; nil without a boundary, a model, a truth, or the standard errors it needs.
  static func ofFamilies(
    _ settings: SettingValue, trial: SettingValue, target: (any Target)?
  ) -> Metric? {
    let name = settings.text("type")
    if name == "generalized_score_matching" {
      guard let support = Support.declared(trial), support.isBounded else { return nil }
      return .generalizedScoreMatching(
        BoundaryWeight(settings["boundary_weight"] ?? .null), on: support)
    }
    guard let target, trial.has("model") else { return nil }
    let model = Models.make(for: trial, dimension: target.dimension)
    // Explicit score matching finds the truth from any rows: its standard errors are rounding.
    let hasErrors =
      trial["fit.type"] == .text(ClosedForm.declaration.name)
      && trial["loss.type"] != .text(ExplicitObjective.name)
    switch name {
    case "parameter_error": return .parameterError(of: model, to: target)
    case "coverage": return hasErrors ? .coverage(of: model, to: target) : nil
    case "standardized_error": return hasErrors ? .standardizedError(of: model, to: target) : nil
    default: preconditionFailure("metric \(name) is not declared")
    }
  }
}
