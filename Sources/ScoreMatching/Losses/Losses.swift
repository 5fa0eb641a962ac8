import Settings

/// The losses that an experiment can name, with the settings that stand beside them.
public enum Losses {
  /// Every loss, in the order of documentation.
  ///
  /// `model` and `training` apply to the losses that are minimised, so that a closed form is one
  /// trial however many networks and optimisers the grid compares.
  public static let declarations: [Variant] = [
    Variant(
      "esm", "explicit score matching, 1/2 E|s - s*|^2; needs data with an exact score",
      neighbours: minimised),
    Variant(
      "ism", "implicit score matching with the exact trace, E[tr grad s + 1/2 |s|^2]",
      neighbours: minimised),
    Variant(
      "ssm", "sliced score matching, E[v' grad s v + 1/2 (v's)^2]", [slices, projection],
      neighbours: minimised),
    Variant(
      "ssm-vr", "sliced score matching, variance reduced, E[v' grad s v + 1/2 |s|^2]",
      [slices, projection], neighbours: minimised),
    Variant(
      "fd-ssm", "sliced score matching by finite differences of an energy, none of its derivatives",
      [slices, projection, epsilon], neighbours: minimised),
    Variant(
      "fd-ssm-vr", "sliced score matching, variance reduced, by finite differences of the score",
      [slices, projection, epsilon], neighbours: minimised),
    Variant(
      "dsm", "denoising score matching at one noise scale, 1/2 E|sigma s(x + sigma e) + e|^2",
      [sigma, weighting, controlVariate], neighbours: minimised),
    Variant(
      "fd-dsm", "denoising score matching by finite differences of an energy along directions",
      [sigma, weighting, slices, projection, epsilon], neighbours: minimised),
    GaussianFit.declaration,
  ]

  private static let minimised = [
    Setting(
      "model", .variant(Models.declarations), default: .object(["type": .text("score-mlp")]),
      "the family of scores that is fitted"),
    Training.setting,
  ]

  private static let slices = Setting(
    "slices", .integer(1...1024), default: .number(1), "random directions per row and step")

  private static let projection = Setting(
    "projection", .choice(Projection.choices), default: .text("rademacher"),
    "law of the random directions")

  private static let sigma = Setting(
    "sigma", .real(.positive), default: .number(0.1), unit: "data units",
    "standard deviation of the noise that is added")

  private static let weighting = Setting(
    "weighting", .choice(DenoisingWeight.choices), default: .text("sigma^2"),
    "the power of sigma that weighs the loss")

  private static let controlVariate = Setting(
    "control_variate", .boolean, default: .boolean(false),
    "subtract what has mean 0 and makes the variance grow as sigma falls; for small sigma")

  private static let epsilon = Setting(
    "epsilon", .real(.positive), default: .number(0.1), unit: "data units",
    "distance from a point to the two that are compared, whatever the dimension")
}
