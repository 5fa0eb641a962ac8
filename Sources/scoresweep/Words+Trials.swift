import Experiments
import Foundation
import Results

extension Words {
  /// A trial by its place in the grid: `loss dsm, sigma 0.1, dimension 8, repeat 2`.
  static func place(of record: TrialRecord) -> String {
    let values = record.axes.compactMap { axis in axis.value.map { "\(axis.name) \($0)" } }
    return values.isEmpty ? record.id : values.joined(separator: ", ")
  }

  /// What happened to a trial that did not complete.
  static func failure(of record: TrialRecord) -> String {
    let message = record.outcome.message.isEmpty ? "" : ": \(record.outcome.message)"
    return
      "\(record.id.prefix(8)) (\(place(of: record))) \(record.outcome.status.rawValue)\(message)"
  }

  /// What a trial that completed says of itself.
  static func remark(of record: TrialRecord) -> String {
    "\(record.id.prefix(8)) (\(place(of: record))): \(record.outcome.message)"
  }

  /// The command that runs one failed trial again, and no other.
  ///
  /// - Parameter arguments: those of `run` that name the experiment and its results.
  static func command(repeating record: TrialRecord, _ arguments: [String]) -> String {
    let tests = record.axes.compactMap { axis in axis.value.map { "\(axis.name)=\($0)" } }
    return
      (["scoresweep", "run"] + arguments + tests.flatMap { ["--only", $0] } + ["--retry-failed"])
      .map(quoted).joined(separator: " ")
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "_-./:=,+@%".unicodeScalars.contains(scalar))
    }
    return isPlain && !word.isEmpty
      ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// What a shard has of the whole: `shard 2/3: 60 of 180 trials, 33 % of the arithmetic`.
  static func shard(_ part: ShardOfPlan) -> String {
    "shard \(part.shard): \(part.plan.trials.count) of \(trials(part.wholeCount)), "
      + "\(Int((100 * part.share).rounded())) % of the arithmetic"
  }

  /// The same as a line of a plan.
  static func shardLine(_ part: ShardOfPlan) -> String { shard(part) + "\n" }

  static func started(toRun: Int, toMeasure: Int = 0, done: Int) -> String {
    guard toRun + toMeasure > 0 else { return "all \(done) trials are done" }
    var parts: [String] = []
    if toRun > 0 { parts.append("running \(trials(toRun))") }
    if toMeasure > 0 {
      parts.append("measuring \(trials(toMeasure)) by new metrics, without training")
    }
    if done > 0 { parts.append("\(done) are done already") }
    return parts.joined(separator: "; ")
  }

  static func stale(_ count: Int, isDropped: Bool) -> String {
    let results = "results of \(trials(count)) that the experiment no longer has"
    return isDropped
      ? "\(results) are dropped when all others are done"
      : "\(results) are kept, marked as not planned; --drop-stale leaves them out"
  }

  static func suspects(_ count: Int) -> String {
    "the last run was brought down while \(count == 1 ? "this trial" : "these \(count) trials") ran: "
      + "\(count == 1 ? "it runs" : "they run") first, one at a time"
  }

  /// Why fewer trials than cores may run at once.
  static func memoryBound(_ bound: MemoryBound) -> String {
    let (largest, budget) = (bytes(bound.largestBytes), bytes(bound.budgetBytes))
    guard bound.largestBytes <= bound.budgetBytes else {
      return "memory bounds the run: the largest trial takes about \(largest), and \(budget) are "
        + "free; what is a tenth too large is not run, the rest alone"
    }
    return "memory bounds the run: the largest trials take about \(largest) each, and \(budget) "
      + "are free for \(bound.fitting) of them at once, not \(bound.jobs)"
  }

  /// Bytes as people say them: `640 MB`, `7.2 GB`.
  static func bytes(_ count: Int) -> String {
    guard count > 0 else { return "0 bytes" }
    let units = ["kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(count) / 1e3, 0)
    while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1e3, unit + 1) }
    return value < 9.95
      ? "\((value * 10).rounded() / 10) \(units[unit])"
      : "\(Int(value.rounded())) \(units[unit])"
  }

  /// The last line of a run.
  static func concluded(_ summary: SweepSummary, path: String, seconds: Double) -> String {
    var words = "\(summary.completed) of \(trials(summary.planned)) completed"
    if summary.failed > 0 {
      words += ", \(summary.failed) failed (--retry-failed runs them again)"
    }
    words += " in \(duration(seconds))"
    return summary.isComplete ? "\(words); results in \(path)" : words
  }

  private static func trials(_ count: Int) -> String {
    count == 1 ? "1 trial" : "\(count) trials"
  }

  /// Seconds as people say them: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "an unknown time" }
    if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(min(seconds.rounded(), 1e15))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    if whole < 172_800 { return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min" }
    return "\(whole / 86_400) days \(whole / 3600 % 24) h"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
