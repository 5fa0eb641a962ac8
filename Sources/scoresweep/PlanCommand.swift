import ArgumentParser
import Experiments
import Planning
import Results

/// `scoresweep plan`: what an experiment would run.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows the trials of an experiment without running any.",
    discussion: """
      Counts per axis, why combinations are left out or fall together, what the results file has of \
      them, and the time and memory that the rest would take on this machine.
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup(title: "Changes to the experiment")
  var changes: AmendmentOptions

  @OptionGroup
  var results: ResultsOptions

  @Option(name: .shortAndLong, help: "How many trials would run at once. (default: the cores)")
  var jobs: Int?

  @Flag(help: "Print one line per trial: its id and its values on the axes.")
  var list = false

  @Flag(help: "Print the plan, or the mistakes of the file, as JSON.")
  var json = false

  @Flag(
    help: """
      Leave out what the results have and what the rest would take: the plan alone, the same bytes each \
      time.
      """)
  var noForecast = false

  @Option(
    help: ArgumentHelp(
      "Print all settings of one trial and where each comes from.", valueName: "id"))
  var explain: String?

  @Option(
    help: ArgumentHelp(
      "Compare with another experiment: which trials are kept, new and gone, and what changed.",
      discussion: "With --list also the trials; with --json as JSON.", valueName: "old.json"),
    completion: .file(extensions: ["json"]))
  var diff: String?

  func validate() throws {
    guard [list, json, explain != nil].count(where: { $0 }) < 2 else {
      throw ValidationError("--list, --json and --explain exclude each other; give one of them")
    }
    guard diff == nil || explain == nil else {
      throw ValidationError("--diff and --explain exclude each other; give one of them")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
  }

  func run() throws {
    let experiment = ExperimentFile(file)
    let selected = try Mistakes.reported(asJSON: json) { try experiment.plan(changes.amendments) }
    let part = results.part(of: selected, experiment)
    let plan = part?.plan ?? selected
    if let diff {
      let old = try Mistakes.reported(asJSON: json) { try ExperimentFile(diff).plan() }
      let difference = PlanDifference(from: old, to: plan)
      Output.write(json ? difference.json : difference.description)
      if list { Output.write(difference.listing) }
    } else if let explain {
      guard let text = plan.explanation(of: explain, streams: TrialStreams.of) else {
        throw Failure.unknownTrial(explain, file: file)
      }
      Output.write(text)
    } else if list {
      plan.writeListing { Output.write($0) }
    } else if noForecast {
      if json { plan.writeJSON { Output.write($0) } } else { Output.write(plan.description) }
      if let part, !json { Output.write(Words.shardLine(part)) }
    } else {
      try writePlan(plan, experiment, part)
    }
  }

  /// The plan with what is done of it, and what the rest takes.
  private func writePlan(
    _ plan: Plan, _ experiment: ExperimentFile, _ part: ShardOfPlan?
  ) throws {
    let path = results.path(for: plan)
    let forecast = try Forecast(
      of: plan, with: try ResultsStore(at: path).load(.summary).records,
      files: experiment.dataFiles, jobs: jobs ?? Cores.available)
    if json {
      plan.writeJSON(adding: forecast.members(results: path) + (part?.members ?? [])) {
        Output.write($0)
      }
    } else {
      Output.write(
        plan.description + (part.map(Words.shardLine) ?? "")
          + Words.forecast(
            forecast, results: path, isSelection: !changes.only.isEmpty || part != nil))
    }
  }
}
