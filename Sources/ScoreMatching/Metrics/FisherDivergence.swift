import Expressions

extension Metric {
  static let scoreUnit = dataUnit(toThe: -2)

  /// The Fisher divergence of a learned score to the exact one.
  ///
  ///     ½ E_p‖s(x) - s*(x)‖²
  ///
  /// - Parameter target: the distribution of the data.
  /// - Complexity: one evaluation of each score.
  ///
  /// Reference: Hyvärinen, JMLR 6 (2005), eq. (2).
  public static func fisherDivergence(to target: any Target) -> Metric {
    Metric(unit: scoreUnit, "Fisher divergence to the exact score, with the factor 1/2") {
      explicitScoreMatching($0, at: $1, target: target.score($1))
    }
  }

  /// Half the Fisher information of the data: the Fisher divergence of a score that is 0
  /// everywhere, and minus the least value of implicit score matching.
  ///
  ///     ½ E_p‖s*(x)‖²
  ///
  /// - Parameter target: the distribution of the data.
  /// - Complexity: one evaluation of the exact score.
  ///
  /// Reference: Hyvärinen, JMLR 6 (2005), eq. (2) at s = 0.
  public static func halfFisherInformation(of target: any Target) -> Metric {
    Metric(unit: scoreUnit, "half the Fisher information of the data") { _, x in
      explicitScoreMatching({ .zeros($0.shape) }, at: x, target: target.score(x))
    }
  }

  /// The Fisher divergence as a fraction of what a score of 0 would have.
  ///
  ///     E_p‖s(x) - s*(x)‖² / E_p‖s*(x)‖²
  ///
  /// - Parameter target: the distribution of the data.
  /// - Complexity: one evaluation of each score.
  ///
  /// Reference: a ratio of two values of Hyvärinen, JMLR 6 (2005), eq. (2).
  public static func relativeFisherDivergence(to target: any Target) -> Metric {
    Metric(unit: "1", "Fisher divergence relative to half the Fisher information") { score, x in
      let exact = target.score(x)
      return explicitScoreMatching(score, at: x, target: exact)
        / explicitScoreMatching({ .zeros($0.shape) }, at: x, target: exact)
    }
  }

  /// The Fisher divergence to the smoothed density, at noisy points: what denoising score matching
  /// minimises. A model of many noise levels is taken at this one.
  ///
  ///     ½ E‖s(x̃) - ∇ log p_σ(x̃)‖²,   x̃ = x + σε,   p_σ = p * N(0, σ²I)
  ///
  /// - Parameters:
  ///   - target: the distribution of the data, nil where it is not known.
  ///   - sigma: the noise scale, a standard deviation in data units.
  /// - Returns: nil where the smoothed density has no closed form.
  /// - Complexity: one evaluation of each score.
  ///
  /// Reference: Vincent, Neural Computation 23 (2011), eq. (10).
  public static func smoothedFisherDivergence(
    to target: (any Target)?, noiseScale sigma: Double
  ) -> Metric? {
    guard let smoothed = target?.smoothed(by: sigma) else { return nil }
    return Metric(
      unit: scoreUnit, "Fisher divergence to the smoothed density, with the factor 1/2",
      .mean { model, x in
        let noisy = x + .fill(sigma) * noise(like: x)
        return explicitScoreMatching(
          model.score(atScale: sigma), at: noisy, target: smoothed.score(noisy))
      })
  }

  /// Implicit score matching on held-out data with the exact trace: the one scale on which every
  /// loss is compared where no exact score is known.
  ///
  ///     E[ tr ∇ₓs(x) + ½‖s(x)‖² ]
  ///
  /// - Complexity: ``ScoreMatching/implicitScoreMatching(_:at:)``.
  ///
  /// Reference: Hyvärinen, JMLR 6 (2005), eq. (4).
  public static let implicitScoreMatching = Metric(
    unit: scoreUnit, "implicit score matching loss, exact trace"
  ) { ScoreMatching.implicitScoreMatching($0, at: $1) }

  /// Standard normal noise of the shape of the data, from the metrics' own stream.
  static func noise(like x: Tensor) -> Tensor {
    .random(.normal, stream: noiseStream, x.shape, rowAxis: 0)
  }
}
