import ArgumentParser
import Planning

/// `scoresweep validate`: whether an experiment file is sound.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks an experiment file without running it.",
    discussion: """
      Says how many trials it has, or every mistake in it with line and column and what to write \
      instead; the exit code is then 64.
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup(title: "Changes to the experiment")
  var changes: AmendmentOptions

  @Flag(help: "Print the mistakes as JSON on stdout.")
  var json = false

  func run() throws {
    let plan = try Mistakes.reported(asJSON: json) {
      try ExperimentFile(file).plan(changes.amendments)
    }
    let count = plan.trials.count
    Output.write(
      json
        ? "{\"diagnostics\":[],\"trials\":\(count)}\n"
        : "valid: \(count) trial\(count == 1 ? "" : "s")\n")
  }
}

/// Where the mistakes of an experiment file go.
enum Mistakes {
  /// Does something; with `asJSON`, the mistakes of the experiment file are data on stdout and not words
  /// on stderr.
  static func reported<Value>(asJSON: Bool, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let invalid as InvalidExperiment where asJSON {
      Output.write(invalid.json)
      throw Failure.invalidExperiment
    }
  }
}
