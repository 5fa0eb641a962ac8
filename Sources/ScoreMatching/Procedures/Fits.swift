import Settings

/// How a loss is minimised.
public enum Fits {
  /// Minimising over minibatches by a first-order method, as `training` says.
  public static let minibatch = "minibatch"

  static let declarations = [
    Variant(
      minibatch, "minibatches and a first-order method, as training says",
      neighbours: [Training.setting]),
    ClosedForm.declaration,
  ]

  /// The declaration of `fit` at the top of a trial.
  static let setting = Setting(
    "fit", .selector(declarations), default: .text(minibatch), "how the loss is minimised")
}
