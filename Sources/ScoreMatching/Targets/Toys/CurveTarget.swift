import Expressions
import Randomness

/// Curves in the plane, equally likely, seen through normal noise:
///
///     p(x) = Σ_c (1/C) ∫ q_c(t) N(x; γ_c(t), τ² I) dt
///
/// The integral is a quadrature, exact to about 1e-12, so density and score are those of a mixture
/// over its nodes; samples are drawn from the curves themselves. Further noise makes τ larger and
/// nothing else.
public struct CurveTarget: Target {
  let curves: [Curve]
  let mixture: NodeMixture

  /// The curves with noise of standard deviation tau.
  init(_ curves: [Curve], tau: Double, refinement: Int = 1) {
    let parts = curves.map { $0.quadrature(tau: tau, refinement: refinement) }
    self.init(
      curves,
      NodeMixture(
        nodes: parts.flatMap(\.nodes), weights: parts.flatMap(\.weights), variance: tau * tau,
        dimension: 2))
  }

  private init(_ curves: [Curve], _ mixture: NodeMixture) {
    self.curves = curves
    self.mixture = mixture
  }

  public var dimension: Int { 2 }

  public func logDensity(_ x: Tensor) -> Tensor { mixture.logDensity(x) }

  public func score(_ x: Tensor) -> Tensor { mixture.score(x) }

  public func smoothed(by sigma: Double) -> (any Target)? {
    CurveTarget(curves, mixture.smoothed(by: sigma))
  }

  public var noisyScore: NoisyScoreFunction? {
    { x, sigma in mixture.score(x, noiseVariance: square(sigma).column) }
  }

  public var noisyDivergence: NoisyDivergenceFunction? {
    { x, sigma in mixture.scoreAndDivergence(x, noiseVariance: square(sigma).column) }
  }

  public func coarsened(from sigma: Double) -> any Target {
    // A quadrature for the wider normal, as long as the panels follow the curves' own bends.
    let scale = (mixture.variance + sigma * sigma).squareRoot()
    let own = mixture.variance.squareRoot()
    let parts = curves.map { $0.quadrature(tau: min(scale, max(own, $0.length / 12))) }
    return CurveTarget(
      curves,
      NodeMixture(
        nodes: parts.flatMap(\.nodes), weights: parts.flatMap(\.weights),
        variance: mixture.variance, dimension: 2))
  }

  public var width: Int { mixture.logWeights.count }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    let tau = mixture.variance.squareRoot()
    return (0..<count).flatMap { _ -> [Double] in
      let curve = curves[generator.index(below: curves.count)]
      let (x, y) = curve.point(curve.sample(using: &generator))
      return [x + tau * generator.normal(), y + tau * generator.normal()]
    }
  }
}
