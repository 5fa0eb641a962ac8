// Trials run again. Seen to fail: with all trials taken for one kind.
import Planning
import Results
import Testing

@testable import Experiments

struct VerificationTests {
  @Test func aSampleHasEveryKindFirstAndTheCheapestOfEach() {
    let kinds = ["a", "a", "b", "a", "c", "b"]
    let costs = [3.0, 1, 5, 2, 9, 4]
    #expect(Verification.sample(3, kinds: kinds, costs: costs) == [1, 4, 5])
    #expect(Verification.sample(5, kinds: kinds, costs: costs) == [1, 2, 3, 4, 5])
    #expect(Verification.sample(100, kinds: kinds, costs: costs) == Array(0..<6))
    #expect(Verification.sample(1, kinds: kinds, costs: costs) == [5])
    #expect(Verification.sample(0, kinds: kinds, costs: costs) == [])
    #expect(Verification.sample(3, kinds: [], costs: []) == [])
  }

  @Test func aRepeatedTrialHasTheSameBitsAndAChangedOneIsFound() throws {
    let folder = try TemporaryFolder()
    let text = smallExperiment(
      grid: #""loss": ["ism", "dsm", "gaussian-fit"], "sigma": [0.1, 0.3], "repeat": 2"#)
    _ = try Sweep(text, at: folder.file("x.h5")).run()
    let plan = try plan(text)
    let store = ResultsStore(path: folder.file("x.h5"))
    let same = try Verification(of: store, plan: plan, files: DataFiles(folders: []))
      .run(trials: 5)
    #expect(same.count == 5 && same.allSatisfy { $0.differences.isEmpty })
    #expect(Set(same.map { $0.stored.axis("loss") }).count == 3)
    var records = try store.load().records
    for index in records.indices {
      records[index].metrics[0].value = records[index].metrics[0].value.nextUp
    }
    let changed = ResultsStore(path: folder.file("y.h5"))
    try changed.seal(records)
    let found = try Verification(of: changed, plan: plan, files: DataFiles(folders: []))
      .run(trials: 100)
    #expect(found.count == records.count)
    #expect(found.allSatisfy { $0.differences.map(\.what) == [records[0].metrics[0].name] })
  }
}
