import Expressions
import Randomness
import Settings

/// The normaliser of an energy by annealed importance sampling between a normal law f and the density.
///
///     π_β ∝ f^(1-β) exp(-βE),   β_k = k/K
///     forward:  x_0 ~ f, x_k by a transition that leaves π_βk alone,
///               ln w = Σ_k (β_k - β_{k-1}) ln [exp(-E)/f](x_{k-1}),   Z ≈ mean of w
///     reverse:  x ~ p, transitions from β = 1 down to 0,
///               ln w = -Σ_k (β_k - β_{k-1}) ln [exp(-E)/f](x_k),   1/Z ≈ mean of w
///
/// By Jensen's inequality forward ln Z is too low on average, so the log-likelihood comes out too high;
/// reverse ln Z is too high and the log-likelihood too low: a bracket. Reverse needs points of the model:
/// exact ones where the model is the target itself, else long chains of Hamiltonian Monte Carlo that
/// start at rows of the training data, and the lower end holds as far as those have come to rest.
///
/// f has the mean and the covariance of the training data; everything runs in its standardised
/// coordinates, so that step sizes have no unit. Transitions are ``Trajectory``s, exact at any step size.
/// One evaluation of the energy and its gradient a leapfrog.
///
/// Reference: Neal, Statistics and Computing 11 (2001), eq. (3) to (11); reverse: Burda, Grosse &
/// Salakhutdinov, AISTATS 2015, section 3, arXiv:1412.8566.
struct AnnealedImportanceSampling: Sendable {
  enum Direction: String, Sendable, CaseIterable {
    case forward, reverse
  }

  static let settings = [
    Setting(
      "direction",
      .choice([
        Choice(
          "forward",
          "from a normal law to the model: the upper end, too high in expectation"),
        Choice(
          "reverse",
          "from the model to a normal law: the lower end, too low in expectation as far as the chains "
            + "have reached the model"),
      ]), default: .text("forward"), "which end of the bracket around the log-likelihood"),
    Setting(
      "temperatures", .integer(1...1_000_000), default: .number(300),
      "steps from one law to the other"),
    Setting("chains", .integer(1...1_000_000), default: .number(256), "independent weights"),
    Setting(
      "step_size", .real(.positive), default: .number(0.2),
      "epsilon of a leapfrog, in standard deviations of the data"),
    Setting(
      "leapfrogs", .integer(1...1000), default: .number(5), "leapfrogs at each temperature"),
    Setting(
      "burn_in", .integer(0...1_000_000), default: .number(500), unit: "trajectories",
      "reverse, and where the model is not the target: trajectories before the first weight"),
  ]

  let direction: Direction
  let temperatures: Int
  let chainCount: Int
  let stepSize: Double
  let leapfrogs: Int
  let burnIn: Int

  init(_ settings: SettingValue) {
    direction = settings.choice("direction")
    temperatures = settings.integer("temperatures")
    chainCount = settings.integer("chains")
    stepSize = settings.real("step_size")
    leapfrogs = settings.integer("leapfrogs")
    burnIn = settings.integer("burn_in")
  }

  static let streams = ["start"] + Trajectory.streams

  /// Chains that keep ln w.
  ///
  /// - Parameter isExact: whether the model is the target of the data itself.
  func simulation(_ model: Subject, _ data: MetricData, isExact: Bool) throws -> Simulation {
    let d = data.dimension
    let base = try Proposal(of: data.train, widening: 1, dimension: d)
    let constants = base.constants
    let energy = model.requiredEnergy
    let standardised: EnergyFunction = { energy(Proposal.point($0, constants)) }
    let trajectory = Trajectory(
      dimension: d, energy: standardised,
      score: { -gradient(of: { sum(standardised($0)) }, at: $0) },
      temperature: .scalar("temperature"))
    let start =
      direction == .forward
      ? [Double](repeating: 0, count: chainCount * d)
      : base.standardised(points(data, isExact: isExact))
    let ladder = Ladder(self, burnIn: direction == .reverse && !isExact ? burnIn : 0)
    let determinant = base.logDeterminant
    return Simulation(
      count: chainCount,
      [
        Simulation.Variable("x", [d], initial: .rows(start)), Simulation.Variable("log_weight"),
      ] + trajectory.variables, constants: constants, streams: Self.streams,
      [
        Simulation.Stage(repetitions: direction == .forward ? 1 : 0) {
          [Assignment("x", $0.random(.normal, "start", [d]))]
        },
        Simulation.Stage(step: trajectory.prepare),
        Simulation.Stage(repetitions: ladder.leapfrogCount, scalars: { ladder.scalars(at: $0) }) {
          chains in
          let gap = chains["energy"] - Proposal.standardEnergy(chains["x"])
          return trajectory.leapfrog(chains) + [
            Assignment(
              "log_weight", chains["log_weight"] - Tensor.scalar("temperature_step") * gap)
          ]
        },
        Simulation.Stage(scalars: { _ in [ScalarValue("log_determinant", determinant)] }) {
          // The normaliser in the data's coordinates; reverse weighs its reciprocal.
          [
            Assignment(
              "log_weight",
              direction == .forward
                ? $0["log_weight"] + .scalar("log_determinant")
                : $0["log_weight"] - .scalar("log_determinant"))
          ]
        },
      ])
  }

  /// Points of the model, or rows of the data to come to it from.
  private func points(_ data: MetricData, isExact: Bool) -> [Double] {
    var generator = data.generator
    if isExact, let target = data.target { return target.sample(chainCount, using: &generator) }
    let (d, rows) = (data.dimension, data.train)
    guard !rows.isEmpty else { return [Double](repeating: 0, count: chainCount * d) }
    return (0..<chainCount).flatMap { _ in
      let row = generator.index(below: rows.count / d)
      return rows[row * d..<(row + 1) * d]
    }
  }

  /// ln Z from the weights.
  func logNormaliser(_ result: SimulationResult) -> Double {
    let weights = result.values("log_weight")
    let mean = logSumExp(weights) - Real.log(Double(weights.count))
    return direction == .forward ? mean : -mean
  }

  /// (Σ w)²/Σ w².
  func effectiveSampleSize(_ result: SimulationResult) -> Double {
    let weights = result["log_weight"] ?? []
    return Real.exp(2 * logSumExp(weights) - logSumExp(weights.map { 2 * $0 }))
  }

  /// The standard deviation of the mean weight over the mean weight, which is that of ln Z to first order:
  /// √((1/ESS - 1/N) N/(N - 1)).
  func standardError(_ result: SimulationResult) -> Double {
    let n = Double(chainCount)
    return (max(n / effectiveSampleSize(result) - 1, 0) / (n - 1)).squareRoot()
  }

  func caution(_ result: SimulationResult) -> String? {
    let size = effectiveSampleSize(result)
    guard size < ImportanceSampling.fewestEffective else { return nil }
    return
      "the normaliser rests on \(size.roundedToTenths) effective weights of \(chainCount), and is not to "
      + "be relied on; use more temperatures or chains"
  }

  /// What the weights depend on, for metrics that share them.
  func name(isExact: Bool) -> String {
    "annealed importance sampling, \(direction), \(temperatures) x \(leapfrogs) of \(stepSize), "
      + "\(chainCount) after \(burnIn), \(isExact)"
  }

  /// Which temperature each leapfrog has.
  private struct Ladder: Sendable {
    let sampling: AnnealedImportanceSampling
    let burnIn: Int

    init(_ sampling: AnnealedImportanceSampling, burnIn: Int) {
      self.sampling = sampling
      self.burnIn = burnIn
    }

    var leapfrogCount: Int { (burnIn + sampling.temperatures) * sampling.leapfrogs }

    func scalars(at leapfrog: Int) -> [ScalarValue] {
      let step = leapfrog / sampling.leapfrogs - burnIn
      let isFirst = leapfrog % sampling.leapfrogs == 0
      let isForward = sampling.direction == .forward
      let count = Double(sampling.temperatures)
      let beta = step < 0 ? 1 : isForward ? Double(step + 1) / count : 1 - Double(step + 1) / count
      return Trajectory.scalars(
        at: leapfrog, leapfrogs: sampling.leapfrogs, stepSize: sampling.stepSize) + [
          ScalarValue("temperature", beta),
          ScalarValue(
            "temperature_step", step >= 0 && isFirst ? (isForward ? 1 : -1) / count : 0),
        ]
    }
  }
}

extension Metric {
  /// The log-likelihood of held-out rows with the normaliser by ``AnnealedImportanceSampling``.
  ///
  ///     -E E(x) - ln Ẑ
  ///
  /// - Parameters:
  ///   - sampling: direction, temperatures and transitions.
  ///   - isExact: whether the model is the target of the data itself.
  /// - Complexity: chains x temperatures x leapfrogs evaluations of the energy and its gradient.
  ///
  /// Reference: Neal, Statistics and Computing 11 (2001), eq. (3) to (11).
  static func annealedLogLikelihood(
    _ sampling: AnnealedImportanceSampling, isExact: Bool
  ) -> Metric {
    Metric(
      unit: "nat",
      "mean log-likelihood of held-out data, normaliser by \(sampling.direction) annealing, "
        + "too \(sampling.direction == .forward ? "high" : "low") on average",
      .simulations(
        MetricSimulations(
          shared: { [try sampling.simulation($0, $1, isExact: isExact)] },
          named: sampling.name(isExact: isExact), ofRows: { [energies($0, $1)] },
          reduce: { results in
            likelihood(results[1], logNormaliser: sampling.logNormaliser(results[0]))
          }, caution: { sampling.caution($0[0]) })), hindrance: unnormalisable)
  }

  /// The standard error that the weights of ``AnnealedImportanceSampling`` leave in ln Ẑ, and so in the
  /// log-likelihood; how far it is too high or too low on average is no part of it.
  ///
  ///     sd(w) / (mean(w) √N)
  ///
  /// - Parameters:
  ///   - sampling: direction, temperatures and transitions.
  ///   - isExact: whether the model is the target of the data itself.
  /// - Returns: nil for a single chain.
  /// - Complexity: that of ``annealedLogLikelihood(_:isExact:)``, done once where both are asked for.
  ///
  /// Reference: Neal, Statistics and Computing 11 (2001), section 4.
  static func annealedStandardError(
    _ sampling: AnnealedImportanceSampling, isExact: Bool
  ) -> Metric? {
    guard sampling.chainCount > 1 else { return nil }
    return Metric(
      unit: "nat", "standard error of the normaliser by \(sampling.direction) annealing",
      .simulations(
        MetricSimulations(
          shared: { [try sampling.simulation($0, $1, isExact: isExact)] },
          named: sampling.name(isExact: isExact), reduce: { sampling.standardError($0[0]) })),
      hindrance: unnormalisable)
  }
}
