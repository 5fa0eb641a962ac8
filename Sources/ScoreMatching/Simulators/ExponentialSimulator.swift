import Expressions
import Randomness
import Settings

/// Exponential laws that begin at the parameters.
///
///     ln p(x | θ) = -Σᵢ (xᵢ - θᵢ)   for xᵢ ≥ θᵢ,   else -∞
///
/// The support moves with θ: the score is 1 wherever the density is positive, its mean is not 0, and there is
/// no Fisher information. Smoothed by σ the score has a closed form,
///
///     1 - φ(u)/(σ Φ(u)),   u = (x - θ - σ²)/σ.
///
/// Reference: the shifted exponential of Khoo et al., "Direct Fisher score estimation for likelihood
/// maximization", 2025.
public struct ExponentialSimulator: Simulator, Hashable {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "exponential-simulator",
    "simulator x = theta + e of exponential e: the support moves with theta, in any dimension",
    Simulators.settings, neighbours: [Targets.dimensionSetting])

  public let dimension: Int

  /// Independent coordinates.
  public init(dimension: Int) { self.dimension = dimension }

  public var parameterCount: Int { dimension }

  public func draw(at theta: [Double], using generator: inout RandomGenerator) -> [Double] {
    theta.map { $0 - Real.log(generator.uniform()) }
  }

  public func logLikelihood(of x: [Double], at theta: [Double]) -> Double {
    zip(x, theta).reduce(0) { $1.0 < $1.1 ? -.infinity : $0 - ($1.0 - $1.1) }
  }

  public func score(of x: [Double], at theta: [Double]) -> [Double] {
    theta.map { _ in 1 }
  }

  public func smoothedScore(
    of x: [Double], at theta: [Double], scale sigma: Double
  ) -> [Double]? {
    zip(x, theta).map { x, theta in
      let u = (x - theta - sigma * sigma) / sigma
      let logDensity = -u * u / 2 - Real.log(2 * .pi) / 2
      return 1 - Real.exp(logDensity - TruncatedNormalLaw.logMass(-.infinity, u)) / sigma
    }
  }
}
