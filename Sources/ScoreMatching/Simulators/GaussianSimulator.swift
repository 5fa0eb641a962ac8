import Expressions
import Randomness
import Settings

/// A normal law whose mean is its parameters, seen directly or through a latent one.
///
///     z ~ N(θ, v I),   x ~ N(z, Σ - v I):   x ~ N(θ, Σ),   Σ = (1 - ρ) I + ρ 1 1ᵀ
///
/// Smoothing over θ by σ gives the score of N(θ, Σ + σ² I); the latent score is (z - θ)/v, and no function of
/// x is nearer to it than ½(d/v - tr Σ⁻¹) in mean squared distance. Without latent variable, ρ = 0.
///
/// Reference: the linear Gaussian of Sui et al., arXiv:2507.07833.
public struct GaussianSimulator: Simulator, Hashable {
  /// The mean of N(θ, I).
  public static let declaration = Variant(
    "gaussian-simulator", "simulator x ~ N(theta, I), in any dimension", Simulators.settings,
    neighbours: [Targets.dimensionSetting])

  /// The mean behind a latent variable.
  public static let latentDeclaration = Variant(
    "linear-gaussian-simulator",
    "simulator x ~ N(theta, S) of equal correlations through a latent z ~ N(theta, v I), in any dimension",
    [
      Setting(
        "correlation", .real(RealRange(from: 0, to: 1, includesUpper: false)),
        default: .number(0.5), "the correlation of every pair of coordinates of x"),
      Setting(
        "latent_variance", .real(.positive), default: .number(0.4),
        "v, the part of the unit variance of x that z has; below 1 - correlation"),
    ] + Simulators.settings, neighbours: [Targets.dimensionSetting])

  public let dimension: Int
  /// ρ.
  public let correlation: Double
  /// v; nil without latent variable.
  public let latentVariance: Double?

  /// A normal law of unit variances.
  public init(dimension: Int, correlation: Double = 0, latentVariance: Double? = nil) {
    self.dimension = dimension
    self.correlation = correlation
    self.latentVariance = latentVariance
  }

  /// The simulator that the value of `data` describes.
  init(_ settings: SettingValue, dimension: Int) {
    let isLatent = settings.has("latent_variance")
    self.init(
      dimension: dimension, correlation: isLatent ? settings.real("correlation") : 0,
      latentVariance: isLatent ? settings.real("latent_variance") : nil)
  }

  public var parameterCount: Int { dimension }

  /// ρ where there is a pair to correlate.
  private var shared: Double { dimension > 1 ? correlation : 0 }
  /// What a coordinate has for itself.
  private var own: Double { 1 - shared }

  public func draw(at theta: [Double], using generator: inout RandomGenerator) -> [Double] {
    if let (x, _) = drawWithLatentScore(at: theta, using: &generator) { return x }
    return zip(theta, noise(own, &generator)).map(+)
  }

  public func drawWithLatentScore(
    at theta: [Double], using generator: inout RandomGenerator
  ) -> (x: [Double], score: [Double])? {
    guard let v = latentVariance else { return nil }
    let step = theta.map { _ in v.squareRoot() * generator.normal() }
    let rest = noise(own - v, &generator)
    return (theta.indices.map { theta[$0] + step[$0] + rest[$0] }, step.map { $0 / v })
  }

  private func noise(_ own: Double, _ generator: inout RandomGenerator) -> [Double] {
    let z = (0..<dimension).map { _ in generator.normal() }
    return Covariance.uniform(variance: own, shared: shared).coloured(z)
  }

  public func logLikelihood(of x: [Double], at theta: [Double]) -> Double {
    let difference = zip(x, theta).map(-)
    let square = zip(difference, solve(difference, adding: 0)).reduce(0) { $0 + $1.0 * $1.1 }
    let covariance = Covariance.uniform(variance: own, shared: shared)
    return
      -(square + covariance.logDeterminant(dimension: dimension)
      + Double(dimension) * Real.log(2 * .pi)) / 2
  }

  public func score(of x: [Double], at theta: [Double]) -> [Double] {
    solve(zip(x, theta).map(-), adding: 0)
  }

  public func smoothedScore(
    of x: [Double], at theta: [Double], scale sigma: Double
  ) -> [Double]? {
    solve(zip(x, theta).map(-), adding: sigma * sigma)
  }

  public func information(at theta: [Double]) -> [Double]? {
    Covariance.uniform(variance: own, shared: shared).inverse(dimension: dimension)
  }

  public var latentFloor: Double? {
    latentVariance.map { v in
      let d = Double(dimension)
      let trace = (d - 1) / own + 1 / (own + d * shared)
      return (d / v - trace) / 2
    }
  }

  /// (Σ + variance · I)⁻¹ r.
  private func solve(_ r: [Double], adding variance: Double) -> [Double] {
    let a = own + variance
    let share = shared / (a + Double(dimension) * shared) * r.reduce(0, +)
    return r.map { ($0 - share) / a }
  }

  /// A latent variance that leaves x none of its own; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["data.type"] == .text(latentDeclaration.name) else { return nil }
    let simulator = GaussianSimulator(
      trial["data"] ?? .null, dimension: trial.integer("dimension"))
    guard let v = simulator.latentVariance, v >= simulator.own else { return nil }
    return Refusal(
      ["data.latent_variance", "data.correlation"],
      because: "the covariance of x less that of the latent variable is not positive definite",
      remedy: "Keep latent_variance below \(SettingValue.canonicalNumber(simulator.own)).")
  }
}
