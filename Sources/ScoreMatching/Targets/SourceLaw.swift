import Expressions
import Randomness
import Settings

/// The law of an independent source, of mean 0 and variance 1.
///
///     logistic          p(s) = π/(4√3) cosh⁻²(π s/(2√3))
///     laplace           p(s) = exp(-√2 |s|)/√2
///     smoothedLaplace   p(s) ∝ cosh(κ s)^(-√2/κ)
///
/// The last one has the slope -√2 tanh κs of its log density in the place of -√2 sign s, and its integral
/// in the place of -√2 |s|: the law that takes derivatives of scores for Laplacian sources. Its variance is 1
/// in the limit κ → ∞ alone.
///
/// Reference: Hyvärinen, JMLR 6 (2005), section 3.3 (logistic); Gutmann & Hyvärinen, AISTATS 2010, section 3
/// (Laplacian, κ = 10).
public enum SourceLaw: Sendable, Hashable {
  /// The logistic law.
  case logistic
  /// The Laplacian law, whose score jumps at 0.
  case laplace
  /// The Laplacian law with its kink rounded off over 1/κ.
  case smoothedLaplace(Double)

  /// -ln p up to ``logPeak``, element for element; 0 at 0.
  func energy(_ s: Tensor) -> Tensor {
    switch self {
    case .logistic: 2 * Self.logCosh(.fill(Self.logisticRate / 2) * s)
    case .laplace: .fill(Self.laplaceRate) * absolute(s)
    case .smoothedLaplace(let kappa):
      .fill(Self.laplaceRate / kappa) * Self.logCosh(.fill(kappa) * s)
    }
  }

  /// The slope of ln p, element for element.
  func score(_ s: Tensor) -> Tensor {
    switch self {
    case .logistic: .fill(-Self.logisticRate) * tanh(.fill(Self.logisticRate / 2) * s)
    case .laplace: .fill(-Self.laplaceRate) * sign(s)
    case .smoothedLaplace(let kappa): .fill(-Self.laplaceRate) * tanh(.fill(kappa) * s)
    }
  }

  /// ln p(0).
  var logPeak: Double {
    switch self {
    case .logistic: return Real.log(Self.logisticRate / 4)
    case .laplace: return -Real.log(2) / 2
    case .smoothedLaplace(let kappa):
      // ∫ cosh(κs)^(-a) ds = B(½, a/2)/κ
      let a = Self.laplaceRate / kappa
      return Real.log(kappa) + Real.logGamma((a + 1) / 2) - Real.logGamma(a / 2)
        - Real.log(.pi) / 2
    }
  }

  /// Whether the score has a jump, which no derivative of it sees.
  var hasJump: Bool { self == .laplace }

  /// An independent draw; of the Laplacian law itself where it is smoothed.
  func draw(using generator: inout RandomGenerator) -> Double {
    let u = generator.uniform()
    switch self {
    case .logistic: return (Real.log(u) - Real.log(1 - u)) / Self.logisticRate
    case .laplace, .smoothedLaplace:
      return (u < 0.5 ? Real.log(2 * u) : -Real.log(2 * (1 - u))) / Self.laplaceRate
    }
  }

  /// π/√3.
  private static let logisticRate = Double.pi / 3.0.squareRoot()
  private static let laplaceRate = 2.0.squareRoot()

  /// ln cosh x without overflow.
  private static func logCosh(_ x: Tensor) -> Tensor { softplus(2 * x) - x - .fill(Real.log(2)) }
}

extension SourceLaw {
  static let logisticName = "logistic"
  static let laplaceName = "laplace"

  /// The law that a setting names, without smoothing.
  init(named name: String) { self = name == Self.logisticName ? .logistic : .laplace }
}
