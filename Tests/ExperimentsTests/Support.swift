import Experiments
import Foundation
import Planning
import Results
import Settings
import Testing

/// A folder of its own for one test, removed at the end of its life.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "scoresweep-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch {
      Issue.record("temporary folder \(path) stays: \(error)")
    }
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

func plan(_ text: String) throws -> Plan {
  try Plan(reading: Array(text.utf8), named: "test.json", catalogue: .scoreSweep)
}

/// A sweep small enough for a test: every loss, two dimensions, two repeats.
func smallExperiment(
  grid: String =
    #""loss": ["esm", "ism", "ssm", "ssm-vr", "dsm", "gaussian-fit"], "dimension": [2, 5], "#
    + #""repeat": 2"#,
  training: String = "", metrics: String = #""fisher_divergence", "implicit_score_matching""#
) -> String {
  """
  { "name": "small", "seed": 7,
    "base": {
      "data": { "type": "gaussian-mixture", "components": 3, "train": 300, "validation": 90, "test": 150 },
      "model": { "type": "score-mlp", "hidden": [16, 8] },
      "training": { "steps": 60, "batch": 32, "evaluate_every": 20 \(training) } },
    "grid": { \(grid) },
    "metrics": [\(metrics)] }
  """
}

extension Sweep {
  init(
    _ text: String, at path: String, files: DataFiles = DataFiles(folders: []),
    _ change: (inout Options) -> Void = { _ in }
  ) throws {
    var options = Options()
    options.jobs = 2
    change(&options)
    self.init(
      plan: try planned(text), store: ResultsStore(path: path), files: files,
      options: options)
  }
}

private func planned(_ text: String) throws -> Plan { try plan(text) }

/// The records of a results file in the order of their ids.
func records(at path: String) throws -> [TrialRecord] {
  try ResultsStore(path: path).load().records.sorted { $0.id < $1.id }
}
