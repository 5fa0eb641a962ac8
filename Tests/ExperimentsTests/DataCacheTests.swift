import Planning
import Testing

@testable import Experiments

// Seen to fail: with the key of the trial instead of the key of its data.
struct DataCacheTests {
  private func trials(dimensions: String = "[2, 3]", repeats: Int = 2) throws -> [Trial] {
    try plan(
      """
      { "name": "cache",
        "base": { "data": { "type": "gaussian-mixture", "train": 50, "validation": 10, "test": 10 },
          "training": { "steps": 1 } },
        "grid": { "loss": ["ssm", "dsm"], "dimension": \(dimensions), "repeat": \(repeats) } }
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
    #expect(Set(all.map { address($0.data.train) }).count == 4)
  }

  @Test(arguments: [(0, false), (2000, false), (2800, true), (4000, true), (100_000, true)])
  func aDataSetIsKeptWhereThereIsRoomForIt(bytes: Int, isKept: Bool) throws {
    // 70 rows of 2 numbers in Double: 1120 bytes, of 3 numbers: 1680.
    let cache = DataCache(bytes: bytes)
    let files = DataFiles(folders: [])
    let all = try trials()
    let first = try cache.data(all[0], files: files)
    let other = try cache.data(all[2], files: files)
    #expect(first.dimension == 2 && other.dimension == 3)
    #expect((address(try cache.data(all[0], files: files).train) == address(first.train)) == isKept)
  }

  @Test func whatIsUsedAgainOutlivesWhatIsNot() throws {
    let cache = DataCache(bytes: 8 * 1120)
    let files = DataFiles(folders: [])
    let all = try trials(dimensions: "[2]", repeats: 40)
    let first = try cache.data(all[0], files: files)
    let second = try cache.data(all[1], files: files)
    for trial in all[2...] {
      _ = try cache.data(trial, files: files)
      #expect(address(try cache.data(all[0], files: files).train) == address(first.train))
    }
    #expect(address(try cache.data(all[1], files: files).train) != address(second.train))
  }

  private func address(_ numbers: [Double]) -> UnsafePointer<Double>? {
    numbers.withUnsafeBufferPointer { $0.baseAddress }
  }
}
