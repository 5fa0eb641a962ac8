import Experiments
import Foundation
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
    results = try ResultsStore(at: path).load(.summary)
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

  /// Whether a path names a results file: by its ending, else by how the file begins.
  static func isResults(_ path: String) -> Bool {
    guard !path.hasSuffix(".h5") else { return true }
    guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 8)
    else { return false }
    return [UInt8](start) == [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]
  }

  /// How many trials have ended.
  var finishedCount: Int { results.records.count }

  /// The plan that the file holds, and what else it says about its experiment.
  ///
  /// - Throws: ``Failure/noPlan(_:)`` while the run that makes the file has not ended, and the mistakes of
  ///   an experiment that this version cannot read.
  func ownPlan() throws -> (plan: Plan, stored: StoredExperiment) {
    guard let experiment = results.experiment else { throw Failure.noPlan(path) }
    return (try Plan(experiment, in: path), experiment)
  }

  /// The plan that the file holds; nil, with a word on stderr, where this version cannot read it.
  func plan() -> Plan? {
    guard let experiment = results.experiment else {
      Output.note(Words.noPlanYet(path))
      return nil
    }
    do {
      return try Plan(experiment, in: path)
    } catch {
      Output.note(Words.unreadableExperiment(path, mistakes: error.text(Terminal.style)))
      return nil
    }
  }
}
