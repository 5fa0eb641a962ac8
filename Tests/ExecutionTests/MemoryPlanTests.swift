import Execution
import Expressions
import TestSupport
import Testing

// Seen to fail: with rivals taken from one lifetime end only; with the offset not moved past a
// rival.
struct MemoryPlanTests {
  @Test(arguments: 0..<50)
  func noTwoLiveValuesOverlap(_ seed: Int) {
    var numbers = TestNumbers(seed: UInt64(seed))
    let count = 2 + numbers.index(below: 60)
    let sizes = (0..<count).map { _ in numbers.index(below: 500) }
    let lifetimes = (0..<count).map { _ in
      let first = numbers.index(below: 40)
      return Lifetime(first: first, last: first + numbers.index(below: 12))
    }
    let plan = MemoryPlan(sizes: sizes, lifetimes: lifetimes)
    // At each moment, by walking over time: the live values' ranges are disjoint.
    for moment in 0..<60 {
      let live = (0..<count)
        .filter { lifetimes[$0].first <= moment && moment <= lifetimes[$0].last && sizes[$0] > 0 }
        .sorted { plan.offsets[$0] < plan.offsets[$1] }
      for (value, next) in zip(live, live.dropFirst()) {
        #expect(plan.offsets[value] + sizes[value] <= plan.offsets[next], "moment \(moment)")
      }
    }
    #expect((0..<count).allSatisfy { plan.offsets[$0] + sizes[$0] <= plan.total })
    #expect(plan.offsets.allSatisfy { $0 % 16 == 0 })
  }

  @Test func memoryIsReusedWhenItsValueIsDead() {
    let plan = MemoryPlan(
      sizes: [64, 64, 64],
      lifetimes: [
        Lifetime(first: 0, last: 1), Lifetime(first: 2, last: 3), Lifetime(first: 1, last: 2),
      ])
    #expect(plan.total == 128)
    #expect(plan.offsets[0] == plan.offsets[1])
  }

  @Test func aLongChainRunsInTheMemoryOfItsWidestStep() {
    var x = Tensor.rows("x", [4096, 64])
    for layer in 0..<12 { x = tanh(matmul(x, .state("w\(layer)", [64, 64]))) }
    let program = Program(outputs: [("y", mean(x))], rowCount: 4096)
    // 128 rows of 64, two or three of them at a time, and nothing that grows with the rows or the
    // layers.
    #expect(program.scratch.tile.total <= 4 * 128 * 64)
    // Beside it, the weights' packed panels, two to a weight at most.
    #expect(program.scratch.total <= 4 * 128 * 64 + 12 * 2 * 64 * 64)
  }
}
