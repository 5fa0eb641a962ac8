import Expressions
import Settings

/// Denoising score matching in continuous time: a diffusion's noise levels, weighted in time.
///
///     J(θ) = ½ E_t[ λ(t) E‖s(t) ∇ log p_t - model‖² ],  t uniform in [t_min, 1]
///
/// with λ = 1 (``Weighting/sigmaSquared``), or λ = (1 - t_min) g²/s² (``Weighting/likelihood``): J is
/// then ½∫g² E‖s(x_t, t) + ε/s‖² dt, and what it exceeds its least value by bounds
/// KL(p_{t_min} ‖ model) with KL of the two at t = 1. Since g²/s² dt = d ln σ², that integral is the
/// same for every diffusion between two noise scales, and drawing ln σ uniformly
/// (``TimeLaw/importance``) gives its integrand one weight.
///
/// Reference: Song et al., ICLR 2021, eq. (7), arXiv:2011.13456; the weight of the likelihood and
/// the law of time: Song, Durkan, Murray & Ermon, NeurIPS 2021, theorem 1, arXiv:2101.09258.
struct DiffusionLoss: Sendable, Hashable {
  /// What each time weighs.
  enum Weighting: String, CaseIterable {
    case sigmaSquared = "sigma^2"
    case likelihood

    static let setting = Setting(
      "weighting",
      .choice([
        Choice("sigma^2", "1/2 E|s score + noise|^2 at every time alike"),
        Choice("likelihood", "g^2 at every time: bounds the likelihood"),
      ]), default: .text("sigma^2"), "what each time weighs")
  }

  /// The law that times are drawn by.
  enum TimeLaw: String, CaseIterable {
    case uniform
    case importance

    static let setting = Setting(
      "time_law",
      .choice([
        Choice("uniform", "every time alike"),
        Choice("importance", "in proportion to g^2/s^2, the log of s/a uniform"),
      ]), default: .text("uniform"), "how times are drawn; the loss is the same on average")
  }

  /// The scalar inputs that carry the numbers of a diffusion.
  private static let (slowestName, fastestName, earliestName) = ("beta_min", "beta_max", "t_min")

  static let settings = [
    Setting(
      slowestName, .real(.positive), default: .number(0.1), "the rate of noise at t = 0"),
    Setting(
      fastestName, .real(.positive), default: .number(20), "the rate of noise at t = 1"),
    Setting(
      earliestName, .real(RealRange(from: 0, to: 0.5, includesLower: false)),
      default: .number(0.001), "the earliest time that is trained"),
    Weighting.setting, TimeLaw.setting,
  ]

  private let diffusion: Diffusion
  private let earliest: Tensor
  private let weighting: Weighting
  private let timeLaw: TimeLaw
  let scalars: [ScalarValue]

  /// The exploding diffusion of a trial, from t = 0 on; its uniform time is that of importance.
  init(exploding trial: SettingValue) {
    diffusion = .varianceExploding(
      smallest: .scalar(NoiseRange.smallestName), largest: .scalar(NoiseRange.largestName))
    earliest = 0
    weighting = trial.choice("weighting")
    timeLaw = .uniform
    scalars = NoiseRange(trial).scalars
  }

  /// A preserving diffusion of a trial.
  init(_ trial: SettingValue, _ kind: (_ slowest: Tensor, _ fastest: Tensor) -> Diffusion) {
    diffusion = kind(.scalar(Self.slowestName), .scalar(Self.fastestName))
    earliest = .scalar(Self.earliestName)
    weighting = trial.choice("weighting")
    timeLaw = trial.choice("time_law")
    scalars = [Self.slowestName, Self.fastestName, Self.earliestName].map {
      ScalarValue($0, trial.real($0))
    }
  }

  /// The settings that the noise scales of a preserving diffusion follow from.
  static let ends = NoiseRange.Ends(
    settings: [earliestName, slowestName, fastestName], smaller: "lower \(earliestName)",
    larger: "raise \(fastestName)")

  /// The noise scales s/a of a preserving diffusion of a trial.
  static func range(
    _ trial: SettingValue, _ kind: (_ slowest: Tensor, _ fastest: Tensor) -> Diffusion
  ) -> NoiseRange {
    let diffusion = kind(
      .fill(trial.real(slowestName)), .fill(trial.real(fastestName)))
    return NoiseRange(
      smallest: diffusion.relativeScale(at: .fill(trial.real(earliestName))).constant,
      largest: diffusion.relativeScale(at: 1).constant)
  }

  /// The loss of a noisy score, given a uniform number and noise for each row.
  func callAsFunction(
    _ score: NoisyScoreFunction, at x: Tensor, level u: Tensor, noise: Tensor
  ) -> Tensor {
    let (sigma, weight) = scaleAndWeight(at: u)
    return noiseConditionalScoreMatching(
      score, at: x, noise: noise, scales: sigma, weight: weight)
  }

  private func scaleAndWeight(at u: Tensor) -> (sigma: Tensor, weight: Tensor) {
    switch timeLaw {
    case .uniform:
      let t = earliest + (1 - earliest) * u
      let weight =
        weighting == .likelihood ? (1 - earliest) * diffusion.logarithmicRate(at: t) : 1
      return (diffusion.relativeScale(at: t), weight)
    case .importance:
      let low = log(diffusion.relativeScale(at: earliest))
      let range = log(diffusion.relativeScale(at: 1)) - low
      return (exp(low + u * range), 2 * range)
    }
  }

  /// Times drawn by importance under another weight; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    if trial.has("beta_min"), trial.has("beta_max"),
      trial.real("beta_min") > trial.real("beta_max")
    {
      return Refusal(
        ["beta_min", "beta_max"], because: "the slowest rate of noise is above the fastest",
        remedy: "Give beta_max the larger of the two.")
    }
    guard trial["time_law"] == .text("importance"), trial["weighting"] != .text("likelihood")
    else { return nil }
    return Refusal(
      ["time_law", "weighting"],
      because: "times drawn in proportion to g^2/s^2 serve the likelihood's weight",
      remedy: "Use weighting likelihood, or time_law uniform.")
  }
}

extension Tensor {
  /// The number of a constant scalar.
  fileprivate var constant: Double {
    guard case .fill(let value) = primitive else {
      preconditionFailure("diffusion: \(primitive.label) is no constant")
    }
    return value
  }
}

/// A loss in continuous time, by its diffusion.
protocol DiffusionObjective: NoiseConditionalObjective {
  var loss: DiffusionLoss { get }
}

extension DiffusionObjective {
  public var scalars: [ScalarValue] { loss.scalars }

  public func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor {
    let (level, noise) = draw(x.shape)
    return loss(model.requiredNoisyScore, at: x, level: level, noise: noise)
  }
}

struct VarianceExplodingObjective: DiffusionObjective {
  static let name = "dsm-ve"
  static let summary =
    "denoising score matching in continuous time, variance exploding: every noise scale in a range"
  static let settings = NoiseRange.settings + [DiffusionLoss.Weighting.setting]

  let loss: DiffusionLoss

  init(_ trial: SettingValue) { loss = DiffusionLoss(exploding: trial) }

  static func range(_ trial: SettingValue) -> NoiseRange { NoiseRange(trial) }
}

struct VariancePreservingObjective: DiffusionObjective {
  static let name = "dsm-vp"
  static let summary =
    "denoising score matching in continuous time, variance preserving: data of variance 1 keep it"
  static let settings = DiffusionLoss.settings

  let loss: DiffusionLoss

  init(_ trial: SettingValue) { loss = DiffusionLoss(trial, Diffusion.variancePreserving) }

  static func range(_ trial: SettingValue) -> NoiseRange {
    DiffusionLoss.range(trial, Diffusion.variancePreserving)
  }
}

struct SubVariancePreservingObjective: DiffusionObjective {
  static let name = "dsm-subvp"
  static let summary =
    "denoising score matching in continuous time, sub-variance preserving: less noise early"
  static let settings = DiffusionLoss.settings

  let loss: DiffusionLoss

  init(_ trial: SettingValue) { loss = DiffusionLoss(trial, Diffusion.subVariancePreserving) }

  static func range(_ trial: SettingValue) -> NoiseRange {
    DiffusionLoss.range(trial, Diffusion.subVariancePreserving)
  }
}
