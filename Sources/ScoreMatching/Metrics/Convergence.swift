import Settings

extension Metric {
  /// Whether a full-batch fit reached its tolerance, 1 or 0; nil for other fits.
  ///
  ///     1 where ‖∇J(θ)‖ ≤ tolerance
  ///
  /// Reference: Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithm 6.1.
  static func convergence(of trial: SettingValue) -> Metric? {
    guard trial["fit.type"] == .text(Fits.fullBatch) else { return nil }
    return Metric(
      unit: "1", "whether the fit reached its tolerance",
      .mean { _, _ in .state(FullBatch.convergedName, []) })
  }
}
