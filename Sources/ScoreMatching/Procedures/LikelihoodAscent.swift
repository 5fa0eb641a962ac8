import Settings

/// Maximising the likelihood of observations over a simulator's parameters, by simulations alone.
///
/// Each of T steps simulates around the parameters as they stand, and moves them along an estimate of the
/// score; the estimate of the parameters is the mean of the last iterates. The simulations of all steps are the
/// budget that methods are compared at.
///
/// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025.
public struct LikelihoodAscent: Sendable {
  /// How a step moves the parameters.
  public enum Method: Sendable {
    /// An optimiser's step along the estimated Fisher score, the mean over observations.
    case fisherScore(FisherScoreMatching, any Optimizer)
    /// A step of simultaneous perturbation over a kernel density estimate of the likelihood.
    case perturbation(SimultaneousPerturbation)
  }

  /// The losses that are ascended like this, in the order of documentation.
  public static let losses = [
    FisherScoreMatching.declaration, SimultaneousPerturbation.declaration,
  ]

  /// What observations come from.
  public let simulator: any Simulator
  /// The parameters that the observations are drawn at.
  public let truth: [Double]
  /// The number of observations, n.
  public let observationCount: Int
  /// The number of steps, T.
  public let stepCount: Int
  /// Simulations of each step.
  public let simulationCount: Int
  /// The parameters before the first step.
  public let start: [Double]
  /// The last steps, over whose iterates the estimate is the mean.
  public let averagedCount: Int
  /// How a step moves the parameters.
  public let method: Method
  /// Simulations for the Fisher information at the estimate; nil where it is not asked for.
  public let informationCount: Int?

  /// The declaration of `ascent` at the top of a trial.
  static let setting = Setting(
    "ascent",
    .group([
      Setting(
        "steps", .integer(1...10_000_000), default: .number(100), unit: "steps",
        "steps of the parameters"),
      Setting(
        "simulations", .integer(2...10_000_000), default: .number(100),
        "simulations of each step; an even number for kde-spsa"),
      Setting(
        "start", .real(.any), default: .number(0),
        "every coordinate of the parameters before the first step"),
      Setting(
        "average", .real(RealRange(from: 0, to: 1, includesLower: false)), default: .number(0.5),
        "the part of the steps, the last ones, over which the estimate is the mean"),
    ]), default: .object([SettingValue.Member]()), "how the likelihood of a simulator is ascended")

  /// The ascent that a trial's settings describe; nil for trials of any other kind.
  ///
  /// - Parameter trial: the complete settings of a trial.
  public init?(_ trial: SettingValue) {
    guard let simulator = Simulators.make(trial) else { return nil }
    switch trial["loss.type"] ?? .null {
    case .text(FisherScoreMatching.declaration.name):
      method = .fisherScore(
        FisherScoreMatching(trial), Optimizers.make(trial["optimizer"] ?? .null))
    case .text(SimultaneousPerturbation.declaration.name):
      method = .perturbation(SimultaneousPerturbation(trial["spsa"] ?? .null))
    default: return nil
    }
    self.simulator = simulator
    let p = simulator.parameterCount
    truth = [Double](repeating: trial.real("data.theta"), count: p)
    observationCount = trial.integer("data.observations")
    stepCount = trial.integer("ascent.steps")
    simulationCount = trial.integer("ascent.simulations")
    start = [Double](repeating: trial.real("ascent.start"), count: p)
    averagedCount = max(1, Int((trial.real("ascent.average") * Double(stepCount)).rounded()))
    informationCount = trial.has("information") ? trial.integer("information.simulations") : nil
  }

  /// The name of the parameters as state and in the results.
  public static let parameterName = "theta"
  /// The name under which the Fisher information is kept.
  public static let informationName = "fisher_information"

  /// What an optimiser does with the gradient that the state `gradient` has, in the parameters.
  public static func step(_ optimizer: any Optimizer, parameterCount p: Int) -> Step {
    let theta = Parameter(parameterName, [p], initial: .zeros)
    return Step(
      states: [StateVariable(theta.name, theta.shape, initial: .zeros)]
        + optimizer.stateVariables(for: [theta]),
      assignments: optimizer.update([theta], gradients: [.state(gradientName, [p])]), outputs: [],
      evaluated: [theta.name])
  }

  /// The state that carries the gradient of what is minimised, the negative log-likelihood.
  public static let gradientName = "gradient"
}

extension LikelihoodAscent {
  /// The network that the score is estimated by; nil for other estimators.
  public var network: FisherScoreNetwork? {
    guard case .fisherScore(let matching, _) = method,
      case .network(let design) = matching.estimator
    else { return nil }
    return FisherScoreNetwork(
      design, dimension: simulator.dimension, parameterCount: simulator.parameterCount)
  }

  /// The work of one step in plain loops, in operations of a matrix product; see
  /// ``FisherScoreEstimator/work(simulations:dimension:parameterCount:)``.
  public var stepWork: Double {
    switch method {
    case .fisherScore(let matching, _):
      simulationWork(simulationCount)
        + matching.estimator.work(
          simulations: simulationCount, dimension: simulator.dimension,
          parameterCount: simulator.parameterCount)
    case .perturbation:
      simulationWork(simulationCount)
        + Metric.loopWork.number
        * Double(simulationCount * observationCount * (2 * simulator.dimension + 20))
    }
  }

  /// The work of the Fisher information from so many simulations.
  public func informationWork(_ count: Int) -> Double {
    guard case .fisherScore(let matching, _) = method else { return 0 }
    let (d, p) = (simulator.dimension, simulator.parameterCount)
    let estimate = matching.estimator.work(simulations: count / 3, dimension: d, parameterCount: p)
    return simulationWork(count) + 2 * estimate
      + Metric.loopWork.number * Double(count) / 3 * Double(p * (p + 2 * d))
  }

  /// The numbers that so many simulations at a time take, about, with what a score is estimated through.
  public func numbersHeld(simulations n: Int) -> Int {
    let (d, p) = (simulator.dimension, simulator.parameterCount)
    guard case .fisherScore(let matching, _) = method,
      case .linear(let features, _) = matching.estimator
    else { return 4 * n * (d + p) }
    let k = features.count(d)
    let m = min(n, k)
    // Observations and targets, features as they come and as they are centred, scores; the matrix four times.
    return n * (2 * d + 2 * p + 2 * k) + 4 * m * m
  }

  /// The work of so many simulations: a normal draw for every parameter and coordinate, and small arrays.
  public func simulationWork(_ count: Int) -> Double {
    let draws = simulator.dimension + simulator.parameterCount
    return Metric.loopWork.number * Double(count) * Double(60 * draws + 1000)
  }

  /// What does not go with a simulator, or needs one; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    let isSimulator = Simulators.describes(trial["data"] ?? .null)
    let names = losses.map(\.name)
    let isAscent = names.contains { trial["loss.type"] == .text($0) }
    if isSimulator != isAscent {
      return Refusal(
        ["loss", "data.type"],
        because: isSimulator
          ? "the loss learns the density of data, and a simulator is given for its parameters"
          : "the loss simulates at parameters of its choice, which these data have not",
        remedy: isSimulator
          ? "Use \(names.joined(separator: " or ")), or other data."
          : "Use \(Simulators.declarations.map(\.name).joined(separator: ", ")), or another loss.")
    }
    guard isSimulator else { return nil }
    if trial.has("sampler") {
      return Refusal(
        ["sampler", "data.type"],
        because: "parameters are estimated, and no density is learned that could be drawn from",
        remedy: "Leave sampler out.")
    }
    if trial["keep_test_data"] == .boolean(true) {
      return Refusal(
        ["keep_test_data", "data.type"], because: "a simulator has observations and no test data",
        remedy: "Leave keep_test_data out.")
    }
    return LikelihoodAscent(trial)?.sizeRefusal
  }

  /// The largest number of features that one linear system is solved for.
  private static let featureLimit = ClosedForm.parameterLimit

  private var sizeRefusal: Refusal? {
    switch method {
    case .perturbation:
      guard simulationCount % 2 == 1 || simulationCount < 4 else { return nil }
      return Refusal(
        ["ascent.simulations", "loss"],
        because:
          "half of the simulations are made on either side of the parameters, and two make a spread",
        remedy: "Give ascent.simulations an even number from 4.")
    case .fisherScore(let matching, _):
      if informationCount != nil, simulator.information(at: truth) == nil {
        return Refusal(
          ["information", "data.type"],
          because:
            "the support of the simulator moves with its parameters, and it has no Fisher information",
          remedy: "Leave information out.")
      }
      guard case .linear(let features, let ridge) = matching.estimator else { return nil }
      let count = features.count(simulator.dimension)
      if count > Self.featureLimit {
        return Refusal(
          ["estimator", "dimension"],
          because:
            "\(count) features are more than the \(Self.featureLimit) that one linear system is "
            + "solved for",
          remedy: "Use a linear estimator, fewer dimensions, or mlp.")
      }
      let least = min(simulationCount, (informationCount ?? .max) / 3)
      guard ridge == 0, least < count + 2 else { return nil }
      return Refusal(
        [
          least == simulationCount ? "ascent.simulations" : "information.simulations",
          "estimator.ridge",
        ],
        because: "\(least) simulations do not determine \(count) coefficients and a constant",
        remedy: "Use a ridge above 0, such as 0.1, or \(count + 2) simulations or more"
          + (least == simulationCount ? "." : " in each third of information.simulations."))
    }
  }
}
