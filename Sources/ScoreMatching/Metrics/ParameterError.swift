import Expressions

extension Metric {
  /// The squared error of the parameters, to those of the data without noise.
  ///
  ///     ‖θ̂ - θ‖²
  ///
  /// θ are the natural parameters of an exponential family; mean and precision of ``GaussianModel``, the
  /// latter in the Frobenius norm; weights, means and scales of ``MixtureModel``, known ones among them, in
  /// that order of its normals in which they are nearest; the matrix of ``IndependentComponentModel`` in the
  /// order and with the signs in which its rows are nearest.
  ///
  /// - Parameters:
  ///   - model: the family.
  ///   - target: the distribution of the data.
  /// - Returns: nil where the distribution is not in the family, or has no parameters of its own there.
  /// - Complexity: K additions; of a mixture of K normals K³ comparisons.
  ///
  /// Reference: Hyvärinen, JMLR 6 (2005), section 3.
  public static func parameterError(of model: any ScoreModel, to target: any Target) -> Metric? {
    if let error = model.squaredError(to: target) {
      return Metric(unit: "1", "squared error of the parameters", .closedForm(work: 0, error))
    }
    return comparison(model, target, "squared error of the parameters") { difference, _ in
      sum(square(difference))
    }
  }

  /// How far the unmixing matrix is from undoing the mixture, whatever the order, the signs and the scales of
  /// its rows.
  ///
  ///     Σᵢ (Σⱼ Pᵢⱼ² / maxⱼ Pᵢⱼ² - 1),   P = Ŵ A
  ///
  /// - Parameters:
  ///   - model: a model of independent components; there is no such number for others.
  ///   - target: the distribution of the data.
  /// - Returns: nil where either is of another kind.
  /// - Complexity: d³ multiplications.
  ///
  /// Reference: Hyvärinen, JMLR 6 (2005), section 3.3.
  public static func unmixingError(of model: any ScoreModel, to target: any Target) -> Metric? {
    let own = (model as? SelfNormalisedModel)?.base ?? model
    return (own as? IndependentComponentModel)?.unmixingError(to: target).map {
      Metric(
        unit: "1", "squares beside the largest element in each row of W A", .closedForm(work: 0, $0)
      )
    }
  }

  /// The mean square of the parameters' errors in units of their standard errors: 1 on average over
  /// data sets where the standard errors are right. There is none where one of them is 0.
  ///
  ///     1/K Σₖ ((θ̂ₖ - θₖ) / seₖ)²
  ///
  /// - Parameters:
  ///   - model: the family, fitted with standard errors.
  ///   - target: the distribution of the data.
  /// - Returns: nil where the distribution is not in the family, or has no parameters of its own there.
  /// - Complexity: K divisions.
  ///
  /// Reference: White, Econometrica 50 (1982), theorem 3.2.
  public static func standardizedError(
    of model: any ScoreModel, to target: any Target
  ) -> Metric? {
    comparison(
      model, target, "mean square of the parameters' errors in units of their standard errors",
      hindrance: { _, values in
        let errors = values.suffix(model.parameters.count).flatMap { $0 }
        return errors.firstIndex(of: 0).map { "the standard error of parameter \($0) is 0" }
      }
    ) { difference, error in mean(square(difference / error)) }
  }

  /// The fraction of the parameters whose 95 % confidence interval has the truth in it.
  ///
  ///     1/K Σₖ 1[ |θ̂ₖ - θₖ| ≤ 1.96 seₖ ]
  ///
  /// - Parameters:
  ///   - model: the family, fitted with standard errors.
  ///   - target: the distribution of the data.
  /// - Returns: nil where the distribution is not in the family, or has no parameters of its own there.
  /// - Complexity: K comparisons.
  ///
  /// Reference: White, Econometrica 50 (1982), theorem 3.2.
  public static func coverage(of model: any ScoreModel, to target: any Target) -> Metric? {
    comparison(
      model, target, "fraction of 95 % confidence intervals with the true parameter in them"
    ) { difference, error in mean(lessOrEqual(absolute(difference), 1.959964 * error)) }
  }

  /// The state in which metrics find the standard errors of a parameter.
  public static func standardErrorName(_ parameter: String) -> String {
    "\(parameter)_standard_error"
  }

  /// A number made of all parameters' errors and their standard errors, one after the other.
  private static func comparison(
    _ model: any ScoreModel, _ target: any Target, _ longName: String,
    hindrance: @escaping @Sendable (Subject, [[Double]]) -> String? = { _, _ in nil },
    _ reduce: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Metric? {
    guard let truth = model.values(of: target) else { return nil }
    let parameters = model.parameters
    return Metric(
      unit: "1", longName,
      .mean { _, _ in
        let differences = zip(parameters, truth).map { parameter, values in
          Tensor.state(parameter.name, parameter.shape) - .literal(values, parameter.shape)
        }
        let errors = parameters.map { Tensor.state(standardErrorName($0.name), $0.shape) }
        func flat(_ parts: [Tensor]) -> Tensor {
          concatenate(parts.map { $0.reshape([$0.elementCount]) }, axis: 0)
        }
        return reduce(flat(differences), flat(errors))
      }, hindrance: hindrance)
  }
}
