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
    return row(
      setting.loss, "\(setting.dimension)", "\(setting.width)x\(setting.depth)",
      "\(setting.batch)", "\(setting.slices)", fixed(result.microsecondsPerStep, 1),
      fixed(result.gigaflops, 1), fixed(100 * result.fraction, 0) + " %",
      "\(result.arenaBytes / 1024)")
  }

  /// One line for programs.
  static func json(_ result: Benchmark.Result) -> String {
    let setting = result.setting
    return SettingValue.object([
      "loss": .text(setting.loss), "dimension": .number(Double(setting.dimension)),
      "width": .number(Double(setting.width)), "depth": .number(Double(setting.depth)),
      "batch": .number(Double(setting.batch)), "slices": .number(Double(setting.slices)),
      "microseconds_per_step": .number(result.microsecondsPerStep),
      "gigaflops": .number(result.gigaflops), "peak_gigaflops": .number(result.peakGigaflops),
      "fraction_of_peak": .number(result.fraction),
      "arena_bytes": .number(Double(result.arenaBytes)),
    ]).canonicalJSON + "\n"
  }

  private static func fixed(_ number: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", number)
  }

  private static func row(_ first: String, _ others: String...) -> String {
    let name = first.padding(toLength: 8, withPad: " ", startingAt: 0)
    let cells = others.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
    return name + cells.joined() + "\n"
  }
}
