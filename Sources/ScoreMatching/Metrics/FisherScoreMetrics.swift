import Randomness

// Metrics of parameters that are estimated from simulations. What is measured is, in this order, the estimate
// θ̂ and, where the Fisher information is asked for, its standard errors and the information.

extension Metric {
  /// The squared error of a simulator's parameters, to the nearest that have the likelihood of the true ones.
  ///
  ///     ‖θ̂ - θ‖²
  ///
  /// - Parameter ascent: what estimated them.
  /// - Complexity: p additions.
  ///
  /// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025.
  static func parameterError(of ascent: LikelihoodAscent) -> Metric {
    Metric(
      unit: "1", "squared error of the parameters",
      .closedForm(work: 0) { ascent.simulator.squaredError(of: $0[0], to: ascent.truth) })
  }

  /// The fraction of the parameters whose 95 % confidence interval has the truth in it.
  ///
  ///     1/p Σᵢ 1[ |θ̂ᵢ - θᵢ| ≤ 1.96 seᵢ ]
  ///
  /// - Parameter ascent: what estimated them.
  /// - Complexity: p comparisons.
  ///
  /// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025.
  static func coverage(of ascent: LikelihoodAscent) -> Metric {
    Metric(
      unit: "1", "fraction of 95 % confidence intervals with the true parameter in them",
      .closedForm(work: 0) { values in
        average(standardized(values, ascent).map { $0.isNaN ? .nan : $0 <= 1.959964 ? 1 : 0 })
      })
  }

  /// The mean square of the parameters' errors in units of their standard errors.
  ///
  ///     1/p Σᵢ ((θ̂ᵢ - θᵢ)/seᵢ)²
  ///
  /// - Parameter ascent: what estimated them.
  /// - Complexity: p divisions.
  ///
  /// Reference: Fisher, "Theory of statistical estimation", Proceedings of the Cambridge Philosophical Society 22
  /// (1925).
  static func standardizedError(of ascent: LikelihoodAscent) -> Metric {
    Metric(
      unit: "1", "mean square of the parameters' errors in units of their standard errors",
      .closedForm(work: 0) { values in average(standardized(values, ascent).map { $0 * $0 }) })
  }

  /// The squared relative error of the Fisher information, in the Frobenius norm, to the exact one at θ̂.
  ///
  ///     ‖Î - I(θ̂)‖²/‖I(θ̂)‖²
  ///
  /// - Parameter ascent: what estimated it, of a simulator whose information is known.
  /// - Complexity: p² multiplications.
  ///
  /// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025.
  static func informationError(of ascent: LikelihoodAscent) -> Metric {
    Metric(
      unit: "1", "squared relative error of the Fisher information",
      .closedForm(work: 0) { values in
        guard let exact = ascent.simulator.information(at: values[0]) else { return .nan }
        return relativeError(values[2], to: exact)
      })
  }

  /// The squared relative error of the estimated score of all observations at a point.
  ///
  ///     ‖Σⱼ S(xⱼ) - s‖²/‖s‖²,   s = Σⱼ ∇ ln p(xⱼ | θ), smoothed over θ or not
  ///
  /// - Parameters:
  ///   - ascent: whose observations, and whose way of estimating.
  ///   - probe: the point and the simulations.
  ///   - sigma: what the exact score is smoothed by; nil for the score itself.
  /// - Returns: nil where the smoothed score has no closed form.
  /// - Complexity: one estimate, and n scores.
  ///
  /// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025.
  static func scoreError(
    of ascent: LikelihoodAscent, at probe: FisherScoreProbe, smoothedBy sigma: Double?
  ) -> Metric? {
    let simulator = ascent.simulator
    let exact: @Sendable ([Double]) -> [Double]? = { x in
      guard let sigma else { return simulator.score(of: x, at: probe.point) }
      return simulator.smoothedScore(of: x, at: probe.point, scale: sigma)
    }
    guard exact([Double](repeating: 0, count: simulator.dimension)) != nil else { return nil }
    return Metric(
      unit: "1", "squared relative error of the estimated Fisher score",
      .data(work: { _ in ascent.work(of: probe) }) { data in
        var generator = data.generator
        let score = try data.fisherScore(at: probe, using: &generator)
        let estimate = try score.mean(
          over: data.train, parameterCount: simulator.parameterCount)
        let sum = simulator.sum(over: data.train) { exact($0) ?? [] }
        return relativeError(
          estimate, to: sum.map { $0 * Double(simulator.dimension) / Double(data.train.count) })
      })
  }

  /// The mean squared distance of the estimated score at a point from that of a latent variable.
  ///
  ///     ½ E‖S(x) - ∇ ln p(z | θ)‖²,   z ~ p(z | θ),  x ~ p(x | z)
  ///
  /// Its least value is ``latentScoreFloor(of:)``, at the exact score.
  ///
  /// - Parameters:
  ///   - ascent: whose way of estimating.
  ///   - probe: the point and the simulations.
  ///   - rows: fresh simulations that it is the mean over.
  /// - Returns: nil for a simulator without a latent variable.
  /// - Complexity: one estimate, and as many simulations as rows.
  ///
  /// Reference: Sui et al., arXiv:2507.07833.
  static func latentScoreLoss(
    of ascent: LikelihoodAscent, at probe: FisherScoreProbe, rows count: Int
  ) -> Metric? {
    let simulator = ascent.simulator
    guard simulator.latentFloor != nil else { return nil }
    return Metric(
      unit: "1", "distance of the estimated Fisher score from the latent one",
      .data(work: { _ in ascent.work(of: probe) + ascent.simulationWork(count) }) { data in
        var generator = data.generator
        let score = try data.fisherScore(at: probe, using: &generator)
        var (rows, latent): ([Double], [Double]) = ([], [])
        for number in 0..<count {
          if number % 1000 == 999 { try data.checkpoint() }
          guard
            let (x, one) = simulator.drawWithLatentScore(at: probe.point, using: &generator)
          else { return .nan }
          rows += x
          latent += one
        }
        let difference = zip(try score.ofRows(rows), latent).map(-)
        return difference.reduce(0) { $0 + $1 * $1 } / (2 * Double(count))
      })
  }

  /// The least ``latentScoreLoss(of:at:rows:)`` there is.
  ///
  ///     ½ E‖∇ ln p(z | θ) - ∇ ln p(x | θ)‖²
  ///
  /// - Parameter ascent: of which simulator.
  /// - Returns: nil for a simulator without a latent variable.
  /// - Complexity: a closed form.
  ///
  /// Reference: Sui et al., arXiv:2507.07833, for the linear Gaussian.
  static func latentScoreFloor(of ascent: LikelihoodAscent) -> Metric? {
    ascent.simulator.latentFloor.map { floor in
      Metric(
        unit: "1", "least distance of a function of x from the latent score",
        .closedForm(work: 0) { _ in floor })
    }
  }

  /// |θ̂ᵢ - θᵢ|/seᵢ.
  private static func standardized(_ values: [[Double]], _ ascent: LikelihoodAscent) -> [Double] {
    values[0].indices.map { (values[0][$0] - ascent.truth[$0]).magnitude / values[1][$0] }
  }

  private static func average(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private static func relativeError(_ found: [Double], to exact: [Double]) -> Double {
    let difference = zip(found, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return difference / exact.reduce(0) { $0 + $1 * $1 }
  }
}

extension MetricData {
  /// The score that the trial's loss estimates around a point.
  fileprivate func fisherScore(
    at probe: FisherScoreProbe, using generator: inout RandomGenerator
  ) throws -> FisherScore {
    guard let fisherScores else { preconditionFailure("metric: the loss estimates no score") }
    return try fisherScores(probe.point, probe.simulationCount, &generator)
  }
}

extension LikelihoodAscent {
  /// The work of one estimate for a metric.
  fileprivate func work(of probe: FisherScoreProbe) -> Double {
    simulationWork(probe.simulationCount)
      + probe.matching.estimator.work(
        simulations: probe.simulationCount, dimension: simulator.dimension,
        parameterCount: simulator.parameterCount)
  }
}
