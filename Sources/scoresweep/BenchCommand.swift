import ArgumentParser
import Experiments
import Settings

/// `scoresweep bench`: how fast training steps are on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times training steps on one core.",
    discussion: """
      Step times, the rate of the step's matrix products and what fraction of the measured peak of the \
      fused multiply-add units that is. Clocks drift: compare fractions and ratios, not rates.
      """)

  @Option(
    help: ArgumentHelp("About how long to measure each setting.", valueName: "seconds"))
  var duration = 1.0

  @Flag(help: "Print the numbers as JSON, one object per line.")
  var json = false

  func validate() throws {
    guard duration > 0 else {
      throw ValidationError("--duration must be above 0 seconds, not \(duration)")
    }
  }

  func run() throws {
    let benchmark = Benchmark()
    if !json { Output.write(BenchmarkText.header) }
    for setting in Benchmark.Setting.standard {
      let result = try benchmark.run(setting, duration: duration)
      Output.write(json ? BenchmarkText.json(result) : BenchmarkText.line(result))
    }
  }
}
