import Expressions

extension Metric {
  /// The squared error of the denoiser that a score gives by Tweedie's formula.
  ///
  ///     E‖x̃ + σ² s(x̃) - x‖²,   x̃ = x + σε
  ///
  /// For the exact smoothed score it is the Bayes-optimal error σ²d - σ⁴ E‖∇ log p_σ‖².
  ///
  /// - Parameter sigma: the noise scale, a standard deviation in data units.
  /// - Complexity: one evaluation of the score.
  ///
  /// Reference: Efron, JASA 106 (2011), eq. (1.4).
  public static func tweedieError(noiseScale sigma: Double) -> Metric {
    Metric(unit: "(data units)^2", "squared error of the denoiser at noise scale \(sigma)") {
      denoisingError($0, $1, sigma)
    }
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

  /// Twice the σ⁴-weighted denoising loss, on the metrics' own noise.
  private static func denoisingError(
    _ score: ScoreFunction, _ x: Tensor, _ sigma: Double
  ) -> Tensor {
    2 * quarticDenoisingScoreMatching(score, at: x, noise: noise(like: x), scale: .fill(sigma))
  }
}
