import Experiments
import Planning
import Reports
import Results
import Settings

/// A results file as tables and reports want it: the trials without their parameters and curves.
struct LoadedFile {
  private let path: String
  private let results: LoadedResults

  /// Reads a file and the segments beside it; what is wrong with them is said on stderr.
  init(_ path: String) throws {
    self.path = path
    guard !path.hasSuffix(".json") else { throw Failure.experimentForResults(path) }
    results = try ResultsStore(path: path).load(.summary)
    guard results.experiment != nil || !results.records.isEmpty else {
      throw Failure.noResults(path)
    }
    for segment in results.corruptSegments {
      Output.note(Words.corruptSegment(segment.path, reason: segment.reason))
    }
  }

  /// The trials of a plan, or of the file's own where none is given.
  func trials(of plan: Plan?) -> Trials {
    plan.map { Trials(results, of: $0.description(provenance: [])) } ?? Trials(results)
  }

  /// The title of the experiment, the file's name while nothing was merged.
  var title: String { results.experiment?.title ?? path }

  /// The first metric that the trials measured.
  var firstMetric: String {
    results.records.first { !$0.metrics.isEmpty }?.metrics[0].name ?? "seconds"
  }

  /// The plan that the file holds; nil, with a word on stderr, where this version cannot read it.
  func plan() -> Plan? {
    guard let experiment = results.experiment else {
      Output.note(Words.noPlanYet(path))
      return nil
    }
    do {
      let context = experiment.context
      return try Plan(
        reading: Array(experiment.source.utf8), named: "\(path)/experiment", catalogue: .scoreSweep,
        including: IncludableFiles(
          context.includedFiles.map { IncludedFile(path: $0.path, source: $0.source) }),
        amendments: Amendments(set: context.set))
    } catch {
      Output.note(Words.unreadableExperiment(path, mistakes: error.text(Terminal.style)))
      return nil
    }
  }
}
