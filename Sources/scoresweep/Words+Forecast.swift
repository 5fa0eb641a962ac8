import Experiments
import Settings

extension Words {
  /// What is left of an experiment and what it will take, as the last lines of its plan.
  ///
  /// - Parameter isSelection: whether the plan is a selection of an experiment's trials, so that records of
  ///   others are no sign of an edit.
  static func forecast(
    _ forecast: Forecast, results path: String, isSelection: Bool = false
  ) -> String {
    var lines = [("results", results(forecast.counts, path: path, isSelection))]
    if forecast.counts.new > 0 {
      lines.append(("predicted", time(of: forecast)))
      lines.append(("memory", memory(of: forecast)))
      lines += forecast.unreadable.map { data in
        (
          "unreadable",
          "\(data.trialCount == 1 ? "1 trial" : "\(data.trialCount) trials"): \(data.reason)"
        )
      }
    }
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { name, words in
      name + String(repeating: " ", count: width - name.count + 2) + words + "\n"
    }.joined()
  }

  private static func results(_ counts: Forecast.Counts, path: String, _ isSelection: Bool)
    -> String
  {
    guard counts.done + counts.toMeasure + counts.failed + counts.stale > 0 else {
      return "none in \(path): all \(counts.new) are new"
    }
    var parts = ["\(counts.done) done"]
    if counts.failed > 0 { parts.append("\(counts.failed) failed") }
    if counts.toMeasure > 0 {
      parts.append("\(counts.toMeasure) to be measured by new metrics, without training")
    }
    parts.append("\(counts.new) new")
    if counts.stale > 0 {
      parts.append(
        isSelection
          ? "\(counts.stale) others" : "\(counts.stale) stale (no longer in the grid)")
    }
    return parts.joined(separator: ", ") + " in \(path)"
  }

  /// `about 31 s on 2 cores, at most 46 s since trials may stop early; 1 min 02 s of one core`.
  private static func time(of forecast: Forecast) -> String {
    let cores = forecast.jobs == 1 ? "one at a time" : "\(forecast.jobs) at a time"
    var words = "about \(duration(forecast.expected.wall)), \(cores)"
    if forecast.mayStopEarly {
      words += ", and at most \(duration(forecast.atMost.wall)): trials may stop early"
    }
    if forecast.measuringPart > 0.5 {
      let percent = Int((100 * forecast.measuringPart).rounded())
      words += ", of which sampling and metrics take \(percent) %"
    }
    if forecast.jobs > 1 { words += "; \(duration(forecast.expected.core)) of one core" }
    switch forecast.measuredTrials {
    case 0: break
    case 1: words += "; by the finished trial"
    case let count: words += "; by \(count) finished trials"
    }
    if forecast.sampledKinds < forecast.kinds {
      words +=
        "; by the arithmetic of \(forecast.sampledKinds) of \(forecast.kinds) kinds of trials"
    }
    if forecast.unknownTrials > 0 {
      words += "; without \(forecast.unknownTrials) whose data cannot be read"
    }
    return words
  }

  private static func memory(of forecast: Forecast) -> String {
    let largest = bytes(forecast.largestTrialBytes)
    let together = min(forecast.jobs, forecast.counts.new)
    let words =
      together == 1
      ? "\(largest) for the largest trial"
      : "\(bytes(forecast.bytes)) for \(together) of the largest trials at once, \(largest) for one"
    return words + (forecast.memoryBound.map { "; \(memoryBound($0))" } ?? "")
  }
}

extension ShardOfPlan {
  /// The shard as a member of a plan's JSON.
  var members: [SettingValue.Member] {
    [
      SettingValue.Member(
        "shard",
        .object([
          "number": .number(Double(shard.number)), "count": .number(Double(shard.count)),
          "share": .number(share), "trials_of_the_whole": .number(Double(wholeCount)),
        ]))
    ]
  }
}

extension Forecast {
  /// The forecast as members of a plan's JSON: `results` and `predicted`.
  func members(results path: String) -> [SettingValue.Member] {
    func number(_ value: Int) -> SettingValue { .number(Double(value)) }
    let counts = SettingValue.object([
      "path": .text(path), "done": number(counts.done), "failed": number(counts.failed),
      "to_measure": number(counts.toMeasure), "new": number(counts.new),
      "stale": number(counts.stale),
    ])
    let predicted = SettingValue.object([
      "jobs": number(jobs), "core_seconds": .number(expected.core),
      "wall_seconds": .number(expected.wall), "core_seconds_at_most": .number(atMost.core),
      "wall_seconds_at_most": .number(atMost.wall), "may_stop_early": .boolean(mayStopEarly),
      "measuring_part": .number(measuringPart), "measured_trials": number(measuredTrials),
      "kinds": number(kinds),
      "sampled_kinds": number(sampledKinds), "unknown_trials": number(unknownTrials),
      "unreadable": .list(
        unreadable.map {
          .object(["reason": .text($0.reason), "trials": number($0.trialCount)])
        }),
      "bytes": number(bytes), "largest_trial_bytes": number(largestTrialBytes),
      "trials_that_fit": number(memoryBound?.fitting ?? min(jobs, self.counts.new)),
    ])
    return [SettingValue.Member("results", counts), SettingValue.Member("predicted", predicted)]
  }
}
