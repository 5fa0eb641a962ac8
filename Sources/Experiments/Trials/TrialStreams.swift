import Planning
import Randomness
import ScoreMatching
import Settings

/// The streams of random numbers that a trial draws from, and which settings each may depend on.
///
/// What does not depend on the loss is the same for all losses, so that they are compared on the same
/// draws.
public enum TrialStreams {
  private static let dataPaths = TrialData.dependencies
  private static let batchPaths = TrialData.dependencies + ["training.batch"]

  /// The rows of one part of the data: "train", "validation" or "test".
  static func data(_ part: String) -> StreamDescription {
    StreamDescription("data \(part)", dependingOn: dataPaths)
  }

  /// What reading and preparing a file of data draws.
  static let table = StreamDescription("data", dependingOn: dataPaths)

  /// The initial parameters.
  static let weights = StreamDescription(
    "weights", dependingOn: ["model", "dimension", "data.path", "repeat"])

  /// The order of the minibatches.
  static let batches = StreamDescription("batches", dependingOn: batchPaths)

  /// What a loss draws in training: projections, noise.
  static func loss(_ name: String) -> StreamDescription {
    StreamDescription(name, dependingOn: batchPaths)
  }

  /// The noise that a loss tells one part of the data from, the same at every step.
  static func contrast(_ part: String) -> StreamDescription {
    StreamDescription("noise beside data \(part)", dependingOn: dataPaths)
  }

  /// What a loss draws on validation data, the same at every evaluation.
  static func validation(_ name: String) -> StreamDescription {
    StreamDescription("validation \(name)", dependingOn: dataPaths)
  }

  /// The noise that metrics add to one part of the data.
  static func metric(_ part: String) -> StreamDescription {
    StreamDescription("metric noise \(part)", dependingOn: dataPaths)
  }

  /// Minibatches of one part of the data that a metric draws: their rows, or what the loss draws for them.
  static func variance(_ name: String, _ part: String) -> StreamDescription {
    StreamDescription("metric minibatches \(name) \(part)", dependingOn: batchPaths)
  }

  /// What a simulation of a metric draws, the same for every loss and model.
  static func simulation(_ name: String, _ part: String) -> StreamDescription {
    StreamDescription("metric simulation \(name) \(part)", dependingOn: dataPaths)
  }

  /// What a metric draws outside of programs: directions, points to start from.
  static func generator(_ part: String) -> StreamDescription {
    StreamDescription("metric generator \(part)", dependingOn: dataPaths)
  }

  /// Where the chains of a sampler start.
  static let samplerStart = StreamDescription("sampler start", dependingOn: dataPaths)

  /// What the steps of a sampler draw, the same for every loss and model.
  static func sampler(_ name: String) -> StreamDescription {
    StreamDescription("sampler \(name)", dependingOn: dataPaths)
  }

  /// What the steps of a likelihood's ascent simulate, the same for every loss and estimator.
  static let simulations = StreamDescription("simulations", dependingOn: dataPaths)

  /// What is simulated for the Fisher information.
  static let information = StreamDescription("information", dependingOn: dataPaths)

  /// The initial weights of a network that estimates a Fisher score.
  static let estimatorWeights = StreamDescription(
    "estimator weights", dependingOn: ["estimator", "dimension", "repeat"])

  /// All streams of a trial.
  public static func of(_ trial: Trial) -> [StreamDescription] {
    let settings = trial.settings
    if let ascent = LikelihoodAscent(settings) {
      return [data("train"), simulations] + (ascent.informationCount == nil ? [] : [information])
        + (ascent.network == nil ? [] : [estimatorWeights])
    }
    let hasTarget = Targets.make(settings) != nil
    var streams = hasTarget ? ["train", "validation", "test"].map(data) : [table]
    if let loss = TrainingLoss(settings) {
      let isClosed = settings["fit.type"] == .text(ClosedForm.declaration.name)
      streams += isClosed ? [] : [weights]
      streams += settings.has("training") ? [batches] : []
      streams += loss.streams.map(Self.loss)
      streams += loss.contrast == nil ? [] : [contrast("train"), contrast("validation")]
    }
    return streams
  }
}

extension Trial {
  /// The key of one of its streams.
  func key(_ stream: StreamDescription) -> StreamKey {
    StreamKey(bits: streamKey(stream.purpose, dependingOn: stream.paths))
  }
}
