import Settings

/// How a loss is minimised.
public enum Fits {
  /// Minimising over minibatches by a first-order method, as `training` says.
  public static let minibatch = "minibatch"

  /// Minimising over all training rows at once by L-BFGS, as `lbfgs` says.
  public static let fullBatch = "full-batch"

  static let declarations = [
    Variant(
      minibatch, "minibatches and a first-order method, as training says",
      neighbours: [Training.setting]),
    ClosedForm.declaration,
    Variant(
      fullBatch, "all rows at once by L-BFGS, to a tolerance, as lbfgs says",
      neighbours: [FullBatch.setting]),
  ]

  /// The declaration of `fit` at the top of a trial.
  static let setting = Setting(
    "fit", .selector(declarations), default: .text(minibatch), "how the loss is minimised")
}
