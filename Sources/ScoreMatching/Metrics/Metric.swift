import Expressions

/// A number that says how good a score function is, computed in Double from held-out data.
public struct Metric: Sendable {
  /// The unit of the number, "1" where it has none.
  public let unit: String
  /// What the number is, for the results file.
  public let longName: String

  private let body: @Sendable (ScoreFunction, Tensor) -> Tensor

  init(
    unit: String, _ longName: String,
    _ body: @escaping @Sendable (ScoreFunction, Tensor) -> Tensor
  ) {
    self.unit = unit
    self.longName = longName
    self.body = body
  }

  /// The random stream of the noise that some metrics add to the data.
  public static let noiseStream = "metric-noise"

  /// The metric of a score function.
  ///
  /// - Parameters:
  ///   - score: the learned score, [n, d] → [n, d].
  ///   - x: held-out data, [n, d].
  /// - Returns: a scalar, of means over rows.
  public func expression(_ score: ScoreFunction, at x: Tensor) -> Tensor { body(score, x) }
}
