import ArgumentParser
import Experiments
import Planning
import Results

/// `scoresweep status`: how far an experiment is, asked while it runs or afterwards.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Says how far the run of an experiment is.",
    discussion: """
      Done, failed and waiting trials, the failures, each with the command that runs it again, and the \
      slowest trials.
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup(title: "Changes to the experiment")
  var changes: AmendmentOptions

  @OptionGroup
  var results: ResultsOptions

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  func run() throws {
    let experiment = ExperimentFile(file)
    let selected = try experiment.plan(changes.amendments)
    let path = results.path(for: selected)
    let plan = results.part(of: selected, experiment)?.plan ?? selected
    let loaded = try ResultsStore(at: path).load(.summary)
    let forecast = try Forecast(of: plan, with: loaded.records, files: experiment.dataFiles)
    let status = SweepStatus(
      plan, loaded, forecast,
      arguments: [file] + changes.changes.flatMap { ["--set", $0] }
        + (results.output.map { ["-o", $0] } ?? []))
    Output.write(json ? status.json : status.text)
  }
}
