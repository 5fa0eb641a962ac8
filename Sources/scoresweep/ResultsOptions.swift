import ArgumentParser
import Planning

/// Which results file belongs to an experiment.
struct ResultsOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "The results file. (default: results/NAME.h5)", completion: .file(extensions: ["h5"]))
  var output: String?

  /// The file that was named, else the one that the experiment's name gives.
  func path(for plan: Plan) -> String { output ?? "results/\(plan.experiment.name).h5" }
}
