import Planning
import Results
import ScoreMatching

/// How the results that are there meet a plan.
struct SweepStanding: Sendable {
  /// What there is of a trial; records by their places in what was loaded.
  enum State: Sendable, Equatable {
    /// It did all it was asked.
    case completed(record: Int)
    /// It ended otherwise.
    case failed(record: Int)
    /// It did all it was asked, but metrics are asked for now that it has not.
    case lacking(record: Int)
    /// There is no record of it.
    case waiting
  }

  /// The state of each trial, in the order of the plan.
  let states: [State]
  /// Records of trials that the plan has not.
  let staleCount: Int

  /// The standing of a runner's plan.
  ///
  /// A finished trial without a metric that is asked for now is measured again, at the parameters that
  /// were stored.
  init(of trials: [Trial], in records: [TrialRecord], _ runner: TrialRunner) {
    var known: [TrialID: Int] = Dictionary(minimumCapacity: records.count)  // looked up only
    for (place, record) in records.enumerated() {
      if let id = TrialID(record.id) { known[id] = place }
    }
    var metrics = MetricNames(runner)
    var found = 0
    states = trials.map { trial in
      guard let place = known[trial.id] else { return .waiting }
      found += 1
      guard records[place].outcome.status == .completed else { return .failed(record: place) }
      let isComplete = metrics.names(trial).allSatisfy { records[place].metric($0) != nil }
      return isComplete ? .completed(record: place) : .lacking(record: place)
    }
    staleCount = records.count - found
  }

  /// The trials to run from their beginning, by their places in the plan.
  func waiting(retryFailed: Bool) -> [Int] {
    states.indices.filter { place in
      switch states[place] {
      case .completed, .lacking: false
      case .failed: retryFailed
      case .waiting: true
      }
    }
  }

  /// The finished trials that are only to be measured, by their places in the plan, and their records.
  var lacking: [(trial: Int, record: Int)] {
    states.enumerated().compactMap { place, state in
      if case .lacking(let record) = state { (place, record) } else { nil }
    }
  }
}

/// The metrics that complete records have, found once for all trials that are alike.
private struct MetricNames {
  private struct Key: Hashable {
    var structure: TrialStructure
    var hasNoise: Bool
  }

  private let runner: TrialRunner
  private var known: [Key: [String]] = [:]

  init(_ runner: TrialRunner) { self.runner = runner }

  mutating func names(_ trial: Trial) -> [String] {
    let settings = trial.settings
    let key = Key(structure: TrialStructure(settings), hasNoise: settings.has("sigma"))
    if let names = known[key] { return names }
    let names = runner.metricNames(settings)
    known[key] = names
    return names
  }
}
