import Randomness

/// A model p(x | θ) that observations can be drawn from, whether or not its likelihood is known.
///
/// Inference sees draws alone; what is exact here is for metrics and tests to compare with.
public protocol Simulator: Sendable {
  /// The number of parameters, p.
  var parameterCount: Int { get }

  /// The number of coordinates of one observation, d.
  var dimension: Int { get }

  /// One observation at θ.
  func draw(at theta: [Double], using generator: inout RandomGenerator) -> [Double]

  /// One observation at θ, the same as ``draw(at:using:)`` gives, with the score of what it was drawn
  /// through, ∇ ln p(z | θ); nil for a simulator without such a latent variable z.
  func drawWithLatentScore(
    at theta: [Double], using generator: inout RandomGenerator
  ) -> (x: [Double], score: [Double])?

  /// ln p(x | θ) of one observation.
  func logLikelihood(of x: [Double], at theta: [Double]) -> Double

  /// The Fisher score ∇_θ ln p(x | θ) of one observation, [p], where the density has a gradient.
  func score(of x: [Double], at theta: [Double]) -> [Double]

  /// ∇ ln ∫ N(θ'; θ, σ² I) p(x | θ') dθ', [p]: the score of the likelihood smoothed over parameters, which
  /// Fisher score matching finds; nil where it has no closed form.
  func smoothedScore(of x: [Double], at theta: [Double], scale sigma: Double) -> [Double]?

  /// The Fisher information of one observation, E[score scoreᵀ], row-major [p, p]; nil where it does not
  /// exist, as where the support moves with θ.
  func information(at theta: [Double]) -> [Double]?

  /// ½ E‖∇ ln p(z | θ) - ∇ ln p(x | θ)‖²: the least mean squared distance of a function of x from the latent
  /// score; nil without a latent variable.
  var latentFloor: Double? { get }

  /// The squared distance of an estimate from the nearest parameters with the likelihood of the true ones.
  func squaredError(of estimate: [Double], to truth: [Double]) -> Double
}

extension Simulator {
  /// No latent variable.
  public func drawWithLatentScore(
    at theta: [Double], using generator: inout RandomGenerator
  ) -> (x: [Double], score: [Double])? { nil }

  /// No closed form.
  public func smoothedScore(
    of x: [Double], at theta: [Double], scale sigma: Double
  ) -> [Double]? { nil }

  /// None.
  public func information(at theta: [Double]) -> [Double]? { nil }

  /// No latent variable.
  public var latentFloor: Double? { nil }

  /// ‖θ̂ - θ‖²: no two parameters have one likelihood.
  public func squaredError(of estimate: [Double], to truth: [Double]) -> Double {
    zip(estimate, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Observations at θ, row-major [count, d].
  public func draw(
    _ count: Int, at theta: [Double], using generator: inout RandomGenerator
  ) -> [Double] {
    var rows: [Double] = []
    rows.reserveCapacity(count * dimension)
    for _ in 0..<count { rows += draw(at: theta, using: &generator) }
    return rows
  }

  /// The sum over observations, row-major [n, d], of a function of each.
  func sum(
    over rows: [Double], _ ofOne: ([Double]) -> [Double]
  ) -> [Double] {
    var total = [Double](repeating: 0, count: parameterCount)
    for start in stride(from: 0, to: rows.count, by: dimension) {
      let one = ofOne(Array(rows[start..<start + dimension]))
      for i in total.indices { total[i] += one[i] }
    }
    return total
  }
}
