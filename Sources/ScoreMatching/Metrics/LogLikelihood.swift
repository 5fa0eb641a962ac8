import Expressions

extension Metric {
  /// The mean log density of held-out rows under a model whose normaliser is known.
  ///
  ///     E log p(x)
  ///
  /// - Complexity: one evaluation of the log density.
  ///
  /// Reference: the definition.
  static var logLikelihood: Metric {
    Metric(
      unit: "nat", "mean log-likelihood of held-out data, exact",
      .mean { model, x in
        guard let logDensity = model.logDensity else {
          preconditionFailure("log_likelihood: the model has no normaliser")
        }
        return mean(logDensity(x))
      })
  }

  /// The simulation whose variable `energy` is the model's energy at each held-out row.
  static func energies(_ model: Subject, _ data: MetricData) -> Simulation {
    let energy = model.requiredEnergy
    return Simulation(
      count: data.rowCount,
      [
        Simulation.Variable("x", [data.dimension], initial: .rows(data.heldOut)),
        Simulation.Variable("energy"),
      ], [Simulation.Stage { [Assignment("energy", energy($0["x"]))] }])
  }

  /// -E E(x) - ln Z, from what ``energies(_:_:)`` ended with.
  static func likelihood(_ energies: SimulationResult, logNormaliser: Double) -> Double {
    let values = energies.values("energy")
    return -values.reduce(0, +) / Double(max(values.count, 1)) - logNormaliser
  }
}
