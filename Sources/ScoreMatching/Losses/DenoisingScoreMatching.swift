import Expressions
import Settings

/// Denoising score matching, weighted by σ²: the model predicts the noise that was added.
///
///     J(θ) = ½ E‖σ s(x + σε; θ) + ε‖²,   ε ~ N(0, I)
///
/// σ² times ``unweightedDenoisingScoreMatching(_:at:noise:scale:)``. Its minimiser is the score of
/// the smoothed density p * N(0, σ²I); for N(0, τ²I) data its least value is ½dτ²/(τ² + σ²).
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the score.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9); the weight: Song & Ermon, NeurIPS
/// 2019, eq. (6), arXiv:1907.05600.
public func denoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let residual = sigma * score(x + sigma * epsilon) + epsilon  // σ (s - ∇ log q_σ)
  return mean(dot(residual, residual)) / 2
}

/// Denoising score matching without a weight: the Fisher divergence to the smoothed density, up to
/// a constant in θ.
///
///     J(θ) = ½ E‖s(x + σε; θ) + ε/σ‖²,   ε ~ N(0, I)
///
/// Equals implicit score matching of the smoothed density p * N(0, σ²I) plus d/(2σ²).
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar; its variance grows like d/(2σ⁴) as σ → 0.
/// - Complexity: one evaluation of the score.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9).
public func unweightedDenoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let residual = score(x + sigma * epsilon) + epsilon / sigma  // s - ∇ log q_σ
  return mean(dot(residual, residual)) / 2
}

/// Denoising score matching, weighted by σ⁴: half the squared error of the denoiser x̃ + σ² s(x̃).
///
///     J(θ) = ½ E‖σ² s(x + σε; θ) + σε‖²,   ε ~ N(0, I)
///
/// The convention of the code of the sliced-score-matching paper. Its least value is half the
/// Bayes-optimal denoising error.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale, a standard deviation in data units, a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the score.
///
/// Reference: Vincent, Neural Computation 23 (2011), eq. (9) times σ⁴.
public func quarticDenoisingScoreMatching(
  _ score: ScoreFunction, at x: Tensor, noise epsilon: Tensor, scale sigma: Tensor
) -> Tensor {
  let residual = square(sigma) * score(x + sigma * epsilon) + sigma * epsilon
  return mean(dot(residual, residual)) / 2
}

struct DenoisingObjective: Objective {
  static let name = "dsm"
  static let summary =
    "denoising score matching at one noise scale, 1/2 E|sigma s(x + sigma e) + e|^2"
  static let settings = [
    Noise.setting, DenoisingWeight.setting,
    Setting(
      "control_variate", .boolean, default: .boolean(false),
      "subtract what has mean 0 and makes the variance grow as sigma falls; for small sigma"),
  ]

  private let noise: Noise
  private let weight: DenoisingWeight
  private let isControlled: Bool

  init(_ trial: SettingValue) {
    (noise, weight) = (Noise(trial), DenoisingWeight(trial))
    isControlled = trial.boolean("control_variate")
  }

  var streams: [String] { [Noise.stream] }
  var scalars: [ScalarValue] { noise.scalars }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    let (epsilon, sigma) = (noise.draw(x.shape), noise.sigma)
    return isControlled
      ? weight.factor(sigma)
        * controlledDenoisingScoreMatching(model.score, at: x, noise: epsilon, scale: sigma)
      : weight.loss(model.score, x, epsilon, sigma)
  }
}
