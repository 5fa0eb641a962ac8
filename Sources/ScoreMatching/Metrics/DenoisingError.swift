import Expressions

extension Metric {
  /// The squared error of the denoiser that a score gives by Tweedie's formula.
  ///
  ///     E‖x̃ + σ² s(x̃) - x‖²,   x̃ = x + σε
  ///
  /// A model of many noise levels is taken at this one. For the exact smoothed score it is the
  /// Bayes-optimal error σ²d - σ⁴ E‖∇ log p_σ‖²; loss `exact` has it only where that score is known.
  ///
  /// - Parameter sigma: the noise scale, a standard deviation in data units.
  /// - Complexity: one evaluation of the score.
  ///
  /// Reference: Efron, JASA 106 (2011), eq. (1.4).
  public static func tweedieError(noiseScale sigma: Double) -> Metric {
    Metric(
      unit: "(data units)^2", "squared error of the denoiser at noise scale \(sigma)",
      .mean { model, x in denoisingError(model.score(atScale: sigma), x, sigma) })
  }

  /// The least squared error that any denoiser has: ``tweedieError(noiseScale:)`` of the exact
  /// smoothed score, on the same noise.
  ///
  ///     E‖x̃ + σ² ∇ log p_σ(x̃) - x‖²
  ///
  /// - Parameters:
  ///   - target: the distribution of the data, nil where it is not known.
  ///   - sigma: the noise scale, a standard deviation in data units.
  /// - Returns: nil where the smoothed density has no closed form.
  /// - Complexity: one evaluation of the smoothed score.
  ///
  /// Reference: Efron, JASA 106 (2011), eq. (1.4).
  public static func bayesError(of target: (any Target)?, noiseScale sigma: Double) -> Metric? {
    guard let smoothed = target?.smoothed(by: sigma) else { return nil }
    return Metric(
      unit: "(data units)^2", "least squared error of any denoiser at noise scale \(sigma)"
    ) { _, x in denoisingError(smoothed.score, x, sigma) }
  }

  /// The σ²-weighted denoising loss at one noise level, on the metrics' own noise.
  ///
  ///     ½ E‖σ s(x + σε) + ε‖²
  ///
  /// A model of many noise levels is taken at this one.
  ///
  /// - Parameter sigma: the noise scale, a standard deviation in data units.
  /// - Complexity: one evaluation of the score.
  ///
  /// Reference: Song & Ermon, NeurIPS 2019, eq. (5) times σ², arXiv:1907.05600.
  public static func denoisingLoss(noiseScale sigma: Double) -> Metric {
    Metric(
      unit: "1", "denoising loss at noise scale \(sigma), weighted by sigma^2",
      .mean { model, x in
        denoisingScoreMatching(
          model.score(atScale: sigma), at: x, noise: noise(like: x), scale: .fill(sigma))
      })
  }

  /// The least denoising loss at one noise level: ``denoisingLoss(noiseScale:)`` of the exact
  /// smoothed score, on the same noise.
  ///
  ///     ½ E‖σ ∇ log p_σ(x + σε) + ε‖²
  ///
  /// For N(0, τ²I) data it is ½dτ²/(τ² + σ²).
  ///
  /// - Parameters:
  ///   - target: the distribution of the data, nil where it is not known.
  ///   - sigma: the noise scale, a standard deviation in data units.
  /// - Returns: nil where the smoothed density has no closed form.
  /// - Complexity: one evaluation of the smoothed score.
  ///
  /// Reference: Vincent, Neural Computation 23 (2011), eq. (10).
  public static func denoisingFloor(
    of target: (any Target)?, noiseScale sigma: Double
  ) -> Metric? {
    guard let smoothed = target?.smoothed(by: sigma) else { return nil }
    return Metric(
      unit: "1", "least denoising loss of any score at noise scale \(sigma)"
    ) { _, x in
      denoisingScoreMatching(smoothed.score, at: x, noise: noise(like: x), scale: .fill(sigma))
    }
  }

  /// The log density of the data, smoothed or not, on held-out rows: what a model's likelihood is
  /// compared with.
  ///
  ///     E[ log p_σ(x) ],   p_σ = p * N(0, σ²I)
  ///
  /// - Parameters:
  ///   - target: the distribution of the data, nil where it is not known.
  ///   - sigma: the noise scale, a standard deviation in data units; 0 for none.
  /// - Returns: nil where the smoothed density has no closed form.
  /// - Complexity: one evaluation of the log density.
  ///
  /// Reference: Cover & Thomas, Elements of Information Theory (2006), eq. (8.1), minus the
  /// differential entropy.
  public static func targetLogLikelihood(
    of target: (any Target)?, noiseScale sigma: Double
  ) -> Metric? {
    guard let density = sigma == 0 ? target : target?.smoothed(by: sigma) else { return nil }
    return Metric(unit: "nat", "mean log density of the data's own distribution") { _, x in
      mean(density.logDensity(x))
    }
  }

  /// Twice the σ⁴-weighted denoising loss, on the metrics' own noise.
  private static func denoisingError(
    _ score: ScoreFunction, _ x: Tensor, _ sigma: Double
  ) -> Tensor {
    2 * quarticDenoisingScoreMatching(score, at: x, noise: noise(like: x), scale: .fill(sigma))
  }
}
