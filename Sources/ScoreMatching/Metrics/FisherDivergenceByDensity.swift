import Expressions

extension Metric {
  /// The Fisher divergence over those held-out points that have the lowest exact density, or the next
  /// ones: scores are unreliable where data are few.
  ///
  ///     ½ E_p[ ‖s(x) - s*(x)‖² | q_{k-1} < log p(x) ≤ q_k ],   q_k the k-th decile of log p(x)
  ///
  /// The mean of the ten is the Fisher divergence. Points of equal density are taken in their order.
  ///
  /// - Parameters:
  ///   - target: the distribution of the data.
  ///   - decile: k, from 1 to 10; 1 is the tenth with the lowest density.
  /// - Complexity: one evaluation of each score and of the density, and a sort.
  ///
  /// Reference: Song & Ermon, NeurIPS 2019, section 3.2.1, arXiv:1907.05600, shows the effect.
  public static func fisherDivergence(to target: any Target, inDecile decile: Int) -> Metric {
    Metric(
      unit: scoreUnit, "Fisher divergence in decile \(decile) of the density",
      .rows(
        { model, x in
          let residual = model.score(x) - target.score(x)
          return [dot(residual, residual) / 2, target.logDensity(x)]
        },
        { rows in decileMean(of: rows[0], decile, by: rows[1]) }))
  }

  /// The mean of those numbers whose keys are in one tenth of all, NaN where a tenth holds none.
  static func decileMean(of values: [Double], _ decile: Int, by keys: [Double]) -> Double {
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    let range = decileRows(decile, of: order.count)
    return range.reduce(0.0) { $0 + values[order[$1]] } / Double(range.count)
  }

  /// The places of a tenth among so many rows in order; empty where there are too few rows.
  static func decileRows(_ decile: Int, of count: Int) -> Range<Int> {
    (decile - 1) * count / 10..<decile * count / 10
  }
}
