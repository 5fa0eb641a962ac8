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
  /// The scalar input that carries the distance of finite differences.
  public static let distanceName = "epsilon"

  /// Which objective it is, and what its expression depends on.
  enum Objective: Sendable, Hashable {
    case explicit
    case implicit
    case sliced(Projection, sliceCount: Int)
    case varianceReducedSliced(Projection, sliceCount: Int)
    case finiteDifferenceSliced(Projection, sliceCount: Int)
    case finiteDifferenceVarianceReducedSliced(Projection, sliceCount: Int)
    case denoising(DenoisingWeight)
    case controlledDenoising(DenoisingWeight)
    case finiteDifferenceDenoising(DenoisingWeight, Projection, sliceCount: Int)
  }

  let objective: Objective
  /// The noise scale of a denoising loss.
  public let noiseScale: Double?
  /// The distance ε of a loss made of finite differences.
  public let distance: Double?

  /// The loss that a trial's settings choose; nil for one that is not minimised step by step.
  ///
  /// - Parameter trial: the complete settings of a trial.
  public init?(_ trial: SettingValue) {
    let projection =
      trial.has("projection")
      ? Projection(rawValue: trial.text("projection")) ?? .rademacher : .rademacher
    let sliceCount = trial.has("slices") ? trial.integer("slices") : 1
    let weight =
      trial.has("weighting")
      ? DenoisingWeight(rawValue: trial.text("weighting")) ?? .sigmaSquared : .sigmaSquared
    switch trial.text("loss.type") {
    case "esm": objective = .explicit
    case "ism": objective = .implicit
    case "ssm": objective = .sliced(projection, sliceCount: sliceCount)
    case "ssm-vr": objective = .varianceReducedSliced(projection, sliceCount: sliceCount)
    case "fd-ssm": objective = .finiteDifferenceSliced(projection, sliceCount: sliceCount)
    case "fd-ssm-vr":
      objective = .finiteDifferenceVarianceReducedSliced(projection, sliceCount: sliceCount)
    case "dsm":
      objective =
        trial.boolean("control_variate") ? .controlledDenoising(weight) : .denoising(weight)
    case "fd-dsm":
      objective = .finiteDifferenceDenoising(weight, projection, sliceCount: sliceCount)
    default: return nil
    }
    noiseScale = objective.draws.contains(Self.noiseStream) ? trial.real("sigma") : nil
    distance = objective.isFiniteDifference ? trial.real("epsilon") : nil
  }

  /// Whether the loss is given the exact score at the data.
  public var needsTargetScore: Bool { objective == .explicit }

  /// The random streams that the loss draws from.
  public var streams: [String] { objective.draws }

  /// The scalar inputs of the loss and their values.
  public var scalars: [ScalarValue] {
    (noiseScale.map { [ScalarValue(Self.noiseScaleName, $0)] } ?? [])
      + (distance.map { [ScalarValue(Self.distanceName, $0)] } ?? [])
  }

  /// The loss of a score function on rows, a scalar.
  ///
  /// - Parameters:
  ///   - score: the model score, [n, d] → [n, d].
  ///   - energy: the energy whose score it is, where the model has one.
  ///   - x: data, [n, d].
  ///   - target: the exact score at the data, [n, d], where ``needsTargetScore`` says so.
  public func callAsFunction(
    _ score: ScoreFunction, energy: EnergyFunction? = nil, at x: Tensor, target: Tensor? = nil
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
    case .finiteDifferenceSliced(let projection, let count):
      return finiteDifferenceSlicedScoreMatching(
        given(energy), at: x, along: draw(projection, count, x.shape), distance: epsilon)
    case .finiteDifferenceVarianceReducedSliced(let projection, let count):
      return finiteDifferenceVarianceReducedSlicedScoreMatching(
        score, at: x, along: draw(projection, count, x.shape), distance: epsilon)
    case .denoising(let weight):
      return weight.loss(score, x, noise(x.shape), sigma)
    case .controlledDenoising(let weight):
      return weight.factor(sigma)
        * controlledDenoisingScoreMatching(score, at: x, noise: noise(x.shape), scale: sigma)
    case .finiteDifferenceDenoising(let weight, let projection, let count):
      return weight.factor(sigma)
        * finiteDifferenceDenoisingScoreMatching(
          given(energy), at: x, noise: noise(x.shape), scale: sigma,
          along: draw(projection, count, x.shape), distance: epsilon)
    }
  }

  private var sigma: Tensor { .scalar(Self.noiseScaleName) }
  private var epsilon: Tensor { .scalar(Self.distanceName) }

  private func given(_ energy: EnergyFunction?) -> EnergyFunction {
    guard let energy else { preconditionFailure("loss: the model has no energy") }
    return energy
  }

  private func noise(_ shape: Shape) -> Tensor {
    .random(.normal, stream: Self.noiseStream, shape, rowAxis: 0)
  }

  private func draw(_ projection: Projection, _ sliceCount: Int, _ shape: Shape) -> Tensor {
    projection.draw(
      rows: shape[0], dimension: shape[1], slices: sliceCount, stream: Self.projectionStream)
  }
}

extension TrainingLoss.Objective {
  /// The streams that it draws from.
  fileprivate var draws: [String] {
    switch self {
    case .explicit, .implicit: []
    case .sliced, .varianceReducedSliced, .finiteDifferenceSliced,
      .finiteDifferenceVarianceReducedSliced:
      [TrainingLoss.projectionStream]
    case .denoising, .controlledDenoising: [TrainingLoss.noiseStream]
    case .finiteDifferenceDenoising: [TrainingLoss.noiseStream, TrainingLoss.projectionStream]
    }
  }

  fileprivate var isFiniteDifference: Bool {
    switch self {
    case .finiteDifferenceSliced, .finiteDifferenceVarianceReducedSliced,
      .finiteDifferenceDenoising:
      true
    default: false
    }
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

  /// What it makes of a loss that is weighted by σ².
  func factor(_ sigma: Tensor) -> Tensor {
    switch self {
    case .one: 1 / square(sigma)
    case .sigmaSquared: 1
    case .sigmaFourth: square(sigma)
    }
  }

  static let choices = [
    Choice("sigma^2", "1/2 E|sigma s + noise|^2, the weight of NCSN and diffusion models"),
    Choice("sigma^0", "1/2 E|s + noise/sigma|^2, no weight, as in textbooks"),
    Choice("sigma^4", "1/2 E|sigma^2 s + sigma noise|^2, the squared error of the denoiser"),
  ]
}
