import Randomness

/// The simulations that a metric is made of, and what is made of them.
public struct MetricSimulations: Sendable {
  /// Simulations of a model, given rows; an error says why there are none.
  public typealias Description = @Sendable (Subject, MetricData) throws -> [Simulation]

  /// What is the same for every part of the data, and run once: a normaliser.
  public let shared: Description
  /// What depends on the held-out rows.
  public let ofRows: Description
  /// The metric, of the results in this order.
  public let reduce: @Sendable ([SimulationResult]) -> Double
  /// What the `shared` simulations are, the same for all metrics that have the same ones: they are run
  /// once for all of these. Nil where no other metric has them.
  public let sharedName: String?
  /// What makes the number doubtful, a clause with what to do; nil where nothing does.
  public let caution: @Sendable ([SimulationResult]) -> String?

  /// Simulations and what is made of their results, those of `shared` first.
  public init(
    shared: @escaping Description = { _, _ in [] }, named sharedName: String? = nil,
    ofRows: @escaping Description = { _, _ in [] },
    reduce: @escaping @Sendable ([SimulationResult]) -> Double,
    caution: @escaping @Sendable ([SimulationResult]) -> String? = { _ in nil }
  ) {
    self.shared = shared
    self.sharedName = sharedName
    self.ofRows = ofRows
    self.reduce = reduce
    self.caution = caution
  }
}

/// What a metric may know beside the model.
public struct MetricData: Sendable {
  /// The number of coordinates, d.
  public let dimension: Int
  /// The training data, row-major; none where only the size of a simulation is asked for.
  public let train: [Double]
  /// The held-out data that are measured on, row-major.
  public let heldOut: [Double]
  /// The distribution of the data, nil where it is not known.
  public let target: (any Target)?
  /// What the trial's sampler drew, nil without one.
  public let samples: Samples?
  /// What estimates Fisher scores as the trial's loss does; nil for one that estimates none.
  public let fisherScores: FisherScoreSource?
  /// A generator of the metric's own draws, at its beginning.
  public let generator: RandomGenerator
  /// Called many times a second by what takes long; throws where the metric is to be given up.
  public let checkpoint: @Sendable () throws -> Void

  /// Rows, samples and a generator.
  public init(
    dimension: Int, train: [Double], heldOut: [Double], target: (any Target)? = nil,
    samples: Samples? = nil, fisherScores: FisherScoreSource? = nil, generator: RandomGenerator,
    checkpoint: @escaping @Sendable () throws -> Void = {}
  ) {
    self.dimension = dimension
    self.train = train
    self.heldOut = heldOut
    self.target = target
    self.samples = samples
    self.fisherScores = fisherScores
    self.generator = generator
    self.checkpoint = checkpoint
  }

  /// What the sampler drew, for metrics that exist for trials with one alone.
  var requiredSamples: Samples {
    guard let samples else { preconditionFailure("metric: the trial has no sampler") }
    return samples
  }

  /// Held-out rows.
  public var rowCount: Int { heldOut.count / dimension }
}

/// Why a metric could not be computed, a sentence.
public struct MetricError: Error, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String
}
