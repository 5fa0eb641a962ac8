import Expressions
import Settings

/// Generalised score matching, for densities that do not vanish at the boundary of their support.
///
///     J(θ) = E[ Σᵢ ∂ᵢ(hᵢ(x) sᵢ(x; θ)) + ½ hᵢ(x) sᵢ(x; θ)² ]
///
/// Equals ½ E Σᵢ hᵢ (sᵢ - s*ᵢ)² minus ½ E Σᵢ hᵢ s*ᵢ², where p hᵢ sᵢ vanishes at the boundary: plain score
/// matching, h = 1, leaves out what the integration by parts leaves there, and is inconsistent. The
/// trace is exact.
///
/// A weight that vanishes is enough for a bounded score and density. A score that grows like 1/x, of a
/// gamma law or a statistic log x, needs a density that vanishes too, or h = x²; with a density like
/// x^(α-1), α < 1, the last expectation is finite for h = x² alone.
///
/// - Parameters:
///   - score: the model score s(·; θ), acting on rows, [n, d] → [n, d].
///   - x: data, [n, d].
///   - weight: h, a field of weights, [n, d] → [n, d], with any derivative almost everywhere.
/// - Returns: the mean over rows, a scalar.
/// - Complexity: ``divergence(of:at:)`` of the score, and the weight.
///
/// Reference: Yu, Drton & Shojaie, JMLR 20 (2019), section 2, arXiv:1812.10551; h = x²: Hyvärinen,
/// Computational Statistics & Data Analysis 51 (2007), 2499-2512; one weight for all coordinates: Liu,
/// Kanamori & Williams, JMLR 23 (2022), arXiv:1910.03834.
public func generalizedScoreMatching(
  _ score: ScoreFunction, at x: Tensor, weight: (Tensor) -> Tensor
) -> Tensor {
  let flux = divergence(of: { weight($0) * score($0) }, at: x)  // Σ hᵢ ∂ᵢsᵢ + (∂ᵢhᵢ) sᵢ
  let s = score(x)
  return mean(flux + dot(weight(x), square(s)) / 2)
}

struct GeneralizedObjective: Objective {
  static let name = "generalized-ism"
  static let summary =
    "generalized score matching on a bounded support, E[div(h s) + 1/2 sum h s^2]"
  static let settings = [
    BoundaryWeight.setting,
    Setting(
      "support",
      .optional(
        .group([
          Setting(
            "lower", .optional(.real(.any)), default: .null, unit: "data units",
            "the least value of a coordinate, null for none"),
          Setting(
            "upper", .optional(.real(.any)), default: .null, unit: "data units",
            "the greatest value of a coordinate, null for none"),
        ])), default: .null,
      "the bounds of data from a file, after their preparation; other data know theirs"),
  ]

  let weight: BoundaryWeight
  let support: Support

  init(_ trial: SettingValue) {
    weight = BoundaryWeight(trial["boundary_weight"] ?? .null)
    support = Support.declared(trial) ?? .everywhere
  }

  var unitPower: Int { weight.unitPower - 2 }

  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    generalizedScoreMatching(model.score, at: x) { weight($0, on: support) }
  }

  /// Weights that do not vanish fast enough for the density and the scores at 0; nil for all else.
  private static func steepRefusal(_ trial: SettingValue) -> Refusal? {
    guard trial["boundary_weight.type"] != .text("x^2") else { return nil }
    let remedy = "Use boundary_weight \"x^2\"."
    if trial["data.type"] == .text(GammaProduct.declaration.name), trial.real("data.shape") < 1 {
      return Refusal(
        ["boundary_weight", "data.shape"],
        because:
          "the density times its score times the weight does not vanish at 0 for shapes below "
          + "1, so the estimate would not tend to the truth",
        remedy: remedy)
    }
    let isPositive =
      trial["data.type"] == .text(GammaProduct.declaration.name)
      ? trial.real("data.shape") <= 1 : Targets.support(trial)?.lower == 0
    guard isPositive, ExponentialFamily.hasLogarithm(trial) else { return nil }
    return Refusal(
      ["boundary_weight", "model.statistics"],
      because:
        "the slope 1/x of log x times the weight does not vanish at 0, and the density does not "
        + "either, so the estimate would not tend to the truth",
      remedy: remedy)
  }

  /// Data without a boundary, or whose boundary is not said; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["loss.type"] == .text(name) else { return nil }
    let known = Targets.support(trial)
    if trial.has("support") {
      if known != nil {
        return Refusal(
          ["support", "data.type"], because: "the data's own support is known",
          remedy: "Leave support out: it is for data from a file.")
      }
      guard let given = Support(trial["support"] ?? .null), given.isBounded else {
        return Refusal(
          ["support"], because: "it has no bound, or nothing lies between its bounds",
          remedy: "Say { \"lower\": 0 } for data that are not negative, or two bounds.")
      }
    } else if TableData.describes(trial["data"] ?? .null) {
      return Refusal(
        ["loss", "support"], because: "a file does not say where its data live",
        remedy: "Say \"support\": { \"lower\": 0 } for data that are not negative, or use ism.")
    } else if known == .everywhere {
      return Refusal(
        ["loss", "data.type"], because: "the data have no boundary to weigh points by",
        remedy: "Use ism, or exponential, gamma or truncated-normal data.")
    }
    if let refusal = steepRefusal(trial) { return refusal }
    let metric = "training.early_stopping.metric"
    guard trial[metric] == .text("validation_implicit_score_matching") else { return nil }
    return Refusal(
      [metric, "loss"], because: "plain score matching is inconsistent on data with a boundary",
      remedy: "Stop by validation_loss.")
  }
}
