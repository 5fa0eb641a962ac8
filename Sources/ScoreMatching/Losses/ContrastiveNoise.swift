import Expressions
import Settings

/// The noise that a loss tells data from: ν points beside each row, drawn before the fit and kept through it.
///
/// Programs are given the points and their log density as rows of their own, so that a program is the same
/// whatever the noise is and wherever it was fitted.
public struct ContrastiveNoise: Sendable, Hashable {
  enum Law: String, Sendable, Hashable {
    case gaussian
    case exact
  }

  let law: Law
  /// ν, points of noise for each row of data.
  public let ratio: Int

  init(_ trial: SettingValue) {
    law = trial["noise_law"] == .text(Law.exact.rawValue) ? .exact : .gaussian
    ratio = trial.integer("nu")
  }

  static let settings = [
    Setting(
      "noise_law",
      .choice([
        Choice(
          Law.gaussian.rawValue, "a normal law with the mean and covariance of the training rows"),
        Choice(
          Law.exact.rawValue,
          "the distribution of the data itself, where it is known: then errors are 1 + 1/nu times as "
            + "large as those of maximum likelihood"),
      ]), default: .text(Law.gaussian.rawValue),
      "the law of the noise, whose density is known"),
    Setting(
      "nu", .integer(1...10_000), default: .number(10),
      "points of noise for each row of data, the same through the whole fit"),
  ]

  /// What a program is given beside each row of data.
  public struct Inputs: Sendable {
    /// y, [n, ν, d].
    public let points: Tensor
    /// ln q at the data, [n].
    public let logDensityOfData: Tensor
    /// ln q at the noise, [n, ν].
    public let logDensityOfPoints: Tensor
  }

  /// The names of ``Inputs``, in their order.
  public static let inputNames = ["noise", "noise.log_density_of_data", "noise.log_density"]

  /// The inputs of a program over so many rows.
  public func inputs(rowCount n: Int, dimension d: Int) -> Inputs {
    Inputs(
      points: .rows(Self.inputNames[0], [n, ratio, d]),
      logDensityOfData: .rows(Self.inputNames[1], [n]),
      logDensityOfPoints: .rows(Self.inputNames[2], [n, ratio]))
  }

  /// Numbers that the inputs have for each row of data.
  public func inputCount(dimension d: Int) -> Int { ratio * d + 1 + ratio }

  /// The distribution that the noise is drawn from.
  ///
  /// - Parameters:
  ///   - rows: the training data, row-major.
  ///   - target: the distribution of the data, where it is known.
  /// - Throws: ``DataError`` where the rows have no covariance.
  public func distribution(
    like rows: [Double], of target: (any Target)?, dimension: Int
  ) throws(DataError) -> any Target {
    switch law {
    case .gaussian: return try GaussianFit.fit(rows, dimension: dimension)
    case .exact:
      guard let target else { preconditionFailure("noise exact: the data have no known density") }
      return target
    }
  }

  /// Noise that cannot be drawn, or a model that it teaches nothing; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["loss.type"] == .text(ContrastiveObjective.name) else { return nil }
    if trial["noise_law"] == .text(Law.exact.rawValue), TableData.describes(trial["data"] ?? .null)
    {
      return Refusal(
        ["noise_law", "data.type"], because: "data from a file have no exact density",
        remedy: "Use gaussian noise.")
    }
    if trial["noise_law"] == .text(Law.gaussian.rawValue), trial.has("data.train"),
      let d = Targets.dimension(trial), trial.integer("data.train") <= d
    {
      return Refusal(
        ["data.train", "noise_law"],
        because: "\(trial.integer("data.train")) rows have no covariance in \(d) dimensions",
        remedy: "Give data.train more rows than the data have dimensions.")
    }
    guard trial.has("model"), !Abilities(trial).energy else { return nil }
    return Refusal(
      ["model.type", "loss"],
      because: "the loss learns a density, and a score network has none",
      remedy: "Use energy-mlp, or another model with an energy.")
  }
}
