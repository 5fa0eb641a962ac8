// What a record may not say. Seen to fail: with the check on reserved names left out.
import Foundation
import Testing

@testable import Results

@Suite struct RecordValidationTests {
  private typealias Mistake = @Sendable (inout TrialRecord) -> Void

  private static let mistakes: [(reason: String, change: Mistake)] = [
    ("identity", { $0.id = "XYZ" }),
    ("two of its names for an axis are the same", { $0.axes.append($0.axes[0]) }),
    ("two of its names for a metric are the same", { $0.metrics.append($0.metrics[0]) }),
    ("\"a/b\" cannot be a name for a metric", { $0.metrics[0].name = "a/b" }),
    ("\"\" cannot be a name for an axis", { $0.axes[0].name = "" }),
    ("cannot be a name for an architecture", { $0.architecture = "a/b" }),
    ("the name id is taken", { $0.parameters[0].name = "id" }),
    (
      "two of its names for a parameter are the same",
      { $0.architectureAttributes[0].name = "layer0.bias" }
    ),
    ("NUL", { $0.outcome.message = "a\0b" }),
    ("NUL", { $0.axes[0].value = .text("a\0b") }),
    ("step is out of range", { $0.curves[0].step = -1 }),
  ]

  @Test func aRecordThatTheFormatCannotHoldIsRefused() throws {
    try withFolder { folder throws in
      let store = ResultsStore(path: folder + "/x.h5")
      for (reason, change) in Self.mistakes {
        var record = SampleExperiment().records[0]
        change(&record)
        let error = #expect(throws: ResultsError.self) { try store.seal([record]) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
      }
      #expect(try names(in: folder) == [])
    }
  }

  @Test func aTrialSealedTwiceAtOnceIsRefused() {
    let record = SampleExperiment().records[0]
    #expect(throws: ResultsError.self) { try TrialRecord.validate([record, record]) }
  }
}
