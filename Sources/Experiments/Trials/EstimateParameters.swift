import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

extension TrialRunner {
  /// Estimates a simulator's parameters and measures the estimate; false where it was stopped.
  func estimate(
    _ ascent: LikelihoodAscent, _ trial: Trial, _ data: TrialData, _ deadline: Deadline,
    _ record: inout TrialRecord
  ) throws -> Bool {
    let p = ascent.simulator.parameterCount
    let hasIntervals = ascent.informationCount != nil
    record.parameterCount = p
    record.architecture = "simulator-\(p)" + (hasIntervals ? "-intervals" : "")
    record.architectureAttributes = [
      Attribute("simulator", .text(trial.settings.text("data.type"))),
      Attribute("parameters", .integer(p)),
    ]
    let estimation = estimation(ascent, trial, deadline)
    let values: [[Double]]
    if let trained = deadline.progress.earlier?.trained,
      trained.parameters.count == (hasIntervals ? 3 : 1)
    {
      values = trained.fill(&record).parameters
    } else {
      let session = try AscentSession(ascent, trial, data, estimation, programs)
      try session.train(until: deadline, &record)
      var found = [session.estimate]
      if let count = ascent.informationCount, let estimation {
        found += try intervals(
          around: session.estimate, simulations: count, ascent, trial, estimation, &record)
      }
      values = found
      let trained = TrainedState(values, [], record)
      deadline.progress.note { ($0.trained, $0.ascent) = (trained, nil) }
      deadline.progress.keepNowAndThen { _ in }
    }
    let errorName = ScoreMatching.Metric.standardErrorName(LikelihoodAscent.parameterName)
    let arrays = [
      (LikelihoodAscent.parameterName, [p]), (errorName, [p]),
      (LikelihoodAscent.informationName, [p, p]),
    ]
    record.parameters = zip(arrays, values).map { array, numbers in
      NamedArray(array.0, shape: array.1, values: .float64(numbers))
    }
    try measure(values, trial, data, estimation, deadline, &record)
    return true
  }

  /// How the trial's loss estimates scores; nil for one that estimates none.
  private func estimation(
    _ ascent: LikelihoodAscent, _ trial: Trial, _ deadline: Deadline
  ) -> FisherScoreEstimation? {
    guard case .fisherScore(let matching, _) = ascent.method else { return nil }
    return FisherScoreEstimation(
      matching: matching, simulator: ascent.simulator, network: ascent.network,
      weights: trial.key(TrialStreams.estimatorWeights), programs: programs,
      checkpoint: deadline.check)
  }

  /// Standard errors and Fisher information at an estimate, by three parts of the simulations: one for each
  /// of two scores, and one that their product is averaged over. NaN where the ascent has not ended well, or
  /// time is up.
  private func intervals(
    around theta: [Double], simulations count: Int, _ ascent: LikelihoodAscent, _ trial: Trial,
    _ estimation: FisherScoreEstimation, _ record: inout TrialRecord
  ) throws -> [[Double]] {
    let p = theta.count
    let none = [Double](repeating: .nan, count: p)
    let unknown = [none, [Double](repeating: .nan, count: p * p)]
    guard record.outcome.status == .completed else { return unknown }
    var generator = RandomGenerator(trial.key(TrialStreams.information))
    let part = count / 3
    let information: [Double]
    do {
      let scores = try (0..<2).map { _ in
        try estimation.score(around: theta, simulations: part, using: &generator)
      }
      var rows: [Double] = []
      for number in 0..<part {
        if number % 1000 == 999 { try estimation.checkpoint() }
        rows += ascent.simulator.draw(at: theta, using: &generator)
      }
      information = FisherInformation.estimate(
        try scores[0].ofRows(rows), try scores[1].ofRows(rows), parameterCount: p)
    } catch is TrialTimedOut {
      record.outcome = Outcome(
        .timedOut, message: "stopped at the limit of time before the Fisher information was known")
      return unknown
    }
    let errors = FisherInformation.standardErrors(
      information, parameterCount: p, observations: ascent.observationCount)
    guard let errors else {
      record.outcome = Outcome(
        .diverged,
        message: "the estimated Fisher information is not positive definite; give "
          + "information.simulations a larger number, or use another sigma")
      return [none, information]
    }
    return [errors, information]
  }

  /// Computes the experiment's metrics of an estimate; at the limit of time those alone that simulate
  /// nothing.
  private func measure(
    _ values: [[Double]], _ trial: Trial, _ data: TrialData,
    _ estimation: FisherScoreEstimation?, _ deadline: Deadline, _ record: inout TrialRecord
  ) throws {
    let source = estimation.map { estimation -> FisherScoreSource in
      { try estimation.score(around: $0, simulations: $1, using: &$2) }
    }
    let given = MetricData(
      dimension: data.dimension, train: data.train, heldOut: [], fisherScores: source,
      generator: RandomGenerator(trial.key(TrialStreams.generator("test"))),
      checkpoint: deadline.check)
    var isLate = false
    for item in items(trial.settings, nil) {
      if deadline.isStopped { throw TrialStopped() }
      var remark: String?
      let value: Double
      do {
        value = try known(item, "test", deadline.progress, &remark) { _ in
          switch item.metric.quantity {
          case .closedForm(_, let body): return body(values)
          case .data(_, let reduce):
            try deadline.check()
            return try reduce(given)
          case .mean, .rows, .minibatches, .simulations:
            preconditionFailure("\(item.name) is no metric of a simulator's parameters")
          }
        }
      } catch is TrialTimedOut {
        isLate = true
        continue
      }
      record.metrics.append(
        Results.Metric(
          item.name, value, unit: item.metric.unit, longName: item.metric.longName))
      if record.outcome.status == .completed, !value.isFinite {
        record.outcome = Outcome(.diverged, message: "the metric \(item.name) is \(value)")
      }
    }
    if isLate { throw TrialTimedOut() }
  }
}
