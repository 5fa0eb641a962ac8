import ArgumentParser
import Experiments
import Results

/// `scoresweep verify`: whether a results file can be had again.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Runs some trials of a results file again and compares every bit.",
    discussion: """
      The trials are spread over losses and architectures, the cheapest of each first; metrics, curves, \
      parameters and samples are compared. The exit code is 1 where one differs. Data files are looked \
      for beside the results file, in the current folder and in DATA_DIR.
      """)

  @Argument(help: "The results file.", completion: .file(extensions: ["h5"]))
  var results: String

  @Option(help: "How many trials.")
  var trials = 10

  @Option(name: .shortAndLong, help: "How many trials run at once. (default: the cores)")
  var jobs: Int?

  func validate() throws {
    if trials < 1 { throw ValidationError("--trials must be at least 1, not \(trials)") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
  }

  func run() throws {
    let store = ResultsStore(at: results)
    let loaded = try LoadedFile(results)
    let (plan, stored) = try loaded.ownPlan()
    Interruption.listen()
    let verification = Verification(
      of: store, plan: plan,
      files: DataFiles(folders: ExperimentFile(results).dataFiles.folders + [""]),
      jobs: jobs ?? Cores.available
    )
    let comparisons = try verification.run(
      trials: trials, isStopped: { Interruption.isRequested },
      report: { if !$0.differences.isEmpty { Output.note(Words.difference($0)) } })
    let differing = comparisons.count { !$0.differences.isEmpty }
    Output.write(Words.verified(comparisons.count, differing: differing, of: loaded.finishedCount))
    if differing > 0 {
      for line in Words.reasons(stored, Machine.provenance) { Output.note(line) }
      throw Failure.someTrialsFailed
    }
    if Interruption.isRequested {
      throw Failure.stopped(done: comparisons.count, planned: trials)
    }
  }
}
