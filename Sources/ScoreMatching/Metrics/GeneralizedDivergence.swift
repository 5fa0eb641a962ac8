import Expressions

extension Metric {
  /// Generalised score matching on held-out data: the scale on which losses are compared on data with
  /// a boundary, where plain score matching is inconsistent.
  ///
  ///     E[ div(h s)(x) + ½ Σᵢ hᵢ(x) sᵢ(x)² ]
  ///
  /// - Parameters:
  ///   - weight: h.
  ///   - support: where the data live.
  /// - Complexity: ``ScoreMatching/generalizedScoreMatching(_:at:weight:)``.
  ///
  /// Reference: Yu, Drton & Shojaie, JMLR 20 (2019), section 2, arXiv:1812.10551.
  public static func generalizedScoreMatching(
    _ weight: BoundaryWeight, on support: Support
  ) -> Metric {
    Metric(
      unit: dataUnit(toThe: weight.unitPower - 2), "generalized score matching loss, exact trace"
    ) { score, x in
      ScoreMatching.generalizedScoreMatching(score, at: x) { weight($0, on: support) }
    }
  }
}
