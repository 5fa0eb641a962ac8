// Dealing a plan out. Seen to fail: with the cheapest trial dealt first.
import Foundation
import Planning
import TestSupport
import Testing

@testable import Experiments

struct ShardTests {
  @Test func aShardIsSaidAsTwoNumbersAndNothingElse() {
    #expect(Shard("2/3")?.description == "2/3")
    for text in ["", "2", "0/3", "4/3", "-1/3", "1/0", "1/3/", "a/3", "1/ 3", "+1/3", "1/100001"] {
      #expect(Shard(text) == nil, "\(text)")
    }
  }

  @Test func everyTrialStandsInOneShardAndNoneTakesMuchMoreThanTheBestDeal() throws {
    var numbers = TestNumbers(seed: 5)
    for count in [1, 2, 3, 7, 40] {
      let costs = (0..<(5 + numbers.index(below: 200))).map { _ in
        numbers.index(below: 4) == 0 ? 1 : numbers.uniform(0, 1000).rounded()
      }
      let shards = try (1...count).map { number in
        ShardOfPlan.places(of: try #require(Shard(number, of: count)), costs: costs)
      }
      #expect(shards.flatMap { $0 }.sorted() == Array(costs.indices))
      #expect(shards.allSatisfy { $0 == $0.sorted() })
      let loads = shards.map { $0.reduce(0) { $0 + costs[$1] } }
      let mean = costs.reduce(0, +) / Double(count)
      let least = max(mean, costs.max() ?? 0)
      #expect(try #require(loads.max()) <= 4 / 3 * least + 1e-9)
    }
  }

  @Test func theCostliestTrialIsDealtFirst() throws {
    let costs = [1, 1, 1, 6, 1, 1, 1.0]
    let shards = try (1...2).map {
      ShardOfPlan.places(of: try #require(Shard($0, of: 2)), costs: costs)
    }
    #expect(shards == [[3], [0, 1, 2, 4, 5, 6]])
  }

  @Test func trialsOfNoCostAreDealtOutByTheirNumber() throws {
    let costs = [Double](repeating: 0, count: 10)
    let counts = try (1...3).map { number in
      ShardOfPlan.places(of: try #require(Shard(number, of: 3)), costs: costs).count
    }
    #expect(counts == [4, 3, 3])
  }

  @Test func shardsOfAPlanAreItsTrialsOnceAndNearlyAlike() throws {
    let plan = try plan(smallExperiment())
    let files = DataFiles(folders: [])
    let parts = try (1...3).map {
      ShardOfPlan(try #require(Shard($0, of: 3)), of: plan, files: files)
    }
    let ids = parts.flatMap { $0.plan.trials.map(\.id) }
    #expect(ids.count == plan.trials.count && Set(ids) == Set(plan.trials.map(\.id)))
    #expect(parts.allSatisfy { $0.share > 0.28 && $0.share < 0.38 })
    #expect(parts.map(\.plan.digest) != [plan.digest, plan.digest, plan.digest])
    // What a run may choose changes nothing.
    let again = ShardOfPlan(try #require(Shard(2, of: 3)), of: plan, files: files)
    #expect(again.plan.trials.map(\.id) == parts[1].plan.trials.map(\.id))
  }

  @Test func moreShardsThanTrialsLeaveSomeEmpty() throws {
    let folder = try TemporaryFolder()
    let whole = try plan(smallExperiment(grid: #""loss": ["ism", "dsm"]"#))
    let part = ShardOfPlan(
      try #require(Shard(3, of: 3)), of: whole, files: DataFiles(folders: []))
    #expect(part.plan.trials.isEmpty && part.share == 0)
    let sweep = Sweep(
      plan: part.plan, of: whole, store: .init(path: folder.file("x.h5")),
      files: DataFiles(folders: []))
    #expect(try sweep.run().isComplete)
  }
}
