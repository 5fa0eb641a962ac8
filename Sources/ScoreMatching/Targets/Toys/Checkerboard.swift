import Expressions
import Randomness

/// The black squares of a board on [-4, 4]², side 2, seen through normal noise:
///
///     p(x, y) = ½ e(x) e(y) + ½ o(x) o(y)
///
/// where e and o are the uniform densities on every other interval of length 2 (from -4, from -2)
/// convolved with N(0, τ²). Both are kept as one-dimensional quadratures in the logarithm:
/// differences of erf would be 0 in the middle of the white squares.
public struct Checkerboard: Target {
  let even: NodeMixture
  let odd: NodeMixture

  /// The board with noise of standard deviation tau.
  init(tau: Double, refinement: Int = 1) {
    func intervals(_ starts: [Double]) -> NodeMixture {
      let parts = starts.map { start in
        Curve(start...(start + 2)) { (x: $0, y: 0) }.quadrature(tau: tau, refinement: refinement)
      }
      let nodes = parts.flatMap { part in
        stride(from: 0, to: part.nodes.count, by: 2).map { part.nodes[$0] }
      }
      return NodeMixture(
        nodes: nodes, weights: parts.flatMap(\.weights), variance: tau * tau, dimension: 1)
    }
    even = intervals([-4, 0])
    odd = intervals([-2, 2])
  }

  private init(_ even: NodeMixture, _ odd: NodeMixture) {
    self.even = even
    self.odd = odd
  }

  public var dimension: Int { 2 }

  public func logDensity(_ x: Tensor) -> Tensor { logSumExp(parts(x)) }

  public func score(_ x: Tensor) -> Tensor {
    let points = x.column  // each coordinate a point of dimension 1
    return score(parts(x), [even.score(points), odd.score(points)])
  }

  /// The scores of e and o at each coordinate, [..., 2, 1], weighed by what each part has of p.
  private func score(_ parts: Tensor, _ scores: [Tensor]) -> Tensor {
    let shares = shares(parts)
    return dot(concatenate(scores, axis: -1), shares.expanded(at: shares.rank - 1))
  }

  /// What each part has of p, [..., 2].
  private func shares(_ parts: Tensor) -> Tensor { exp(parts - logSumExp(parts).column) }

  public var noisyScore: NoisyScoreFunction? {
    { x, sigma in
      let (points, variance) = (x.column, square(sigma).column.column)
      let logs = [even, odd].map { $0.logDensity(points, noiseVariance: variance) }
      return score(
        parts(logs), [even, odd].map { $0.score(points, noiseVariance: variance) })
    }
  }

  /// div s = Σₖ cₖ (div sₖ + ‖sₖ‖²) - ‖s‖², k = even, odd, with the shares c of the two in p.
  public var noisyDivergence: NoisyDivergenceFunction? {
    { x, sigma in
      let (points, variance) = (x.column, square(sigma).column.column)
      let logs = [even, odd].map { $0.logDensity(points, noiseVariance: variance) }
      let (parts, shares) = (
        [even, odd].map { $0.scoreAndDivergence(points, noiseVariance: variance) },
        shares(self.parts(logs))
      )
      let score = score(self.parts(logs), parts.map(\.score))
      let curvatures = parts.map { part in
        (sum(part.divergence, axes: [-1]) + sum(square(part.score), axes: [-2, -1])).column
      }
      return (score, dot(concatenate(curvatures, axis: -1), shares) - dot(score, score))
    }
  }

  public func coarsened(from sigma: Double) -> any Target {
    let wide = Checkerboard(tau: (even.variance + sigma * sigma).squareRoot())
    return Checkerboard(
      wide.even.with(variance: even.variance), wide.odd.with(variance: odd.variance))
  }

  public var width: Int { 4 * max(even.logWeights.count, odd.logWeights.count) }

  public func smoothed(by sigma: Double) -> (any Target)? {
    Checkerboard(even.smoothed(by: sigma), odd.smoothed(by: sigma))
  }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    let tau = even.variance.squareRoot()
    return (0..<count).flatMap { _ -> [Double] in
      let column = generator.index(below: 4)
      let row = 2 * generator.index(below: 2) + column % 2
      return [column, row].map {
        -4 + 2 * (Double($0) + generator.uniform()) + tau * generator.normal()
      }
    }
  }

  /// ln ½ + ln e(x) + ln e(y) beside the same of o, [..., 2] → [..., 2].
  private func parts(_ x: Tensor) -> Tensor {
    let points = x.column
    return parts([even, odd].map { $0.logDensity(points) })
  }

  /// The same from ln e and ln o of each coordinate, [..., 2] each.
  private func parts(_ logs: [Tensor]) -> Tensor {
    concatenate(logs.map { sum($0, axes: [-1]).column }, axis: -1)
      - .fill(0.6931471805599453)  // ln 2
  }
}
