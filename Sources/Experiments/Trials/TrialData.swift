import Planning
import Randomness
import ScoreMatching
import Settings

/// The data of one trial in Double, row-major.
struct TrialData: Sendable {
  let dimension: Int
  /// The distribution, nil where it is not known.
  let target: (any Target)?
  let train: [Double]
  let validation: [Double]
  let test: [Double]

  /// The settings that the data depend on.
  static let dependencies = ["data", "dimension", "repeat"]

  /// Draws or reads the data that a trial's settings name.
  ///
  /// - Throws: ``TrialFailure`` where a file cannot be read or does not hold what is needed.
  init(_ trial: Trial, files: DataFiles) throws(TrialFailure) {
    let settings = trial.settings
    guard let target = Targets.make(settings) else {
      self =
        if let ascent = LikelihoodAscent(settings) {
          TrialData(observedIn: trial, ascent)
        } else { try TrialData(table: trial, files: files) }
      return
    }
    self.target = target
    dimension = target.dimension
    func draw(_ part: String) -> [Double] {
      var generator = RandomGenerator(trial.key(TrialStreams.data(part)))
      return target.sample(settings.integer("data.\(part)"), using: &generator)
    }
    train = draw("train")
    validation = draw("validation")
    test = draw("test")
  }

  /// Observations of a simulator at its true parameters, all of them to learn from.
  private init(observedIn trial: Trial, _ ascent: LikelihoodAscent) {
    var generator = RandomGenerator(trial.key(TrialStreams.data("train")))
    target = nil
    dimension = ascent.simulator.dimension
    train = ascent.simulator.draw(
      ascent.observationCount, at: ascent.truth, using: &generator)
    (validation, test) = ([], [])
  }

  private init(table trial: Trial, files: DataFiles) throws(TrialFailure) {
    var generator = RandomGenerator(trial.key(TrialStreams.table))
    let table = TableData(trial.settings["data"] ?? .null)
    let bytes = try files.bytes(of: table.path)
    let data: TableData.Prepared
    do {
      let rows =
        if case .hdf5(let dataset) = table.format {
          try table.table(ofDataset: dataset, in: bytes)
        } else {
          try table.table(in: bytes)
        }
      data = try table.prepare(rows, using: &generator)
    } catch {
      throw TrialFailure("\(table.path): \(error)")
    }
    target = nil
    dimension = data.dimension
    train = data.train
    validation = data.validation
    test = data.test
  }
}

/// Why a trial could not be run: a sentence for the researcher.
struct TrialFailure: Error, Equatable {
  let message: String

  init(_ message: String) { self.message = message }
}
