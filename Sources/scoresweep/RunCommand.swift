import ArgumentParser
import Experiments
import Planning
import Results

/// `scoresweep run`: runs what is left of an experiment.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the trials of an experiment that are not done.",
    discussion: """
      Finished trials are kept at once, whatever happens to the run: the same command goes on where it \
      was stopped, in the middle of a trial too, and after a change of the grid it runs only what is new. \
      Ctrl-C stops it so that it can be resumed; a second Ctrl-C stops it at once.
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup(title: "Changes to the experiment")
  var changes: AmendmentOptions

  @OptionGroup
  var results: ResultsOptions

  @Option(name: .shortAndLong, help: "How many trials run at once. (default: the cores)")
  var jobs: Int?

  @Flag(help: "Run again the trials that failed before.")
  var retryFailed = false

  @Flag(help: "Start nothing new after the first failure.")
  var failFast = false

  @Option(help: ArgumentHelp("Start nothing new after so many failures.", valueName: "count"))
  var maxFailures: Int?

  @Flag(help: "Leave results of trials that the experiment no longer has out of the results file.")
  var dropStale = false

  @Option(
    help: ArgumentHelp("Give a trial up after so many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "Keep how far each trial is every so many seconds, to go on from there after an interruption.",
      valueName: "seconds"))
  var checkpointEvery = 60.0

  @Option(help: "Show progress on stderr: auto, always or never.")
  var progress = ProgressDisplay.Mode.auto

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
    if let maxFailures, maxFailures < 1 {
      throw ValidationError("--max-failures must be at least 1, not \(maxFailures)")
    }
    guard checkpointEvery >= 0 else {
      throw ValidationError("--checkpoint-every must be at least 0 seconds, not \(checkpointEvery)")
    }
    if let timeout, !(timeout > 0) {
      throw ValidationError("--timeout must be above 0 seconds, not \(timeout)")
    }
  }

  func run() throws {
    let experiment = ExperimentFile(file)
    let selected = try experiment.plan(changes.amendments)
    // The results file is about the whole experiment, whichever of its trials are run now.
    let whole =
      try changes.only.isEmpty ? selected : experiment.plan(Amendments(set: changes.changes))
    let path = results.path(for: selected)
    let part = results.part(of: selected, experiment)
    let plan = part?.plan ?? selected
    let display = ProgressDisplay(quiet ? .never : progress, saysResult: !quiet)
    Interruption.listen()
    let sweep = Sweep(
      plan: plan, of: whole, store: ResultsStore(at: path), files: experiment.dataFiles,
      options: options,
      provenance: Machine.provenance)
    if let part, !quiet { Output.note(Words.shard(part)) }
    let summary = try sweep.run { display.show($0) }
    display.conclude(summary, path: path)
    if Interruption.isRequested && !summary.isComplete {
      throw Failure.stopped(done: summary.completed + summary.failed, planned: summary.planned)
    }
    if summary.failed > 0 || !summary.isComplete { throw Failure.someTrialsFailed }
  }

  private var options: Sweep.Options {
    var options = Sweep.Options()
    if let jobs { options.jobs = jobs }
    options.retryFailed = retryFailed
    options.maxFailures = failFast ? 1 : maxFailures
    options.dropsStale = dropStale
    options.notesCrashes = true
    options.trialSeconds = timeout
    options.checkpointSeconds = checkpointEvery
    options.isStopped = { Interruption.isRequested }
    return options
  }
}
