import Expressions
import Settings

/// A loss that is minimised, as a trial's settings choose it, with what it draws.
///
/// A file of `Losses` has the mathematics as a function and an objective that gives it what the settings
/// say; ``Losses/objectives`` lists them.
public protocol Objective: Sendable {
  /// The name in an experiment file.
  static var name: String { get }
  /// One line about what it is.
  static var summary: String { get }
  /// The settings that stand beside it.
  static var settings: [Setting] { get }

  /// The model that it fits where the trial names none.
  static var defaultModel: String { get }

  /// The loss that the complete settings of a trial choose.
  init(_ trial: SettingValue)

  /// The random streams that it draws from.
  var streams: [String] { get }
  /// The scalar inputs of its expression and their values.
  var scalars: [ScalarValue] { get }
  /// Whether it is given the exact score at the data.
  var needsTargetScore: Bool { get }
  /// The noise that it tells data from; nil for a loss of data alone.
  var contrast: ContrastiveNoise? { get }
  /// The power of the data's unit that its values have: -2 for a squared score.
  var unitPower: Int { get }

  /// The loss on rows.
  ///
  /// - Parameters:
  ///   - model: what is fitted, at the parameters that the loss is a function of.
  ///   - x: data, [n, d].
  ///   - target: the exact score at the data, [n, d], where ``needsTargetScore`` says so.
  /// - Returns: the mean over rows, a scalar.
  func callAsFunction(_ model: Subject, at x: Tensor, target: Tensor?) -> Tensor
}

extension Objective {
  /// No settings but those of every loss.
  public static var settings: [Setting] { [] }
  /// A free-form score.
  public static var defaultModel: String { ScoreNetwork.declaration.name }
  /// Nothing random.
  public var streams: [String] { [] }
  /// No scalars.
  public var scalars: [ScalarValue] { [] }
  /// Data alone.
  public var needsTargetScore: Bool { false }
  /// No noise to be told from.
  public var contrast: ContrastiveNoise? { nil }
  /// Squares of scores and their derivatives.
  public var unitPower: Int { -2 }

  /// Its declaration: `model` and how it is fitted apply to the losses that are minimised, so that a
  /// closed form is one trial however many networks and optimisers the grid compares.
  static var declaration: Variant {
    Variant(
      name, summary, settings,
      neighbours: [
        Setting(
          "model", .variant(Models.declarations), default: .object(["type": .text(defaultModel)]),
          "the family of scores that is fitted"),
        Fits.setting,
      ])
  }
}

/// The noise that a denoising loss adds: one scale, drawn anew at each step.
struct Noise: Sendable, Hashable {
  /// The stream it is drawn from.
  static let stream = "noise"
  /// The scalar input that carries the noise scale.
  static let scaleName = "sigma"
  static let setting = Setting(
    "sigma", .real(.positive), default: .number(0.1), unit: "data units",
    "standard deviation of the noise that is added")

  let scale: Double

  init(_ trial: SettingValue) { scale = trial.real("sigma") }

  var scalars: [ScalarValue] { [ScalarValue(Self.scaleName, scale)] }
  /// σ, a scalar.
  var sigma: Tensor { .scalar(Self.scaleName) }

  /// Standard normal noise for each row, [n, d].
  func draw(_ shape: Shape) -> Tensor { .random(.normal, stream: Self.stream, shape, rowAxis: 0) }
}

/// The random directions that a sliced loss projects on.
struct Slices: Sendable, Hashable {
  /// The stream they are drawn from.
  static let stream = "projection"
  static let settings = [
    Setting(
      "slices", .integer(1...1024), default: .number(1), "random directions per row and step"),
    Setting(
      "projection", .choice(Projection.choices), default: .text("rademacher"),
      "law of the random directions"),
  ]

  let projection: Projection
  let count: Int

  init(_ trial: SettingValue) {
    projection = trial.choice("projection")
    count = trial.integer("slices")
  }

  /// Directions for each row and slice, [M, n, d].
  func draw(_ shape: Shape) -> Tensor {
    projection.draw(
      rows: shape[0], dimension: shape[1], slices: count, stream: Self.stream)
  }
}

/// The distance between the points that finite differences compare.
struct Distance: Sendable, Hashable {
  /// The scalar input that carries it.
  static let name = "epsilon"
  static let setting = Setting(
    name, .real(.positive), default: .number(0.1), unit: "data units",
    "distance from a point to the two that are compared, whatever the dimension")

  let value: Double

  init(_ trial: SettingValue) { value = trial.real(Self.name) }

  var scalars: [ScalarValue] { [ScalarValue(Self.name, value)] }
  /// ε, a scalar.
  var epsilon: Tensor { .scalar(Self.name) }
}

extension Subject {
  /// The energy, for losses that are refused with models that have none.
  var requiredEnergy: EnergyFunction {
    guard let energy else { preconditionFailure("loss: the model has no energy") }
    return energy
  }

  /// The layers, for losses that are refused with models that have none.
  var requiredLayers: LayeredEnergy {
    guard let layers else { preconditionFailure("loss: the model has no layers") }
    return layers
  }

  /// The score at any noise scale, for losses that are refused with models of one density.
  var requiredNoisyScore: NoisyScoreFunction {
    guard let noisyScore else {
      preconditionFailure("loss: the model has no score at other scales")
    }
    return noisyScore
  }
}
