import Expressions
import Settings

/// The noise that a loss tells data from: ν points beside each row.
///
/// Noise that is drawn before the fit and kept through it is given to programs as rows of their own, with its log
/// density: a program is the same whatever the noise is and wherever it was fitted. Noise that each step draws anew
/// is y = m + L ε with normal ε, m and L being states that no step assigns, and ln q(y) = -½‖ε‖² - ln det L - (d/2) ln 2π.
public struct ContrastiveNoise: Sendable, Hashable {
  enum Law: String, Sendable, Hashable {
    case gaussian
    case marginals
    case exact
  }

  let law: Law
  /// Whether each step draws its noise anew.
  let isRedrawn: Bool
  /// ν, points of noise for each row of data.
  public let ratio: Int

  init(_ trial: SettingValue) {
    law = Law(rawValue: trial.text("noise_law")) ?? .gaussian
    isRedrawn = trial["noise_draws"] == .text(Self.redrawn)
    ratio = trial.integer("nu")
  }

  static let settings = [
    Setting(
      "noise_law",
      .choice([
        Choice(
          Law.gaussian.rawValue, "a normal law with the mean and covariance of the training rows"),
        Choice(
          Law.marginals.rawValue,
          "independent coordinates, each with a kernel estimate of its law from 1000 training rows at most"
        ),
        Choice(
          Law.exact.rawValue,
          "the distribution of the data itself, where it is known: then errors are 1 + 1/nu times as "
            + "large as those of maximum likelihood"),
      ]), default: .text(Law.gaussian.rawValue),
      "the law of the noise, whose density is known"),
    Setting(
      "nu", .integer(1...10_000), default: .number(10),
      "points of noise for each row of data"),
    Setting(
      "noise_draws",
      .choice([
        Choice("fixed", "once for each row, the same through the whole fit"),
        Choice(redrawn, "anew at each step; gaussian noise under fit minibatch alone"),
      ]), default: .text("fixed"), "when noise is drawn"),
  ]

  private static let redrawn = "each-step"
  /// The stream of noise that each step draws.
  static let stream = "noise"

  /// What a program is given beside each row of data.
  public struct Inputs: Sendable {
    /// y, [n, ν, d].
    public let points: Tensor
    /// ln q at the data, [n].
    public let logDensityOfData: Tensor
    /// ln q at the noise, [n, ν].
    public let logDensityOfPoints: Tensor
  }

  /// The rows input of ln q at the data, and, of noise that is kept, those of its points and of their ln q.
  public static let inputNames = ["noise.log_density_of_data", "noise", "noise.log_density"]

  /// The random streams of noise that each step draws.
  var streams: [String] { isRedrawn ? [Self.stream] : [] }

  /// The inputs of a program over so many rows.
  public func inputs(rowCount n: Int, dimension d: Int) -> Inputs {
    let logDensityOfData = Tensor.rows(Self.inputNames[0], [n])
    guard isRedrawn else {
      return Inputs(
        points: .rows(Self.inputNames[1], [n, ratio, d]), logDensityOfData: logDensityOfData,
        logDensityOfPoints: .rows(Self.inputNames[2], [n, ratio]))
    }
    let epsilon = Tensor.random(.normal, stream: Self.stream, [n, ratio, d], rowAxis: 0)
    let factor = Tensor.state(Self.stateNames[1], [d, d])
    return Inputs(
      points: .state(Self.stateNames[0], [d]) + matmul(epsilon, transpose(factor)),
      logDensityOfData: logDensityOfData,
      logDensityOfPoints: -dot(epsilon, epsilon) / 2 - .fill(Double(d) / 2 * Real.log(2 * .pi))
        - sum(log(einsum("aa->a", factor))))
  }

  /// Numbers that the rows inputs have for each row of data.
  public func inputCount(dimension d: Int) -> Int { isRedrawn ? 1 : ratio * d + 1 + ratio }

  /// The states m and L of noise that each step draws.
  private static let stateNames = ["noise.mean", "noise.factor"]

  /// The values of the states that programs read and none assigns, row-major.
  ///
  /// - Parameter distribution: what ``distribution(like:of:dimension:)`` gave.
  public func states(of distribution: any Target) -> [(name: String, values: [Double])] {
    guard isRedrawn, let normal = distribution as? Gaussian else { return [] }
    let d = normal.dimension
    let columns = (0..<d).map { i in normal.covariance.coloured((0..<d).map { $0 == i ? 1 : 0 }) }
    let factor = (0..<d * d).map { columns[$0 % d][$0 / d] }
    return Array(zip(Self.stateNames, [normal.mean, factor])).map { ($0, $1) }
  }

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
    case .marginals: return try MarginalProduct(rows, dimension: dimension)
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
    if trial["noise_draws"] == .text(redrawn) {
      if trial["noise_law"] != .text(Law.gaussian.rawValue) {
        return Refusal(
          ["noise_draws", "noise_law"], because: "a step draws normal noise alone",
          remedy: "Use gaussian noise, or noise that is fixed.")
      }
      if trial["fit.type"] == .text(Fits.fullBatch) {
        return Refusal(
          ["noise_draws", "fit"],
          because: "a full-batch fit minimises one function, whose noise does not change",
          remedy: "Use fixed noise with a larger nu, or fit minibatch.")
      }
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
