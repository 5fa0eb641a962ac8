import Expressions
import Settings

/// Minimising a loss over all training rows at once, by ``LBFGS``.
///
/// The objective is a fixed function of the parameters: what a loss draws (noise, projections) is drawn
/// once, `draws` times for each row, and the same at every iteration.
///
/// Rows come in as `Tensor.rows("x", [n, d])`, the exact score there, where the loss needs it, as
/// `Tensor.rows("target", [n, d])`.
public struct FullBatch: Sendable {
  /// What is minimised.
  public let loss: TrainingLoss
  /// What is fitted.
  public let model: any ScoreModel
  /// The gradient's Euclidean norm at which it has converged.
  public let tolerance: Double
  /// The most iterations.
  public let iterationLimit: Int
  /// The pairs that L-BFGS remembers.
  public let memory: Int
  /// Draws of what is random in the loss, for each row; 1 where nothing is.
  public let drawCount: Int
  /// Starts that are drawn one after the other; the least training loss is kept.
  public let startCount: Int

  /// Minimising a loss of a model's parameters as the value of `lbfgs` says.
  public init(_ loss: TrainingLoss, of model: any ScoreModel, _ settings: SettingValue) {
    self.loss = loss
    self.model = model
    tolerance = settings.real("tolerance")
    iterationLimit = settings.integer("iterations")
    memory = settings.integer("memory")
    drawCount = loss.streams.isEmpty ? 1 : settings.integer("draws")
    startCount = settings.integer("starts")
  }

  /// Several starts of a model that has one; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["fit.type"] == .text(Fits.fullBatch), trial.has("lbfgs.starts"),
      trial.integer("lbfgs.starts") > 1, trial["model.start"] != .text("rows")
    else { return nil }
    let isDrawn = Models.make(for: trial, dimension: 2).parameters.contains { parameter in
      switch parameter.initial {
      case .normal, .uniform: true
      case .zeros, .diagonal, .values: false
      }
    }
    guard !isDrawn else { return nil }
    return Refusal(
      ["lbfgs.starts", "model"], because: "the model starts at given numbers, every time the same",
      remedy: "Leave starts out, or let means be drawn.")
  }

  /// The declaration of `lbfgs` at the top of a trial.
  static let setting = Setting(
    "lbfgs",
    .group([
      Setting(
        "tolerance", .real(.nonNegative), default: .number(1e-5),
        "norm of the gradient at which it has converged; below 1e-5 ask for precision float64"),
      Setting(
        "iterations", .integer(0...1_000_000), default: .number(1000), unit: "iterations",
        "the cap; a trial that hits it says so"),
      Setting(
        "memory", .integer(1...100), default: .number(20), unit: "iterations",
        "past steps that curvature is learned from"),
      Setting(
        "draws", .integer(1...100_000), default: .number(1),
        "draws of noise or directions for each row, the same at every iteration"),
      Setting(
        "starts", .integer(1...10_000), default: .number(1),
        "independent starts, of which the one that ends with the least training loss is kept; one whose "
          + "density degenerates is kept only where all do"),
    ]), default: .object([SettingValue.Member]()), "how all rows at once are minimised over")

  /// The minimiser at a start.
  ///
  /// - Parameter isSingle: whether values come in single precision.
  public func minimiser(from start: [Double], isSingle: Bool) -> LBFGS {
    LBFGS(
      from: start, tolerance: tolerance, iterationLimit: iterationLimit, memory: memory,
      rounding: isSingle ? 1e-7 : 1e-10)
  }

  /// How the message of a fit begins that did not reach its tolerance.
  public static let notConverged = "not converged"

  /// The state in which metrics find whether it converged, 1 or 0.
  public static let convergedName = "fit.converged"
  /// The output that carries the loss.
  public static let lossName = "loss"
  /// The output that carries the loss's gradient in a parameter.
  public static func gradientName(_ parameter: Parameter) -> String { "gradient.\(parameter.name)" }

  /// The loss over so many rows and its gradient in each parameter.
  ///
  /// - Complexity: about three evaluations of the loss.
  public func outputs(rowCount: Int) -> [(name: String, value: Tensor)] {
    let x = Tensor.rows(Minimisation.dataName, [rowCount, model.dimension])
    let target =
      loss.needsTargetScore
      ? Tensor.rows(Minimisation.targetName, [rowCount, model.dimension]) : nil
    let (value, gradients) = valueAndGradients(
      of: { theta in loss(model.subject(at: theta), at: x, target: target) }, at: model.states)
    return [(Self.lossName, value)]
      + zip(model.parameters, gradients).map { (Self.gradientName($0), $1) }
  }

  /// Parameters one after the other, as the parts that the model has.
  public func parts(_ point: [Double]) -> [[Double]] {
    var start = 0
    return model.parameters.map { parameter in
      let end = start + parameter.shape.reduce(1, *)
      defer { start = end }
      return Array(point[start..<end])
    }
  }
}
