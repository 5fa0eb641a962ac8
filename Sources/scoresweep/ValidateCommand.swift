import ArgumentParser
import Experiments
import Foundation
import Planning
import Results
import Settings

/// `scoresweep validate`: whether an experiment file or a results file is sound.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks an experiment file without running it, or a results file.",
    discussion: """
      Of an experiment it says how many trials it has, or every mistake in it with line and column and \
      what to write instead; the exit code is then 64. Of a results file it checks groups, columns, \
      dimension scales, lengths, identities, the plan's hash and the digest beside it, and says what is \
      wrong; the exit code is then 2.
      """)

  @Argument(
    help: "The experiment file or the results file.", completion: .file(extensions: ["json", "h5"]))
  var file: String

  @OptionGroup(title: "Changes to the experiment")
  var changes: AmendmentOptions

  @Flag(help: "Print the mistakes as JSON on stdout.")
  var json = false

  func run() throws {
    if LoadedFile.isResults(file) { return try checkResults() }
    let plan = try Mistakes.reported(asJSON: json) {
      try ExperimentFile(file).plan(changes.amendments)
    }
    let count = plan.trials.count
    Output.write(
      json
        ? "{\"diagnostics\":[],\"trials\":\(count)}\n"
        : "valid: \(count) trial\(count == 1 ? "" : "s")\n")
  }

  private func checkResults() throws {
    let found = try ResultsStore(at: file).inspect(by: .thisProgram)
    var problems = found.problems
    if let experiment = found.experiment {
      do {
        problems += try Plan(experiment, in: file).differences(from: found)
      } catch {
        problems.append(
          "/experiment: this version cannot plan it: \(error.diagnostics.count) mistakes")
      }
    }
    if json {
      let list = SettingValue.list(problems.map { .text($0) })
      Output.write(
        SettingValue.object(["problems": list, "trials": .number(Double(found.rowCount))])
          .canonicalJSON + "\n")
    } else if problems.isEmpty {
      Output.write("valid: \(found.rowCount) trial\(found.rowCount == 1 ? "" : "s")\n")
    } else {
      Output.write(problems.map { $0 + "\n" }.joined())
    }
    if !problems.isEmpty { throw Failure.invalidResults }
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
