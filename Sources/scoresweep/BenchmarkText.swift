import Experiments
import Foundation
import Settings

/// How the results of the benchmark are written.
enum BenchmarkText {
  /// The first line.
  static var header: String {
    row("loss", "d", "hidden", "batch", "slices", "us/step", "GFLOP/s", "of peak", "arena KiB")
  }

  /// One line for people.
  static func line(_ result: Benchmark.Result) -> String {
    let setting = result.setting
    let unusual =
      [setting.precision == .float32 ? nil : setting.precision.rawValue]
      + [setting.model == "score-mlp" ? nil : setting.model]
      + [result.cores == 1 ? nil : "\(result.cores) cores"]
    return row(
      setting.loss, "\(setting.dimension)", "\(setting.width)x\(setting.depth)",
      "\(setting.batch)", "\(setting.slices)", fixed(result.microsecondsPerStep, 1),
      fixed(result.gigaflops, 1), fixed(100 * result.fraction, 0) + " %",
      "\(result.arenaBytes / 1024)", suffix: unusual.compactMap { $0 }.joined(separator: ", "))
  }

  /// Where the time goes: by primitive, then instruction by instruction.
  static func profile(_ profile: Benchmark.StepProfile) -> String {
    let entries = profile.entries
    let total = entries.reduce(0) { $0 + $1.nanoseconds }
    let primitives = Dictionary(grouping: entries, by: \.primitive).map { primitive, entries in
      (
        name: primitive, nanoseconds: entries.reduce(0) { $0 + $1.nanoseconds },
        operations: entries.reduce(0) { $0 + $1.operations }, count: entries.count
      )
    }
    var text = "  time by primitive, \(profile.runs) steps\n"
    for part in primitives.sorted(by: { ($1.nanoseconds, $0.name) < ($0.nanoseconds, $1.name) }) {
      text += profileLine(
        part.nanoseconds, of: total, part.operations, "\(part.name), \(part.count) instructions")
    }
    text += "  instructions, those of the tile loop marked |\n"
    for entry in entries where entry.nanoseconds >= 0.002 * total {
      let mark = entry.isTiled ? "| " : "  "
      text += profileLine(
        entry.nanoseconds, of: total, entry.operations, mark + String(entry.text.prefix(110)))
    }
    return text
  }

  private static func profileLine(
    _ nanoseconds: Double, of total: Double, _ operations: Int, _ text: String
  ) -> String {
    let rate = operations > 0 ? fixed(Double(operations) / nanoseconds, 1) + " GFLOP/s" : ""
    return "  " + right(fixed(nanoseconds / 1000, 2), 10) + " us"
      + right(fixed(100 * nanoseconds / total, 1), 6) + " %" + right(rate, 16) + "  " + text + "\n"
  }

  /// What the scheduler costs.
  static func scheduler(_ microseconds: Double, json: Bool) -> String {
    guard json else {
      return "\(fixed(microseconds, 2)) us of CPU a trial, 100000 empty trials on 64 workers\n"
    }
    return SettingValue.object(["scheduler_microseconds_per_trial": .number(microseconds)])
      .canonicalJSON + "\n"
  }

  /// One line for programs.
  static func json(_ result: Benchmark.Result) -> String {
    let setting = result.setting
    func number(_ name: String, _ value: Double) -> SettingValue.Member {
      SettingValue.Member(name, .number(value))
    }
    var members = [
      SettingValue.Member("loss", .text(setting.loss)),
      SettingValue.Member("model", .text(setting.model)),
      SettingValue.Member("precision", .text(setting.precision.rawValue)),
      number("dimension", Double(setting.dimension)), number("width", Double(setting.width)),
      number("depth", Double(setting.depth)), number("batch", Double(setting.batch)),
      number("slices", Double(setting.slices)), number("cores", Double(result.cores)),
      number("microseconds_per_step", result.microsecondsPerStep),
      number("gigaflops", result.gigaflops), number("peak_gigaflops", result.peakGigaflops),
      number("fraction_of_peak", result.fraction),
      number("arena_bytes", Double(result.arenaBytes)),
    ]
    if let profile = result.profile {
      let entries = profile.entries.map { entry in
        SettingValue.object([
          "primitive": .text(entry.primitive), "instruction": .text(entry.text),
          "microseconds": .number(entry.nanoseconds / 1000),
          "operations": .number(Double(entry.operations)),
        ])
      }
      members.append(SettingValue.Member("profile", .list(entries)))
    }
    return SettingValue.object(members.sorted { $0.name < $1.name }).canonicalJSON + "\n"
  }

  private static func fixed(_ number: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", number)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func row(_ first: String, _ others: String..., suffix: String = "") -> String {
    let name = first.padding(toLength: 8, withPad: " ", startingAt: 0)
    let cells = others.map { right($0, max(10, $0.count + 1)) }
    return name + cells.joined() + (suffix.isEmpty ? "" : "  " + suffix) + "\n"
  }
}
