import Planning
import Testing

@testable import Experiments

// Seen to fail: with the key of the trial instead of the key of its data.
struct DataCacheTests {
  private func trials() throws -> [Trial] {
    try plan(
      """
      { "name": "cache",
        "base": { "data": { "type": "gaussian-mixture", "train": 50, "validation": 10, "test": 10 },
          "training": { "steps": 1 } },
        "grid": { "loss": ["ssm", "dsm"], "dimension": [2, 3], "repeat": 2 } }
      """
    ).trials
  }

  @Test func trialsOnTheSameDrawsShareThemAndOthersDoNot() throws {
    let cache = DataCache()
    let files = DataFiles(folders: [])
    let all = try trials().map { trial in
      (trial: trial, data: try cache.data(trial, files: files))
    }
    for (trial, data) in all {
      let alone = try TrialData(trial, files: files)
      #expect(data.train == alone.train && data.test == alone.test)
    }
    // Two losses on each of two dimensions and two repeats: four data sets in eight trials.
    func address(_ numbers: [Double]) -> UnsafePointer<Double>? {
      numbers.withUnsafeBufferPointer { $0.baseAddress }
    }
    #expect(Set(all.map { address($0.data.train) }).count == 4)
  }
}
