import Experiments
import Planning
import Results
import Settings

/// How far a sweep is.
struct SweepStatus {
  private let name: String
  private let planned: Int
  private let completed: [TrialRecord]
  private let failed: [TrialRecord]
  private let forecast: Forecast
  /// The arguments of `run` that name the experiment and its results.
  private let arguments: [String]

  /// What the store has of a plan's trials, and what is left of them.
  init(
    _ plan: Plan, _ loaded: LoadedResults, _ forecast: Forecast, arguments: [String]
  ) {
    self.arguments = arguments
    let ids = Set(plan.trials.map(\.id.description))
    let records = loaded.records.filter { ids.contains($0.id) }
    name = plan.experiment.name
    planned = plan.trials.count
    completed = records.filter { $0.outcome.status == .completed }
    failed = records.filter { $0.outcome.status != .completed }
    self.forecast = forecast
  }

  private var waiting: Int { forecast.counts.new }
  private var toMeasure: Int { forecast.counts.toMeasure }

  /// The time that the waiting trials will take on one core; nil where nothing is known.
  private var secondsLeft: Double? {
    waiting > forecast.unknownTrials ? forecast.expected.core : nil
  }

  /// The status for people.
  var text: String {
    var lines = [
      "\(name): \(forecast.counts.done) done, \(failed.count) failed, \(waiting) waiting"
        + (toMeasure > 0 ? ", \(toMeasure) to be measured by new metrics" : "") + " of \(planned)"
    ]
    if let secondsLeft {
      lines.append("about \(Words.duration(secondsLeft)) of one core left")
    }
    lines += section("failed", failed) {
      "\(Words.failure(of: $0))\n    again: \(Words.command(repeating: $0, arguments))"
    }
    lines += section("remarks", completed.filter { !$0.outcome.message.isEmpty }) {
      Words.remark(of: $0)
    }
    let slowest = completed.filter(\.seconds.isFinite)
      .sorted { ($1.seconds, $0.id) < ($0.seconds, $1.id) }
    lines += section("slowest", slowest) {
      "\(Words.duration($0.seconds))  \(Words.place(of: $0))"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(
    _ title: String, _ records: [TrialRecord], _ words: (TrialRecord) -> String
  ) -> [String] {
    let shown = 5
    guard !records.isEmpty else { return [] }
    let more = records.count - shown
    return ["\(title):"] + records.prefix(shown).map { "  " + words($0) }
      + (title != "slowest" && more > 0 ? ["  and \(more) more"] : [])
  }

  /// The status for programs.
  var json: String {
    let failures = failed.map { record in
      SettingValue.object([
        "id": .text(record.id), "status": .text(record.outcome.status.rawValue),
        "message": .text(record.outcome.message),
        "again": .text(Words.command(repeating: record, arguments)),
      ])
    }
    return SettingValue.object([
      "name": .text(name), "planned": .number(Double(planned)),
      "completed": .number(Double(forecast.counts.done)), "failed": .number(Double(failed.count)),
      "waiting": .number(Double(waiting)),
      "to_measure": .number(Double(toMeasure)), "failures": .list(failures),
      "core_seconds_left": secondsLeft.map { .number($0) } ?? .null,
    ]).canonicalJSON + "\n"
  }
}
