import Expressions
import Settings

/// The power of σ that weighs denoising score matching; each is a loss of its own.
public enum DenoisingWeight: String, Sendable, Hashable, CaseIterable {
  /// ``unweightedDenoisingScoreMatching(_:at:noise:scale:)``.
  case one = "sigma^0"
  /// ``denoisingScoreMatching(_:at:noise:scale:)``.
  case sigmaSquared = "sigma^2"
  /// ``quarticDenoisingScoreMatching(_:at:noise:scale:)``.
  case sigmaFourth = "sigma^4"

  func loss(_ score: ScoreFunction, _ x: Tensor, _ noise: Tensor, _ sigma: Tensor) -> Tensor {
    switch self {
    case .one: unweightedDenoisingScoreMatching(score, at: x, noise: noise, scale: sigma)
    case .sigmaSquared: denoisingScoreMatching(score, at: x, noise: noise, scale: sigma)
    case .sigmaFourth: quarticDenoisingScoreMatching(score, at: x, noise: noise, scale: sigma)
    }
  }

  /// What it makes of a loss that is weighted by σ².
  func factor(_ sigma: Tensor) -> Tensor {
    switch self {
    case .one: 1 / square(sigma)
    case .sigmaSquared: 1
    case .sigmaFourth: square(sigma)
    }
  }

  /// The power of the data's unit that the weighted loss has.
  var unitPower: Int {
    switch self {
    case .one: -2
    case .sigmaSquared: 0
    case .sigmaFourth: 2
    }
  }

  static let setting = Setting(
    "weighting", .choice(choices), default: .text("sigma^2"),
    "the power of sigma that weighs the loss")

  /// The weight that a trial's settings name.
  init(_ trial: SettingValue) {
    self = trial.choice("weighting")
  }

  private static let choices = [
    Choice("sigma^2", "1/2 E|sigma s + noise|^2, the weight of NCSN and diffusion models"),
    Choice("sigma^0", "1/2 E|s + noise/sigma|^2, no weight, as in textbooks"),
    Choice("sigma^4", "1/2 E|sigma^2 s + sigma noise|^2, the squared error of the denoiser"),
  ]
}
