import Expressions
import Randomness

/// What a mixture's parameters are as numbers: where learning starts, how far they are from the truth, and
/// whether a normal has shrunk to a point.
extension MixtureModel {
  /// Weights [K], means [K, d] and scales [K] at values of the parameters, known ones among them.
  struct Numbers {
    var weights: [Double]
    var means: [Double]
    var scales: [Double]
  }

  func numbers(at values: [[Double]]) -> Numbers {
    func value(_ name: String) -> [Double]? {
      parameters.firstIndex { $0.name == name }.map { values[$0] }
    }
    let all = (value("weights.logits") ?? logits) + [0]
    let total = logSumExp(all)
    return Numbers(
      weights: all.map { Real.exp($0 - total) }, means: value("means") ?? givenMeans ?? [],
      scales: (value("log_scales") ?? knownLogScales).map { Real.exp($0) })
  }

  /// Σₖ (ŵₖ - wₖ)² + ‖μ̂ₖ - μₖ‖² + (τ̂ₖ - τₖ)², the least over all orders of the normals; known parts
  /// count as they are.
  ///
  /// - Complexity: K³ comparisons.
  public func squaredError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)? {
    guard let truth = target as? GaussianMixture,
      truth.mixture.logWeights.count == componentCount, componentCount <= Self.matchingLimit
    else { return nil }
    let (d, count) = (dimension, componentCount)
    let weights = truth.mixture.logWeights.map { Real.exp($0) }
    let scale = truth.mixture.variance.squareRoot()
    let means = truth.mixture.nodes
    return { values in
      let found = numbers(at: values)
      let costs = (0..<count * count).map { pair -> Double in
        let (k, l) = (pair / count, pair % count)
        let (w, t) = (found.weights[k] - weights[l], found.scales[k] - scale)
        return (0..<d).reduce(w * w + t * t) { sum, i in
          let difference = found.means[k * d + i] - means[l * d + i]
          return sum + difference * difference
        }
      }
      guard costs.allSatisfy(\.isFinite) else { return .nan }
      let matching = LeastCost.matching(costs, count: count)
      return matching.indices.reduce(0) { $0 + costs[$1 * count + matching[$1]] }
    }
  }

  /// Normals beyond which none are matched: a second's work.
  static let matchingLimit = 512

  /// A normal that narrows on a row: the likelihood has no maximum there.
  public func collapse(at values: [[Double]]) -> String? {
    guard learned.contains(.scales) else { return nil }
    let scales = numbers(at: values).scales
    guard let widest = scales.max(), let k = scales.indices.min(by: { scales[$0] < scales[$1] }),
      scales[k] < 1e-3 * widest || scales[k] < 1e-12
    else { return nil }
    return
      "the scale of component \(k) went to \(Float(scales[k])), that of the widest is "
      + "\(Float(widest)): a normal narrows on a training row, and the loss has no minimum there; leave "
      + "scales out of model.learn, use fewer components or other starts (model.start, lbfgs.starts), or "
      + "use dsm"
  }

  /// Means that are rows of the training data, where the settings ask for it; else a draw of the initial laws.
  ///
  /// The first row is drawn evenly, each further one with a probability in proportion to its squared
  /// distance from the nearest before it.
  ///
  /// - Throws: ``DataError/tooFewDistinctRows(_:needed:)`` where fewer rows differ than there are normals.
  /// - Complexity: O(n K d).
  ///
  /// Reference: Arthur & Vassilvitskii, SODA 2007, section 2.2.
  public func start(
    from rows: [Double], using generator: inout RandomGenerator
  ) throws(DataError) -> [[Double]] {
    var result = initialValues(using: &generator)
    guard startsAtRows, let place = parameters.firstIndex(where: { $0.name == "means" }) else {
      return result
    }
    let (n, d) = (rows.count / dimension, dimension)
    var distances = [Double](repeating: .infinity, count: n)
    var means: [Double] = []
    for k in 0..<componentCount {
      let total = distances.reduce(0, +)
      guard n > 0, total > 0 else { throw .tooFewDistinctRows(k, needed: componentCount) }
      let chosen = k == 0 ? generator.index(below: n) : distances.index(at: generator.uniform())
      let mean = rows[chosen * d..<(chosen + 1) * d]
      means += mean
      for row in 0..<n {
        var square = 0.0
        for i in 0..<d {
          let difference = rows[row * d + i] - mean[chosen * d + i]
          square += difference * difference
        }
        distances[row] = min(distances[row], square)
      }
    }
    result[place] = means
    return result
  }
}

extension [Double] {
  /// The index where the running sum passes a fraction of the total; one whose element is above 0.
  fileprivate func index(at fraction: Double) -> Int {
    let threshold = fraction * reduce(0, +)
    var sum = 0.0
    var last = 0
    for (index, element) in enumerated() where element > 0 {
      sum += element
      last = index
      if sum > threshold { break }
    }
    return last
  }
}
