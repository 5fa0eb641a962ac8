import Randomness
import Settings

/// Fisher score matching: the score of a simulator's parameters, from simulations alone.
///
///     J(S) = E[ ½‖S(x)‖² + S(x)·∇ ln q(θ) ],   θ ~ q = N(θₜ, σ² I),  x ~ p(x | θ)
///
/// It is ½E‖S(x) - ∇_θ ln p(x | θ)‖² up to a constant. For a function S of x alone, by parts over θ,
///
///     E[S·∇_θ ln p(x | θ)] = ∫∫ q(θ) S(x)·∇_θ p(x | θ) dθ dx = -∫∫ p(x | θ) S(x)·∇q(θ) dθ dx
///                          = -E[S·∇ ln q(θ)],
///
/// the boundary term q p being 0 at infinity (where the support of x moves with θ, ∇_θ p is a distribution, and
/// the right side is what is meant). Of ½‖S - ∇_θ ln p‖² = ½‖S‖² - S·∇_θ ln p + … the second term is therefore
/// that of J, sign included. Since ∇ ln q = -(θ - θₜ)/σ², J is
/// the squared loss of predicting t = (θ - θₜ)/σ² from x, up to a constant again, and its minimiser over all S is
///
///     S(x) = E[(θ - θₜ)/σ² | x] = ∇_θₜ ln ∫ N(θ; θₜ, σ² I) p(x | θ) dθ,
///
/// the score of the likelihood smoothed over its parameters: its bias grows with σ, while the variance of t, and
/// of what is estimated from it, grows as 1/σ². Scores of independent observations add up.
///
/// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025, theorem 5.1;
/// the ½ is ours.
public struct FisherScoreMatching: Sendable {
  /// Its name in an experiment file and the settings that stand beside it.
  public static let declaration = Variant(
    "fsm", "Fisher score matching: ascends a simulator's likelihood by scores from simulations",
    [
      Setting(
        "sigma", .real(.positive), default: .number(0.1), unit: "parameter units",
        "standard deviation of the parameters that are simulated around the current ones")
    ],
    neighbours: [
      LikelihoodAscent.setting,
      Setting(
        "estimator", .variant(FisherScoreEstimator.declarations),
        default: .object(["type": .text("linear")]), "the family of functions of one observation"),
      Setting(
        "optimizer",
        .variant([Adam.declaration, RMSProp.declaration, GradientDescent.declaration]),
        default: .object(["type": .text("adam")]),
        "the first-order method, given the score's mean over the observations"),
      Setting(
        "information",
        .optional(
          .group([
            Setting(
              "simulations", .integer(6...100_000_000), default: .number(100_000),
              "simulations for it, beside those of the ascent")
          ])), default: .null,
        "the Fisher information at the estimate, for confidence intervals"),
    ])

  /// The standard deviation σ of the proposal.
  public let sigma: Double
  /// What S is looked for among.
  public let estimator: FisherScoreEstimator

  /// Matching with a proposal of this scale.
  public init(sigma: Double, estimator: FisherScoreEstimator) {
    self.sigma = sigma
    self.estimator = estimator
  }

  init(_ trial: SettingValue) {
    self.init(
      sigma: trial.real("sigma"),
      estimator: FisherScoreEstimator(trial["estimator"] ?? .null))
  }

  /// Draws from the proposal around θₜ and simulates an observation at each.
  ///
  /// - Parameter checkpoint: called now and then; what it throws gives the simulations up.
  /// - Complexity: `count` simulations.
  public func simulate(
    _ simulator: any Simulator, around center: [Double], count: Int,
    using generator: inout RandomGenerator, checkpoint: () throws -> Void = {}
  ) rethrows -> LocalSimulations {
    var (rows, targets): ([Double], [Double]) = ([], [])
    rows.reserveCapacity(count * simulator.dimension)
    targets.reserveCapacity(count * center.count)
    for number in 0..<count {
      if number % 1000 == 999 { try checkpoint() }
      let epsilon = center.map { _ in generator.normal() }
      let theta = zip(center, epsilon).map { $0 + sigma * $1 }
      rows += simulator.draw(at: theta, using: &generator)
      for number in epsilon { targets.append(number / sigma) }
    }
    return LocalSimulations(
      rows: rows, targets: targets, dimension: simulator.dimension, parameterCount: center.count)
  }
}

/// Observations simulated at parameters around a point, each with t = (θ - θₜ)/σ² = -∇ ln q(θ).
public struct LocalSimulations: Sendable {
  /// The observations, row-major [N, d].
  public let rows: [Double]
  /// t of each, row-major [N, p].
  public let targets: [Double]
  /// d.
  public let dimension: Int
  /// p.
  public let parameterCount: Int

  /// The number of simulations, N.
  public var count: Int { rows.count / dimension }

  /// J of the values of S at the observations, [N, p]: the mean of ½‖S‖² - S·t.
  public func objective(_ scores: [Double]) -> Double {
    zip(scores, targets).reduce(0) { $0 + $1.0 * ($1.0 / 2 - $1.1) } / Double(count)
  }
}

/// An estimated Fisher score of one observation, as a function of observations.
public struct FisherScore: Sendable {
  /// The scores of observations, row-major [n, d] → [n, p].
  public let ofRows: @Sendable ([Double]) throws -> [Double]

  /// A score that is computed like this.
  public init(_ ofRows: @escaping @Sendable ([Double]) throws -> [Double]) {
    self.ofRows = ofRows
  }

  /// The mean over observations.
  ///
  /// - Parameter parameterCount: p.
  public func mean(over rows: [Double], parameterCount: Int) throws -> [Double] {
    Moments.mean(of: try ofRows(rows), dimension: parameterCount)
  }
}

/// Estimates the Fisher score around a point from so many simulations, as a trial does at each step.
public typealias FisherScoreSource =
  @Sendable (_ center: [Double], _ simulations: Int, _ generator: inout RandomGenerator) throws ->
  FisherScore
