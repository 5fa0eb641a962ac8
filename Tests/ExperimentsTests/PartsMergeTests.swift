// Parts and the whole. Seen to fail: with parameters left out of the comparison of duplicates.
import Foundation
import Planning
import Results
import Testing

@testable import Experiments

struct PartsMergeTests {
  private static let grid = #""loss": ["ism", "dsm", "ssm-vr"], "sigma": [0.1, 0.3], "repeat": 3"#

  /// The files of three shards, run in some order, and the whole run at once.
  private func shards(_ folder: TemporaryFolder, order: [Int] = [1, 2, 3]) throws -> [ResultsStore]
  {
    let whole = try plan(smallExperiment(grid: Self.grid))
    let stores = (1...3).map { ResultsStore(path: folder.file("part\($0).h5")) }
    for number in order {
      let part = ShardOfPlan(
        try #require(Shard(number, of: 3)), of: whole, files: DataFiles(folders: []))
      let summary = try Sweep(
        plan: part.plan, of: whole, store: stores[number - 1], files: DataFiles(folders: [])
      ).run()
      #expect(summary.isComplete && summary.planned == part.plan.trials.count)
    }
    return stores
  }

  @Test func threeShardsInAnyOrderMakeTheUnshardedFile() throws {
    let folder = try TemporaryFolder()
    let stores = try shards(folder, order: [3, 1, 2])
    let waiting = try stores[0].load(.summary)
    #expect(waiting.records.count == 4 && waiting.experiment?.waiting.count == 8)
    _ = try Sweep(smallExperiment(grid: Self.grid), at: folder.file("whole.h5")).run()
    let whole = try ResultsStore(path: folder.file("whole.h5")).load()
    for (number, order) in [[0, 1, 2], [2, 0, 1], [1, 2, 0]].enumerated() {
      let out = ResultsStore(path: folder.file("merged\(number).h5"))
      let merge = try PartsMerge(order.map { stores[$0] }, into: out)
      #expect(merge.missing.isEmpty && merge.duplicates.isEmpty && merge.failedCount == 0)
      try merge.write()
      let merged = try out.load()
      #expect(merged.isVerified && merged.records.count == whole.records.count)
      #expect(zip(merged.records, whole.records).allSatisfy { $0.hasSameResults(as: $1) })
      #expect(merged.experiment?.planDigest == whole.experiment?.planDigest)
      #expect(merged.experiment?.axes == whole.experiment?.axes)
      #expect(merged.experiment?.source == whole.experiment?.source)
    }
  }

  @Test func whatIsMissingAndWhatConflictsIsFoundBeforeAnythingIsWritten() throws {
    let folder = try TemporaryFolder()
    let stores = try shards(folder)
    var record = try #require(try stores[0].load().records.first)
    record.parameters[0] = record.parameters[0].withFirst(7)
    let wrong = ResultsStore(path: folder.file("wrong.h5"))
    try wrong.seal([record])
    let out = ResultsStore(path: folder.file("out.h5"))
    let merge = try PartsMerge([stores[0], wrong, stores[1]], into: out)
    #expect(merge.missing.count == 4)
    let conflict = try #require(merge.conflicts.first)
    #expect(merge.conflicts.count == 1 && conflict.id == record.id)
    #expect(conflict.files.count == 2 && conflict.files[0] == stores[0].path)
    #expect(conflict.differences.map(\.what).first?.hasPrefix("parameters layer0.weight") == true)
    #expect(!FileManager.default.fileExists(atPath: out.path))
    #expect(!FileManager.default.fileExists(atPath: out.path + ".d"))
  }

  @Test func whatIsThereTwiceAndAlikeCountsOnceAndTheOutputIsAPart() throws {
    let folder = try TemporaryFolder()
    let stores = try shards(folder)
    let out = ResultsStore(path: folder.file("out.h5"))
    let first = try PartsMerge([stores[0], stores[1]], into: out)
    #expect(first.missing.count == 4)
    try first.write()
    let second = try PartsMerge([stores[1], stores[1], stores[2], out], into: out)
    #expect(second.missing.isEmpty && second.conflicts.isEmpty && second.duplicates.count == 4)
    try second.write()
    #expect(try out.load().records.count == 12)
  }

  @Test func anExtendedGridTakesTheFormerOneInAndOthersAreRefused() throws {
    let folder = try TemporaryFolder()
    let small = folder.file("small.h5")
    let large = folder.file("large.h5")
    let other = folder.file("other.h5")
    let named = folder.file("named.h5")
    func grid(_ sigmas: String) -> String {
      smallExperiment(grid: #""loss": "dsm", "sigma": [\#(sigmas)], "repeat": 2"#)
    }
    _ = try Sweep(grid("0.1"), at: small).run()
    _ = try Sweep(grid("0.3, 0.1"), at: large).run()
    _ = try Sweep(grid("0.2"), at: other).run()
    _ = try Sweep(grid("0.1").replacing("\"name\": \"small\"", with: "\"name\": \"b\""), at: named)
      .run()
    let out = ResultsStore(path: folder.file("out.h5"))
    let stores = [small, large, other, named].map { ResultsStore(path: $0) }
    let merge = try PartsMerge([stores[0], stores[1]], into: out)
    #expect(merge.plan.trials.count == 4 && merge.duplicates.count == 2 && merge.missing.isEmpty)
    let differing = PartsRefusal.differingPlans(
      path: stores[2].path, other: stores[1].path, unknown: 2)
    #expect(throws: differing) { try PartsMerge([stores[1], stores[2]], into: out) }
    let names = PartsRefusal.severalExperiments([
      .init(path: stores[0].path, name: "small"), .init(path: stores[3].path, name: "b"),
    ])
    #expect(throws: names) { try PartsMerge([stores[0], stores[3]], into: out) }
    let both = try PartsMerge(
      [stores[1], stores[2]], into: out, plan: try plan(grid("0.1, 0.2, 0.3")))
    #expect(both.missing.isEmpty)
    #expect(throws: PartsRefusal.noResults(path: folder.file("none.h5"))) {
      try PartsMerge([ResultsStore(path: folder.file("none.h5"))], into: out)
    }
  }

  @Test func segmentsOfRunsThatWereStoppedAreParts() throws {
    let folder = try TemporaryFolder()
    let text = smallExperiment(grid: Self.grid)
    _ = try Sweep(text, at: folder.file("whole.h5")).run()
    let records = try ResultsStore(path: folder.file("whole.h5")).load().records
    let stopped = (0..<2).map { ResultsStore(path: folder.file("stopped\($0).h5")) }
    for (number, store) in stopped.enumerated() {
      try store.seal(records.enumerated().filter { $0.offset % 2 == number }.map(\.element))
    }
    let out = ResultsStore(path: folder.file("out.h5"))
    #expect(throws: PartsRefusal.noExperiment) { try PartsMerge(stopped, into: out) }
    let merge = try PartsMerge(stopped, into: out, plan: try plan(text))
    #expect(merge.missing.isEmpty)
    let foreign = try plan(text.replacing("\"seed\": 7", with: "\"seed\": 8"))
    #expect(throws: PartsRefusal.foreignTrials(path: stopped[0].path, experiment: "small")) {
      try PartsMerge(stopped, into: out, plan: foreign)
    }
  }
}

extension NamedArray {
  fileprivate func withFirst(_ value: Float) -> NamedArray {
    guard case .float32(var values) = values else { return self }
    values[0] = value
    return NamedArray(name, shape: shape, values: .float32(values))
  }
}
