import Expressions
import Randomness
import Settings

/// A method that draws points from a density by moving chains, one point from each.
///
/// A file of `Samplers` has the mathematics as a function and a sampler that gives it what the settings
/// say; ``Samplers/all`` lists them. Every simulation has the variable `x`, the points; one that
/// accepts or rejects counts in `acceptance` how often each chain accepted.
public protocol Sampler: Sendable {
  /// Its name in an experiment file and its settings.
  static var declaration: Variant { get }

  /// The sampler that its settings describe.
  init(_ settings: SettingValue)

  /// What it shares with the others.
  var chains: SamplerChains { get }
  /// What the density must have.
  var need: SamplerNeed { get }
  /// How many proposals each chain accepts or rejects; 0 for a method that accepts all.
  var proposalCount: Int { get }

  /// The chains that start at x, row-major [count, d].
  func simulation(of density: Subject, from x: [Double]) -> Simulation
}

/// What a sampler asks of a density.
public enum SamplerNeed: Sendable, Hashable {
  /// The score.
  case score
  /// An energy whose score it is.
  case energy
  /// The score at any noise scale.
  case noisyScore
}

/// The samplers that an experiment can name.
public enum Samplers {
  /// Every sampler, in the order of documentation.
  public static let all: [any Sampler.Type] = [
    UnadjustedLangevin.self, MetropolisAdjustedLangevin.self, HamiltonianMonteCarlo.self,
    AnnealedLangevin.self, PredictorCorrector.self,
    ProbabilityFlowSampler.self,
  ]

  /// The declaration of `sampler` at the top of a trial.
  static let setting = Setting(
    "sampler", .optional(.variant(all.map { $0.declaration })), default: .null,
    "how points are drawn from the model, for the metrics of samples")

  /// The noise scales of the sampler that a trial names; nil where it has none.
  ///
  /// - Parameters:
  ///   - trial: the complete settings of a trial.
  ///   - rows: the training data, row-major, for scales that are left to them.
  ///   - dimension: the number of coordinates.
  static func scales(
    _ trial: SettingValue, rows: [Double] = [], dimension: Int = 1
  ) -> NoiseRange? {
    guard let settings = trial["sampler"], settings["sigma_max"] != nil else { return nil }
    return NoiseRange(settings, trial: trial, rows: rows, dimension: dimension)
  }

  /// The sampler that a trial names; nil where it names none.
  ///
  /// - Parameters:
  ///   - trial: the complete settings of a trial.
  ///   - rows: the training data, row-major; none where only the size of its simulation is asked for.
  ///   - dimension: the number of coordinates.
  public static func make(
    _ trial: SettingValue, rows: [Double] = [], dimension: Int = 1
  ) -> (any Sampler)? {
    guard trial.has("sampler"), var settings = trial["sampler"] else { return nil }
    if let range = scales(trial, rows: rows, dimension: dimension) {
      for end in range.scalars { settings.set([end.name], to: .number(end.value)) }
    }
    let name = trial.text("sampler.type")
    guard let type = all.first(where: { $0.declaration.name == name }) else {
      preconditionFailure("sampler.type: \(name) is not declared")
    }
    return type.init(settings)
  }
}

/// Points that a sampler drew.
public struct Samples: Sendable {
  /// The points, row-major [n, d].
  public let points: [Double]
  /// The number of coordinates, d.
  public let dimension: Int
  /// The fraction of proposals that were accepted; nil for a method that accepts all.
  public let acceptance: Double?

  /// Points, row-major [n, d].
  public init(_ points: [Double], dimension: Int, acceptance: Double? = nil) {
    self.points = points
    self.dimension = dimension
    self.acceptance = acceptance
  }

  /// What a simulation of a sampler ended with.
  public init(_ result: SimulationResult, of sampler: any Sampler, dimension: Int) {
    let accepted = result["acceptance"].map { counts in
      counts.reduce(0, +) / Double(max(counts.count * sampler.proposalCount, 1))
    }
    self.init(result.values("x"), dimension: dimension, acceptance: accepted)
  }

  /// Their number, n.
  public var count: Int { points.count / dimension }

  /// Points with a coordinate that is infinite or not a number.
  public var lostCount: Int {
    (0..<count).count { row in
      !points[row * dimension..<(row + 1) * dimension].allSatisfy(\.isFinite)
    }
  }
}
