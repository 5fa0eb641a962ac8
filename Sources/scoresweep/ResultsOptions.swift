import ArgumentParser
import Experiments
import Planning
import Results

extension Shard: ExpressibleByArgument {
  /// `k/n`, as the command line says it.
  public init?(argument: String) { self.init(argument) }
}

/// Which part of an experiment is meant, and which results file belongs to it.
struct ResultsOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "The results file. (default: results/NAME.h5)", completion: .file(extensions: ["h5"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Only part k of n, dealt out by predicted cost, alike on every machine.",
      discussion: "Its results file is results/NAME.shard-k-of-n.h5; `merge` joins the parts.",
      valueName: "k/n"))
  var shard: Shard?

  /// The file that was named, else the one that the experiment's name and the shard give.
  func path(for plan: Plan) -> String {
    let part = shard.map { ".shard-\($0.number)-of-\($0.count)" } ?? ""
    return output ?? "results/\(plan.experiment.name)\(part).h5"
  }

  /// The trials of a plan that the shard has; nil where none is asked for.
  func part(of plan: Plan, _ experiment: ExperimentFile) -> ShardOfPlan? {
    shard.map { ShardOfPlan($0, of: plan, files: experiment.dataFiles) }
  }
}

extension ResultsStore {
  /// The store at a path; a file without its digest is read by another process of this program.
  convenience init(at path: String) {
    self.init(path: path, elsewhere: .thisProgram)
  }
}

extension ChildReader {
  /// This program, called to read a file.
  static let thisProgram = ChildReader(
    program: "/proc/self/exe", arguments: [ReadCommand.configuration.commandName ?? ""])
}
