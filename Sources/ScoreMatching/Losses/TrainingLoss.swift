import Expressions
import Settings

/// A loss as a trial's settings choose it, with the random directions and the noise it draws.
public struct TrainingLoss: Sendable, Hashable {
  /// The stream of the noise that denoising losses add.
  public static let noiseStream = "noise"
  /// The stream of the directions that sliced losses project on.
  public static let projectionStream = "projection"
  /// The scalar input that carries the noise scale.
  public static let noiseScaleName = "sigma"

  /// Which objective it is, and what its expression depends on.
  enum Objective: Sendable, Hashable {
    case explicit
    case implicit
    case sliced(Projection, sliceCount: Int)
    case varianceReducedSliced(Projection, sliceCount: Int)
    case denoising(DenoisingWeight)
  }

  let objective: Objective
  /// The noise scale of a denoising loss.
  public let noiseScale: Double?

  /// The loss that a trial's settings choose; nil for one that is not minimised step by step.
  ///
  /// - Parameter trial: the complete settings of a trial.
  public init?(_ trial: SettingValue) {
    let projection =
      trial.has("projection")
      ? Projection(rawValue: trial.text("projection")) ?? .rademacher : .rademacher
    let sliceCount = trial.has("slices") ? trial.integer("slices") : 1
    switch trial.text("loss.type") {
    case "esm": objective = .explicit
    case "ism": objective = .implicit
    case "ssm": objective = .sliced(projection, sliceCount: sliceCount)
    case "ssm-vr": objective = .varianceReducedSliced(projection, sliceCount: sliceCount)
    case "dsm":
      objective = .denoising(DenoisingWeight(rawValue: trial.text("weighting")) ?? .sigmaSquared)
    default: return nil
    }
    if case .denoising = objective {
      noiseScale = trial.real("sigma")
    } else {
      noiseScale = nil
    }
  }

  /// Whether the loss is given the exact score at the data.
  public var needsTargetScore: Bool { objective == .explicit }

  /// The random streams that the loss draws from.
  public var streams: [String] {
    switch objective {
    case .explicit, .implicit: []
    case .sliced, .varianceReducedSliced: [Self.projectionStream]
    case .denoising: [Self.noiseStream]
    }
  }

  /// The scalar inputs of the loss and their values.
  public var scalars: [ScalarValue] {
    noiseScale.map { [ScalarValue(Self.noiseScaleName, $0)] } ?? []
  }

  /// The loss of a score function on rows, a scalar.
  ///
  /// - Parameters:
  ///   - score: the model score, [n, d] → [n, d].
  ///   - x: data, [n, d].
  ///   - target: the exact score at the data, [n, d], where ``needsTargetScore`` says so.
  public func callAsFunction(
    _ score: ScoreFunction, at x: Tensor, target: Tensor? = nil
  ) -> Tensor {
    precondition(x.rank == 2, "loss: data need shape [n, d], found \(x.shape)")
    switch objective {
    case .explicit:
      guard let target else { preconditionFailure("loss esm: no exact score given") }
      return explicitScoreMatching(score, at: x, target: target)
    case .implicit:
      return implicitScoreMatching(score, at: x)
    case .sliced(let projection, let count):
      return slicedScoreMatching(score, at: x, along: draw(projection, count, x.shape))
    case .varianceReducedSliced(let projection, let count):
      return varianceReducedSlicedScoreMatching(
        score, at: x, along: draw(projection, count, x.shape))
    case .denoising(let weight):
      let noise = Tensor.random(.normal, stream: Self.noiseStream, x.shape, rowAxis: 0)
      return weight.loss(score, x, noise, .scalar(Self.noiseScaleName))
    }
  }

  private func draw(_ projection: Projection, _ sliceCount: Int, _ shape: Shape) -> Tensor {
    projection.draw(
      rows: shape[0], dimension: shape[1], slices: sliceCount, stream: Self.projectionStream)
  }
}

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

  static let choices = [
    Choice("sigma^2", "1/2 E|sigma s + noise|^2, the weight of NCSN and diffusion models"),
    Choice("sigma^0", "1/2 E|s + noise/sigma|^2, no weight, as in textbooks"),
    Choice("sigma^4", "1/2 E|sigma^2 s + sigma noise|^2, the squared error of the denoiser"),
  ]
}
