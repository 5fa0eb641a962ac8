// In what two attempts differ.
import Testing

@testable import Results

@Suite struct RecordDifferenceTests {
  private let record = SampleExperiment().records[4]

  @Test func equalAttemptsDifferInNothingWhateverTimeTheyTook() {
    var other = record
    (other.seconds, other.secondsPerStep) = (9, 9)
    other.metrics.removeLast()
    #expect(record.differences(from: record) == [])
    #expect(record.differences(from: other) == [])
    #expect(other.differences(from: record) == [])
  }

  @Test func everyPartThatDiffersIsNamedWithBothValues() {
    let changes: [(String, (inout TrialRecord) -> Void)] = [
      ("status completed and failed", { $0.outcome.status = .failed }),
      ("steps 100 and 7", { $0.steps = 7 }),
      ("parameter_count 10 and 11", { $0.parameterCount = 11 }),
      ("seed 00ff00ff00ff00ff and 1", { $0.seed = "1" }),
      ("train_time 4.0 and 5.0", { $0.metrics[1].value = 5 }),
      ("checkpoints 2 and 1", { $0.curves.removeLast() }),
      ("training loss at step 10 3.0 and 3.5", { $0.curves[1].trainingLoss = 3.5 }),
      ("samples test, element 0 of 24, 4.0 and -1.0", { $0.samples[0].set(-1) }),
      ("samples test and none", { $0.samples = [] }),
    ]
    for (words, change) in changes {
      var other = record
      change(&other)
      #expect(record.differences(from: other).map(\.description) == [words])
    }
  }

  @Test func twoThatAreNoNumberAreToldApartByTheirPayload() {
    var other = record
    other.metrics[0].value = .nan
    var third = record
    third.metrics[0].value = Double(bitPattern: Double.nan.bitPattern + 1)
    #expect(
      other.differences(from: third).map(\.description)
        == ["fisher_divergence nan and nan(0x1)"])
  }
}

extension NamedArray {
  fileprivate mutating func set(_ value: Double) {
    guard case .float64(var numbers) = values else { return }
    numbers[0] = value
    values = .float64(numbers)
  }
}
