import Expressions
import Settings

extension Metric {
  /// The squared maximum mean discrepancy between samples and held-out rows, for a Gaussian kernel.
  ///
  ///     E k(x, x') + E k(y, y') - 2 E k(x, y),   k(x, y) = exp(-‖x - y‖²/(2h²))
  ///
  /// The unbiased U-statistic: its mean is 0 where both come from one density, and it may be below 0.
  ///
  /// - Parameters:
  ///   - bandwidth: h in data units; nil for the median distance between held-out rows.
  ///   - limit: points of each that are compared at most, the first ones.
  /// - Complexity: O(n² d).
  ///
  /// Reference: Gretton et al., JMLR 13 (2012), eq. (3).
  static func maximumMeanDiscrepancy(bandwidth: Double?, limit: Int) -> Metric {
    let words = bandwidth.map { "bandwidth \($0)" } ?? "the median distance as bandwidth"
    return ofPairs(
      unit: "1", "squared maximum mean discrepancy of samples, \(words)", limit: limit,
      scalars: { rows, d in
        [ScalarValue("bandwidth", bandwidth ?? medianDistance(rows, dimension: d))]
      }, { exp(-$0 / (2 * square(.scalar("bandwidth")))) },
      reduce: { results in
        let means = PairSums.means(results, diagonal: 1)
        return means.xx + means.yy - 2 * means.xy
      })
  }

  /// The energy distance between samples and held-out rows.
  ///
  ///     2 E‖x - y‖ - E‖x - x'‖ - E‖y - y'‖
  ///
  /// A U-statistic: its mean is 0 where both come from one density, and it may be below 0.
  ///
  /// - Parameter limit: points of each that are compared at most, the first ones.
  /// - Complexity: O(n² d).
  ///
  /// Reference: Székely & Rizzo, J. Statistical Planning and Inference 143 (2013), eq. (1.1).
  static func energyDistance(limit: Int) -> Metric {
    ofPairs(
      unit: "data units", "energy distance of samples", limit: limit, squareRoot,
      reduce: { results in
        let means = PairSums.means(results, diagonal: 0)
        return 2 * means.xy - means.xx - means.yy
      })
  }

  private static func ofPairs(
    unit: String, _ longName: String, limit: Int,
    scalars: @escaping @Sendable ([Double], Int) -> [ScalarValue] = { _, _ in [] },
    _ f: @escaping @Sendable (Tensor) -> Tensor,
    reduce: @escaping @Sendable ([SimulationResult]) -> Double
  ) -> Metric {
    Metric(
      unit: unit, longName,
      .simulations(
        MetricSimulations(
          ofRows: { _, data in
            let d = data.dimension
            let x = Array(data.requiredSamples.points.prefix(limit * d))
            let y = Array(data.heldOut.prefix(limit * d))
            guard min(x.count, y.count) > d else {
              throw MetricError(description: "two samples and two held-out rows are needed")
            }
            return PairSums.simulations(
              of: x, and: y, dimension: d, scalars: scalars(y, d), f)
          }, reduce: reduce)))
  }

  /// The median distance between different rows, of the first 1000.
  static func medianDistance(_ rows: [Double], dimension d: Int) -> Double {
    let n = min(rows.count / d, 1000)
    var squares: [Double] = []
    squares.reserveCapacity(n * (n - 1) / 2)
    for i in 0..<n {
      for j in 0..<i {
        var square = 0.0
        for k in 0..<d {
          let difference = rows[i * d + k] - rows[j * d + k]
          square += difference * difference
        }
        squares.append(square)
      }
    }
    squares.sort()
    guard !squares.isEmpty else { return 1 }
    return max(squares[squares.count / 2], .leastNormalMagnitude).squareRoot()
  }
}
