import Expressions

/// A mixture of normals with one common variance, weights summing to 1.
///
///     p(x) = Σₖ wₖ N(x; μₖ, τ² I)
///
/// With ℓₖ(x) = (x·μₖ - ½‖μₖ‖²)/τ² + ln wₖ, which leaves out what all components share:
///
///     ln p(x) = logSumExp ℓ(x) - ½‖x‖²/τ² - (d/2) ln 2πτ²
///     ∇ ln p(x) = (Σₖ softmax(ℓ(x))ₖ μₖ - x)/τ²
public struct NodeMixture: Sendable, Hashable {
  /// The number of coordinates, d.
  public let dimension: Int
  /// The means, row-major, [K, d].
  public let nodes: [Double]
  /// ln wₖ.
  public let logWeights: [Double]
  /// τ².
  public let variance: Double

  /// A mixture with the given means and weights; the weights are normalised here.
  public init(nodes: [Double], weights: [Double], variance: Double, dimension: Int) {
    precondition(
      nodes.count == weights.count * dimension,
      "mixture: \(nodes.count) coordinates, \(weights.count) weights, dimension \(dimension)")
    self.nodes = nodes
    self.variance = variance
    self.dimension = dimension
    let total = weights.reduce(0, +)
    logWeights = weights.map { Real.log($0 / total) }
  }

  private init(_ other: NodeMixture, variance: Double) {
    (nodes, logWeights, dimension) = (other.nodes, other.logWeights, other.dimension)
    self.variance = variance
  }

  /// The mixture with τ² + sigma² in the place of τ².
  public func smoothed(by sigma: Double) -> NodeMixture {
    with(variance: variance + sigma * sigma)
  }

  /// The mixture with another τ².
  func with(variance: Double) -> NodeMixture { NodeMixture(self, variance: variance) }

  /// ln p, [..., d] → [...].
  public func logDensity(_ x: Tensor) -> Tensor {
    let constant = Double(dimension) / 2 * Real.log(2 * .pi * variance)
    return logSumExp(logits(x)) - dot(x, x) / .fill(2 * variance) - .fill(constant)
  }

  /// ∇ ln p, [..., d] → [..., d].
  public func score(_ x: Tensor) -> Tensor {
    let logits = logits(x)
    let responsibilities = exp(logits - logSumExp(logits).expanded(at: x.rank - 1))
    return (matmul(responsibilities, means) - x) / .fill(variance)
  }

  /// ln p with noise of variance v added to it, [..., d] and [..., 1] → [...].
  func logDensity(_ x: Tensor, noiseVariance v: Tensor) -> Tensor {
    let total = .fill(variance) + v
    let normaliser = (log(total) + .fill(Real.log(2 * .pi))) * .fill(Double(dimension) / 2)
    let quadratic = dot(x, x).column / (2 * total) + normaliser
    return logSumExp(logits(x, variance: total)) - quadratic.withoutColumn
  }

  /// ∇ ln p with noise of variance v added to it, [..., d] and [..., 1] → [..., d].
  func score(_ x: Tensor, noiseVariance v: Tensor) -> Tensor {
    let total = .fill(variance) + v
    let logits = logits(x, variance: total)
    let responsibilities = exp(logits - logSumExp(logits).column)
    return (matmul(responsibilities, means) - x) / total
  }

  /// ∇ ln p with noise of variance v added to it, and its divergence, without any derivative:
  /// [..., d] and [..., 1] → [..., d] and [...].
  ///
  ///     div s = (Σₖ rₖ ‖μₖ‖² - ‖Σₖ rₖ μₖ‖²)/t² - d/t,   r = softmax ℓ(x), t = τ² + v
  func scoreAndDivergence(
    _ x: Tensor, noiseVariance v: Tensor
  ) -> (score: Tensor, divergence: Tensor) {
    let total = .fill(variance) + v
    let logits = logits(x, variance: total)
    let responsibilities = exp(logits - logSumExp(logits).column)
    // From their own mean, so that the difference of squares loses no more than it must.
    let centre = (0..<dimension).map { i in
      logWeights.indices.reduce(0.0) {
        $0 + Real.exp(logWeights[$1]) * nodes[$1 * dimension + i]
      }
    }
    let rows = logWeights.indices.flatMap { k -> [Double] in
      let offset = (0..<dimension).map { nodes[k * dimension + $0] - centre[$0] }
      return offset + [offset.reduce(0) { $0 + $1 * $1 }]
    }
    let moments = matmul(
      responsibilities, .literal(rows, [logWeights.count, dimension + 1]))
    let axis = moments.rank - 1
    let mean = moments.slice(axis: axis, 0..<dimension)
    let spread = moments.slice(axis: axis, dimension..<dimension + 1) - dot(mean, mean).column
    let divergence = spread / square(total) - .fill(Double(dimension)) / total
    let score = (mean + .literal(centre, [dimension]) - x) / total
    return (score, divergence.withoutColumn)
  }

  /// ℓ(x) at a variance for each point, [..., d] and [..., 1] → [..., K].
  private func logits(_ x: Tensor, variance: Tensor) -> Tensor {
    let count = logWeights.count
    var columns = [Double](repeating: 0, count: nodes.count)  // [d, K]
    var halves = [Double](repeating: 0, count: count)
    for k in 0..<count {
      for i in 0..<dimension {
        let mean = nodes[k * dimension + i]
        columns[i * count + k] = mean
        halves[k] += mean * mean / 2
      }
    }
    let products = matmul(x, .literal(columns, [dimension, count]))
    return (products - .literal(halves, [count])) / variance + .literal(logWeights, [count])
  }

  private var means: Tensor { .literal(nodes, [logWeights.count, dimension]) }

  /// ℓ(x), [..., d] → [..., K].
  private func logits(_ x: Tensor) -> Tensor {
    let count = logWeights.count
    var scaledMeans = [Double](repeating: 0, count: nodes.count)  // [d, K]
    var offsets = logWeights
    for k in 0..<count {
      for i in 0..<dimension {
        let mean = nodes[k * dimension + i]
        scaledMeans[i * count + k] = mean / variance
        offsets[k] -= mean * mean / (2 * variance)
      }
    }
    return matmul(x, .literal(scaledMeans, [dimension, count])) + .literal(offsets, [count])
  }
}
