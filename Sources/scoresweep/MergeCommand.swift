import ArgumentParser
import Experiments
import Results

/// `scoresweep merge`: results files of one experiment as one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins results files of one experiment, as shards leave them.",
    discussion: """
      Every planned trial is looked for: those that are missing, and those that two parts have with \
      different results, are named, and nothing is written. What two parts have alike counts once. The \
      whole has the plan of the part that has all trials of the others. Where OUT stands already it is \
      a part too. The exit code is 1 where trials are missing, differ or failed.
      """)

  @Argument(help: "The results file to write.", completion: .file(extensions: ["h5"]))
  var out: String

  @Argument(
    help: "The parts: results files, or the folders NAME.h5.d of runs that were stopped.",
    completion: .file())
  var parts: [String]

  @Flag(help: "Write the file though trials are missing: they wait in it.")
  var allowMissing = false

  @Option(
    help: ArgumentHelp(
      "Take the plan of this experiment file, not that of a part.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var experiment: String?

  func run() throws {
    let plan = try experiment.map { try ExperimentFile($0).plan() }
    let merge = try PartsMerge(
      parts.map { ResultsStore(at: Self.path(ofPart: $0)) }, into: ResultsStore(at: out), plan: plan
    )
    for line in Words.findings(of: merge) { Output.note(line) }
    guard merge.conflicts.isEmpty, allowMissing || merge.missing.isEmpty else {
      throw Failure.unmerged(out, isConflicting: !merge.conflicts.isEmpty)
    }
    try merge.write()
    Output.note(Words.merged(merge, parts: parts.count, path: out))
    if merge.failedCount > 0 { throw Failure.someTrialsFailed }
  }

  /// A folder of segments stands for the results file that it belongs to.
  static func path(ofPart part: String) -> String {
    let path = part.count > 1 && part.hasSuffix("/") ? String(part.dropLast()) : part
    return path.hasSuffix(".h5.d") ? String(path.dropLast(2)) : path
  }
}
