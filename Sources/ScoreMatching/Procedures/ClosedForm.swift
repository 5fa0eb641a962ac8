import Expressions
import Settings

/// Minimising a quadratic by solving one linear system, with standard errors.
///
///     J(θ) = c + gᵀθ + ½ θᵀG θ,   θ̂ = -G⁻¹ g,   Cov θ̂ ≈ G⁻¹ S G⁻¹ / n
///
/// J is the mean over all n training rows of a loss that is quadratic in the score, of a model whose
/// score is linear in θ; S is the mean of ψψᵀ over the rows, ψ the gradient of one row's loss at θ̂. The
/// covariance is right whether or not the data are in the family. Where a loss draws noise or
/// directions, each row has one draw of them, which the standard errors count in.
///
/// Nothing is regularised: a G that is not positive definite is a ``QuadraticError``.
///
/// Reference: Hyvärinen, Computational Statistics & Data Analysis 51 (2007), section 4 (closed form);
/// White, Econometrica 50 (1982), theorem 3.2 (covariance).
public struct ClosedForm: Sendable {
  /// Its name and what it is in an experiment file.
  public static let declaration = Variant(
    "closed-form", "one linear system over all training rows, with standard errors")

  /// What is minimised.
  public let loss: TrainingLoss
  /// What is fitted.
  public let model: ExponentialFamily
  /// The number of training rows, n.
  public let rowCount: Int

  /// Minimising a loss of an exponential family's parameters on so many rows.
  public init(_ loss: TrainingLoss, of model: ExponentialFamily, rowCount: Int) {
    self.loss = loss
    self.model = model
    self.rowCount = rowCount
  }

  /// The number of parameters, K.
  public var parameterCount: Int { model.parameterCount }

  /// The rows as an input, [n, d].
  public var data: Tensor { .rows(Minimisation.dataName, [rowCount, model.dimension]) }

  /// The exact score at the rows as an input, [n, d]; nil where the loss does not need it.
  public var target: Tensor? {
    loss.needsTargetScore ? .rows(Minimisation.targetName, [rowCount, model.dimension]) : nil
  }

  /// `gradient` g [K] and `hessian` G [K, K]: the gradient of J at θ = 0, and its Jacobian.
  ///
  /// - Complexity: K directions through a gradient of the loss.
  public var normalEquations: [Step.Output] {
    let slope = { theta in gradient(of: { objective([$0]) }, at: theta) }
    let k = parameterCount
    let (g, hessian) = jvp(slope, at: .zeros([k]), along: .delta(k))
    return [Step.Output(name: "gradient", value: g), Step.Output(name: "hessian", value: hessian)]
  }

  /// At the parameters held as state: the `loss` J, and `scatter` S [K, K].
  ///
  /// The gradients of single rows come from giving each row parameters of its own.
  ///
  /// - Complexity: one gradient of the loss, and n K² multiplications.
  public var scatter: [Step.Output] {
    let repeated = model.states.map { $0.broadcast(to: [rowCount] + $0.shape) }
    let (value, gradients) = valueAndGradients(of: objective, at: repeated)
    let psi = .fill(Double(rowCount)) * gradients[0]  // J is the mean over rows
    let products = einsum("nk,nl->kl", psi, psi) / .fill(Double(rowCount))
    return [Step.Output(name: "loss", value: value), Step.Output(name: "scatter", value: products)]
  }

  private func objective(_ theta: [Tensor]) -> Tensor {
    loss(model.subject(at: theta), at: data, target: target)
  }

  /// The losses that are quadratic in the score, by name.
  static let losses = [
    ExplicitObjective.name, ImplicitObjective.name, GeneralizedObjective.name,
    SlicedObjective.name, VarianceReducedSlicedObjective.name,
    FiniteDifferenceSlicedObjective.name, FiniteDifferenceVarianceReducedSlicedObjective.name,
    DenoisingObjective.name, FiniteDifferenceDenoisingObjective.name,
  ]

  /// The largest K: the system then takes some seconds.
  public static let parameterLimit = 1500

  /// What is not quadratic, or too large; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["fit.type"] == .text(declaration.name) else { return nil }
    guard trial["model.type"] == .text(ExponentialFamily.declaration.name) else {
      return Refusal(
        ["fit", "model"], because: "the model's score is not linear in its parameters",
        remedy: "Use exponential-family, or fit by minibatch.")
    }
    guard losses.contains(where: { trial["loss.type"] == .text($0) }) else {
      return Refusal(
        ["fit", "loss"], because: "the loss is not quadratic in the score",
        remedy: "Use \(losses.joined(separator: ", ")), or fit by minibatch.")
    }
    guard trial.has("dimension") else { return nil }
    let model = ExponentialFamily(trial["model"] ?? .null, dimension: trial.integer("dimension"))
    guard model.parameterCount > parameterLimit else { return nil }
    return Refusal(
      ["fit", "dimension", "model.statistics"],
      because: "\(model.parameterCount) parameters are more than the \(parameterLimit) that one "
        + "linear system is solved for",
      remedy: "Use fewer dimensions or statistics, or fit by minibatch.")
  }
}
