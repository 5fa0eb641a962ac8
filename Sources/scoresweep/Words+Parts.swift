import Experiments
import Planning
import Results

extension Words {
  /// What a merge found before it writes: every line names trials by their places on the axes.
  static func findings(of merge: PartsMerge) -> [String] {
    var lines = merge.corruptSegments.map { corruptSegment($0.path, reason: $0.reason) }
    lines += merge.mixedOrigins.map {
      "the parts have several values of \($0.name): \($0.value); their numbers may differ in the last bits"
    }
    if !merge.missing.isEmpty {
      lines.append("missing: \(merge.missing.count) of \(merge.plan.trials.count) trials")
      lines += shown(merge.missing) { "  " + place(of: merge.plan.trials[$0], in: merge.plan) }
    }
    let conflicts = merge.conflicts
    if !conflicts.isEmpty {
      lines.append("conflicting: \(conflicts.count) of \(merge.plan.trials.count) trials")
      var places: [String: Int] = [:]  // looked up only
      for (number, trial) in merge.plan.trials.enumerated() {
        places[trial.id.description] = number
      }
      lines += shown(conflicts) { conflict in
        let trial = places[conflict.id].map { place(of: merge.plan.trials[$0], in: merge.plan) }
        return "  \(trial ?? conflict.id): \(conflict.files.joined(separator: " and ")) have "
          + list(conflict.differences)
      }
    }
    return lines
  }

  /// The first ten of some things, and how many more there are.
  private static func shown<Thing>(_ things: [Thing], _ words: (Thing) -> String) -> [String] {
    let more = things.count - 10
    return things.prefix(10).map(words) + (more > 0 ? ["  and \(more) more"] : [])
  }

  private static func list(_ differences: [RecordDifference]) -> String {
    let more = differences.count - 3
    return differences.prefix(3).map(\.description).joined(separator: ", ")
      + (more > 0 ? ", and \(more) more differences" : "")
  }

  /// A trial by its place in the grid and the beginning of its identity.
  private static func place(of trial: Trial, in plan: Plan) -> String {
    let values = plan.place(of: trial).compactMap { axis in
      axis.value.map { "\(axis.name) \($0)" }
    }
    return "\(trial.id.description.prefix(8)) (\(values.joined(separator: ", ")))"
  }

  static func merged(_ merge: PartsMerge, parts: Int, path: String) -> String {
    let count = merge.plan.trials.count
    var words =
      "\(count - merge.missing.count) of \(count) trials from \(parts) "
      + "part\(parts == 1 ? "" : "s")"
    if merge.failedCount > 0 { words += ", \(merge.failedCount) of them failed" }
    if !merge.duplicates.isEmpty {
      words += ", \(merge.duplicates.count) in several parts and alike"
    }
    if merge.unplannedCount > 0 {
      words += ", beside \(merge.unplannedCount) no longer in the grid"
    }
    return words + "; results in \(path)"
  }

  static func words(for refusal: PartsRefusal) -> String {
    switch refusal {
    case .noResults(let path):
      "scoresweep: \(path): no results there"
    case .noExperiment:
      "scoresweep: no part says its plan: all are runs that have not ended; --experiment FILE gives it"
    case .severalExperiments(let named):
      "scoresweep: these are results of several experiments: "
        + named.map { "\($0.path) of \"\($0.name)\"" }.joined(separator: ", ")
    case .differingPlans(let path, let other, let unknown):
      "scoresweep: \(path) and \(other) have differing plans: \(unknown) trials of the first are unknown "
        + "to the second, and the other way about; --experiment FILE gives a plan of both"
    case .foreignTrials(let path, let experiment):
      "scoresweep: \(path): none of its trials is in the plan of \"\(experiment)\""
    }
  }

  /// A trial that was run again and gave other bits.
  static func difference(_ comparison: Verification.Comparison) -> String {
    let message = comparison.repeated.outcome.message
    return
      "\(comparison.stored.id.prefix(8)) (\(place(of: comparison.stored))): the file and this run have "
      + list(comparison.differences)
      + (message.isEmpty || comparison.repeated.outcome.status == .completed ? "" : "; \(message)")
  }

  static func verified(_ count: Int, differing: Int, of finished: Int) -> String {
    let again = "\(count) of \(finished) finished trial\(finished == 1 ? "" : "s") run again: "
    return again + (differing == 0 ? "every bit is the same\n" : "\(differing) differ\n")
  }

  /// Why numbers may differ: what made the file, where that is not what runs now.
  static func reasons(_ stored: StoredExperiment, _ now: [(name: String, value: String)])
    -> [String]
  {
    ["isa", "scoresweep_version", "git_commit", "swift_version", "cpu_model"].compactMap { name in
      guard case .text(let then)? = stored.attributes.first(where: { $0.name == name })?.value,
        let value = now.first(where: { $0.name == name })?.value, value != then
      else { return nil }
      return "\(name) was \(then) and is \(value)"
        + (name == "isa" ? ": numbers are the same on one instruction set only" : "")
    }
  }
}
