// A results file for the test outside Swift, Tests/External/test_results.py. It stays where the
// environment variable SCORESWEEP_EXTERNAL_FOLDER says, as results.h5.
import Foundation
import Results
import Testing

@Suite struct ExternalFileTests {
  @Test func aFileWithNetworksAndTheirDataIsMerged() throws {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["SCORESWEEP_EXTERNAL_FOLDER"] {
      try writeFile(folder + "/results.h5")
    } else {
      try withFolder { try writeFile($0 + "/results.h5") }
    }
  }

  private func writeFile(_ path: String) throws {
    let experiment = SampleExperiment()
    let store = ResultsStore(path: path)
    let records = experiment.records.enumerated().compactMap { number, record in
      number == experiment.records.count - 1 ? nil : Self.withNetwork(record, number: number)
    }
    try store.seal(records)
    try store.merge(experiment.description)
    #expect(try store.load().records == records)
  }

  /// The record with a network of its own, held-out data and the metric on them.
  private static func withNetwork(_ record: TrialRecord, number: Int) -> TrialRecord {
    guard record.outcome.status == .completed else { return record }
    var record = record
    let dimension = record.axis("dimension") == .number(8) ? 8 : 2
    let activations = ReferenceNetwork.Activation.allCases
    let network = ReferenceNetwork(
      dimension: dimension, isEnergy: record.axis("loss") == .text("dsm"),
      activation: activations[number % activations.count], hasSkip: number % 3 == 0,
      seed: Double(number))
    let data = (0..<20).map { row in (0..<dimension).map { sin(Double(row * 31 + $0 * 7)) } }
    record.architecture = network.architecture
    record.architectureAttributes = network.attributes
    record.parameters = network.parameters
    record.parameterCount = network.parameters.reduce(0) { $0 + $1.values.count }
    record.samples = [
      NamedArray("test", shape: [20, dimension], values: .float64(data.flatMap { $0 }))
    ]
    record.metrics.append(
      Metric(
        "implicit_score_matching", network.implicitScoreMatching(data),
        longName: "implicit score matching"))
    return record
  }
}
