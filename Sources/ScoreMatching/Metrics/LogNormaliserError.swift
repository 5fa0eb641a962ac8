import Expressions
import Settings

extension Metric {
  /// The squared error of the log normaliser that was learned beside a model.
  ///
  ///     (ln Ẑ - ln Z(θ))²
  ///
  /// θ are parameters at which the model is the density of the data: not the learned ones.
  ///
  /// - Parameters:
  ///   - model: the family.
  ///   - target: the distribution of the data.
  /// - Returns: nil where the normaliser is not learned, or is not known at the truth.
  /// - Complexity: one evaluation of the log density.
  ///
  /// Reference: Gutmann & Hyvärinen, JMLR 13 (2012), section 3.
  public static func logNormaliserError(
    of model: any ScoreModel, to target: any Target
  ) -> Metric? {
    guard let exact = (model as? SelfNormalisedModel)?.logNormaliser(of: target) else { return nil }
    return Metric(
      unit: "1", "squared error of the learned log normaliser",
      .mean { _, _ in
        square(Tensor.state(SelfNormalisedModel.parameterName, [1]).reshape([]) - exact)
      })
  }
}
