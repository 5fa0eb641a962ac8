import Expressions
import Settings

/// Denoising score matching at a noise level of its own for each row: what trains one network for
/// all levels.
///
///     J(θ) = ½ E[ w ‖σ s(x + σε, σ; θ) + ε‖² ],   ε ~ N(0, I)
///
/// The law of σ and the weight w, a function of it, make the loss of a ladder (``NoiseLadderObjective``) and
/// those of diffusions in continuous time (``Diffusion``): a point of the kernel x_t = a x + s ε
/// has the score ∇ log p_t(x_t) = s(x_t/a, s/a)/a, hence s times it is σ s(x + σε, σ) with
/// σ = s/a. At w = 1 the minimiser is the smoothed score of every level; for N(0, τ²I) data the
/// least value at one level is ½dτ²/(τ² + σ²).
///
/// - Parameters:
///   - score: the model score s(·, σ; θ), acting on rows, [n, d] and [n] → [n, d].
///   - x: data, [n, d].
///   - epsilon: standard normal noise, [n, d].
///   - sigma: the noise scale of each row, a standard deviation in data units, [n] or a scalar.
///   - weight: the weight of each row, [n] or a scalar.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: one evaluation of the score.
///
/// Reference: Song & Ermon, NeurIPS 2019, eqs. (5) and (6), arXiv:1907.05600; in continuous time
/// Song et al., ICLR 2021, eq. (7), arXiv:2011.13456.
public func noiseConditionalScoreMatching(
  _ score: NoisyScoreFunction, at x: Tensor, noise epsilon: Tensor, scales sigma: Tensor,
  weight: Tensor = 1
) -> Tensor {
  let scale = sigma.column
  let residual = scale * score(x + scale * epsilon, sigma) + epsilon  // σ (s - ∇ log q_σ)
  return mean(weight * dot(residual, residual)) / 2
}

/// A loss that trains one network for a range of noise levels.
protocol NoiseConditionalObjective: Objective {
  /// The noise scales that a trial with these settings trains.
  static func range(_ trial: SettingValue) -> NoiseRange
}

extension NoiseConditionalObjective {
  /// The stream of the numbers that choose the level of each row.
  static var levelStream: String { "level" }

  public static var defaultModel: String { NoiseConditionalScoreNetwork.declaration.name }
  public var streams: [String] { [Noise.stream, Self.levelStream] }
  /// All levels weigh σ², or what is a number: g² dt is in nats.
  public var unitPower: Int { 0 }

  /// A uniform number and noise for each row, [n] and [n, d].
  func draw(_ shape: Shape) -> (level: Tensor, noise: Tensor) {
    (
      .random(.uniform, stream: Self.levelStream, [shape[0]], rowAxis: 0),
      .random(.normal, stream: Noise.stream, shape, rowAxis: 0)
    )
  }
}
