import Expressions
import Settings

/// The normaliser of an energy by importance sampling from a normal law q.
///
///     Z ≈ (1/N) Σ w_i,   w_i = exp(-E(x_i))/q(x_i),   x_i ~ q
///     effective sample size = (Σ w_i)²/Σ w_i²
///
/// A density without a normaliser has none here either: the metrics are then NaN, with the reason. Below 10
/// effective draws the trial says that the number is doubtful.
///
/// Z is unbiased and ln Z too low on average, by about 1/(2 ESS): the log-likelihood comes out too high
/// where few draws carry all weight, as they do in many dimensions. The sums run in logarithms, so that
/// none overflows.
///
/// Assumes an energy; q wider than the density in every direction. One evaluation of the energy a draw.
///
/// Reference: Owen, "Monte Carlo theory, methods and examples" (2013), eq. (9.3) and (9.13).
struct ImportanceSampling: Sendable {
  /// The law that is drawn from.
  enum Law: Sendable, Hashable {
    /// The mean of the training data, and their covariance with standard deviations times `widening`.
    case data(widening: Double)
    /// N(0, scale² I).
    case normal(scale: Double)
  }

  static let settings = [
    Setting(
      "draws", .integer(1...1_000_000_000), default: .number(100_000), "draws of the proposal"),
    Setting(
      "widening", .real(.positive), default: .number(1.2),
      "factor on the standard deviations of the proposal, a normal law with the mean and the "
        + "covariance of the training data"),
    Setting(
      "scale", .optional(.real(.positive)), default: .null, unit: "data units",
      "draw from a normal law around 0 of this standard deviation in place of the data's"),
  ]

  static let stream = "importance"
  /// Chains that share the draws.
  private static let chainLimit = 4096

  let law: Law
  /// Draws of each chain.
  let repetitions: Int
  let chainCount: Int

  init(_ settings: SettingValue) {
    let law: Law =
      settings.has("scale")
      ? .normal(scale: settings.real("scale")) : .data(widening: settings.real("widening"))
    self.init(law, draws: settings.integer("draws"))
  }

  init(_ law: Law, draws: Int) {
    self.law = law
    repetitions = (draws + Self.chainLimit - 1) / Self.chainLimit
    chainCount = (draws + repetitions - 1) / repetitions
  }

  /// Draws, at least as many as were asked for.
  var drawCount: Int { chainCount * repetitions }

  func proposal(_ data: MetricData) throws -> Proposal {
    switch law {
    case .normal(let scale): Proposal(scale: scale, dimension: data.dimension)
    case .data(let widening):
      try Proposal(of: data.train, widening: widening, dimension: data.dimension)
    }
  }

  /// Chains that keep ln Σ w and ln Σ w² of their draws.
  func simulation(_ model: Subject, _ data: MetricData) throws -> Simulation {
    let energy = model.requiredEnergy
    let proposal = try proposal(data)
    let constants = proposal.constants
    let d = data.dimension
    let determinant = [ScalarValue("log_determinant", proposal.logDeterminant)]
    return Simulation(
      count: chainCount,
      // A weight of 0: not -∞, whose difference from itself is no number.
      [
        Simulation.Variable("log_sum", initial: .fill(-1e300)),
        Simulation.Variable("log_square_sum", initial: .fill(-1e300)),
      ], constants: constants, streams: [Self.stream],
      [
        Simulation.Stage(repetitions: repetitions, scalars: { _ in determinant }) { chains in
          let u = chains.random(.normal, Self.stream, [d])
          let logWeight =
            Proposal.standardEnergy(u) + .scalar("log_determinant")
            - energy(Proposal.point(u, constants))
          return [
            Assignment("log_sum", logAddExp(chains["log_sum"], logWeight)),
            Assignment("log_square_sum", logAddExp(chains["log_square_sum"], 2 * logWeight)),
          ]
        }
      ])
  }

  func logNormaliser(_ result: SimulationResult) -> Double {
    logSumExp(result.values("log_sum")) - Real.log(Double(drawCount))
  }

  func effectiveSampleSize(_ result: SimulationResult) -> Double {
    Real.exp(
      2 * logSumExp(result.values("log_sum")) - logSumExp(result.values("log_square_sum")))
  }

  /// Effective draws below which a normaliser is said to be doubtful: its standard error is then about a
  /// third of it, and itself unknown.
  static let fewestEffective = 10.0

  func caution(_ result: SimulationResult) -> String? {
    let size = effectiveSampleSize(result)
    guard size < Self.fewestEffective else { return nil }
    return
      "the normaliser rests on \(size.roundedToTenths) effective draws of \(drawCount), and is not to be "
      + "relied on; draw more, change the widening, or use ais_log_likelihood"
  }

  /// What the draws depend on, for metrics that share them.
  var name: String { "importance sampling, \(law), \(chainCount) x \(repetitions)" }
}

extension Double {
  /// With one digit behind the point.
  var roundedToTenths: Double { (self * 10).rounded() / 10 }
}

extension Metric {
  /// The log-likelihood of held-out rows with the normaliser by ``ImportanceSampling``.
  ///
  ///     -E E(x) - ln Ẑ
  ///
  /// - Parameter sampling: draws and proposal.
  /// - Complexity: one evaluation of the energy for each draw and each row.
  ///
  /// Reference: Owen, "Monte Carlo theory, methods and examples" (2013), eq. (9.3).
  static func importanceLogLikelihood(_ sampling: ImportanceSampling) -> Metric {
    Metric(
      unit: "nat",
      "mean log-likelihood of held-out data, normaliser from \(sampling.drawCount) weighted draws",
      .simulations(
        MetricSimulations(
          shared: { [try sampling.simulation($0, $1)] }, named: sampling.name,
          ofRows: { [energies($0, $1)] },
          reduce: { results in
            likelihood(results[1], logNormaliser: sampling.logNormaliser(results[0]))
          }, caution: { sampling.caution($0[0]) })), hindrance: unnormalisable)
  }

  /// How many equally weighted draws the weighted ones of ``ImportanceSampling`` are worth.
  ///
  ///     (Σ w_i)²/Σ w_i²
  ///
  /// - Parameter sampling: draws and proposal.
  /// - Complexity: one evaluation of the energy for each draw.
  ///
  /// Reference: Owen, "Monte Carlo theory, methods and examples" (2013), eq. (9.13).
  static func importanceEffectiveSampleSize(_ sampling: ImportanceSampling) -> Metric {
    Metric(
      unit: "1", "effective sample size of \(sampling.drawCount) weighted draws",
      .simulations(
        MetricSimulations(
          shared: { [try sampling.simulation($0, $1)] }, named: sampling.name,
          reduce: { sampling.effectiveSampleSize($0[0]) })), hindrance: unnormalisable)
  }
}
