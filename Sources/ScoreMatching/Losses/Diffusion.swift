import Expressions

/// A stochastic differential equation dx = f(t) x dt + g(t) dw that turns data into noise from
/// t = 0 to t = 1, by its kernel x_t = a(t) x + s(t) ε.
///
///     variance exploding    f = 0         g² = dσ²/dt          a = 1, s = σ_min (σ_max/σ_min)^t
///     variance preserving   f = -½β(t)    g² = β               a = exp(-½B), s² = 1 - a²
///     sub-variance          f = -½β(t)    g² = β (1 - a⁴)      a = exp(-½B), s = 1 - a²
///
/// with β(t) = β_min + t (β_max - β_min) and B its integral from 0. Numbers may be tensors: scalar
/// inputs of a program.
///
/// Whatever the equation, d(s/a)²/dt = (g/a)², so that g²/s² is the derivative of ln σ² for the
/// noise scale σ = s/a that a point divided by a has.
///
/// Reference: Song, Sohl-Dickstein, Kingma, Kumar, Ermon & Poole, ICLR 2021, eqs. (9), (11), (12)
/// and (29), arXiv:2011.13456. (Their exploding kernel starts at σ_min: the data are taken as seen
/// through that noise.)
public enum Diffusion: Sendable, Hashable {
  /// Noise is added, the data are kept.
  case varianceExploding(smallest: Tensor, largest: Tensor)
  /// The data fade as noise is added; data of variance 1 keep it.
  case variancePreserving(slowest: Tensor, fastest: Tensor)
  /// The same drift with less noise.
  case subVariancePreserving(slowest: Tensor, fastest: Tensor)

  /// B(t) = ∫β, for the preserving ones; 0 for the exploding one.
  private func integral(_ t: Tensor) -> Tensor {
    switch self {
    case .varianceExploding: .zeros(t.shape)
    case .variancePreserving(let low, let high), .subVariancePreserving(let low, let high):
      t * (low + t * (high - low) / 2)
    }
  }

  /// a(t).
  public func dataScale(at t: Tensor) -> Tensor { exp(-integral(t) / 2) }

  /// s(t), a standard deviation.
  public func noiseScale(at t: Tensor) -> Tensor {
    switch self {
    case .varianceExploding: relativeScale(at: t)
    case .variancePreserving: squareRoot(-expMinusOne(-integral(t)))
    case .subVariancePreserving: -expMinusOne(-integral(t))
    }
  }

  /// σ = s/a, without the cancellation of 1 - a² at small t.
  public func relativeScale(at t: Tensor) -> Tensor {
    switch self {
    case .varianceExploding(let smallest, let largest):
      exp(log(smallest) + t * (log(largest) - log(smallest)))
    case .variancePreserving: squareRoot(expMinusOne(integral(t)))
    case .subVariancePreserving: exp(-integral(t) / 2) * expMinusOne(integral(t))
    }
  }

  /// f(t), what x is multiplied by in the drift.
  public func drift(at t: Tensor) -> Tensor { -rate(t) / 2 }

  /// g(t)².
  public func squaredDiffusion(at t: Tensor) -> Tensor {
    square(noiseScale(at: t)) * logarithmicRate(at: t)
  }

  /// g²/s², the derivative of ln σ² in t.
  public func logarithmicRate(at t: Tensor) -> Tensor {
    switch self {
    case .varianceExploding(let smallest, let largest):
      (2 * (log(largest) - log(smallest))).broadcast(to: t.shape)
    case .variancePreserving: rate(t) / -expMinusOne(-integral(t))
    case .subVariancePreserving:
      rate(t) * (1 + exp(-integral(t))) / -expMinusOne(-integral(t))
    }
  }

  /// β(t).
  private func rate(_ t: Tensor) -> Tensor {
    switch self {
    case .varianceExploding: .zeros(t.shape)
    case .variancePreserving(let low, let high), .subVariancePreserving(let low, let high):
      low + t * (high - low)
    }
  }
}
