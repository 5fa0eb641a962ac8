import Expressions

extension GaussianMixture {
  /// The fraction of points that each component most likely gave.
  ///
  ///     ŵ_k = #{x : k = argmax_j w_j N(x; μ_j, τ²I)} / n
  ///
  /// - Parameter points: row-major, [n, d].
  /// - Complexity: O(n K d).
  func assignedFractions(_ points: [Double]) -> [Double] {
    let (count, d) = (mixture.logWeights.count, dimension)
    var counts = [Double](repeating: 0, count: count)
    for row in 0..<points.count / d {
      var (best, highest) = (0, -Double.infinity)
      for k in 0..<count {
        var square = 0.0
        for i in 0..<d {
          let difference = points[row * d + i] - mixture.nodes[k * d + i]
          square += difference * difference
        }
        let value = mixture.logWeights[k] - square / (2 * mixture.variance)
        if value > highest { (best, highest) = (k, value) }
      }
      counts[best] += 1
    }
    return counts.map { $0 / Double(max(points.count / d, 1)) }
  }

  fileprivate var assigningWork: @Sendable (MetricExtents) -> Double {
    let perSample = Metric.loopWork.number * Double(mixture.logWeights.count * (dimension + 2))
    return { perSample * Double($0.sampleCount) }
  }
}

extension Metric {
  /// The fraction of a sampler's proposals that were accepted.
  ///
  ///     #accepted/#proposed, over all chains
  ///
  /// - Complexity: counted on the way.
  ///
  /// Reference: the definition.
  static var samplerAcceptance: Metric {
    Metric(
      unit: "1", "fraction of the sampler's proposals that were accepted",
      .data(work: { _ in 0 }) { $0.samples?.acceptance ?? .nan })
  }

  /// How far the weights of a mixture's components are off in the samples: the total variation.
  ///
  ///     ½ Σ_k |ŵ_k - w_k|,   ŵ_k the fraction of samples that component k most likely gave
  ///
  /// - Parameter mixture: the distribution of the data.
  /// - Complexity: O(n K d).
  ///
  /// Reference: the toy of Song & Ermon, NeurIPS 2019, section 3.2.2, arXiv:1907.05600.
  static func mixtureWeightError(_ mixture: GaussianMixture) -> Metric {
    Metric(
      unit: "1", "total variation between the weights of the components and the samples",
      .data(work: mixture.assigningWork) { data in
        guard let samples = data.samples, samples.lostCount == 0 else { return .nan }
        let fractions = mixture.assignedFractions(samples.points)
        return zip(fractions, mixture.mixture.logWeights).reduce(0) {
          $0 + ($1.0 - Real.exp($1.1)).magnitude / 2
        }
      })
  }

  /// The fraction of the samples that one component most likely gave.
  ///
  ///     ŵ_k = #{x : k = argmax_j w_j N(x; μ_j, τ²I)} / n
  ///
  /// - Parameters:
  ///   - mixture: the distribution of the data.
  ///   - component: k, counted from 0.
  /// - Complexity: O(n K d).
  ///
  /// Reference: the toy of Song & Ermon, NeurIPS 2019, section 3.2.2, arXiv:1907.05600.
  static func mixtureWeight(_ mixture: GaussianMixture, component: Int) -> Metric? {
    guard mixture.mixture.logWeights.indices.contains(component) else { return nil }
    return Metric(
      unit: "1", "fraction of the samples that component \(component) gave",
      .data(work: mixture.assigningWork) { data in
        guard let samples = data.samples, samples.lostCount == 0 else { return .nan }
        return mixture.assignedFractions(samples.points)[component]
      })
  }
}
