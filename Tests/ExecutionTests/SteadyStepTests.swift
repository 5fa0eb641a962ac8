import CRuntimeCounts
import Execution
import Expressions
import Kernels
import Testing

// Seen to fail: with an array built in the executor's loop.
struct SteadyStepTests {
  /// A step of sliced score matching, by hand: random directions, tangents, gradients, momentum.
  private func program(layers: Int) -> Program {
    let x = Tensor.rows("x", [300, 12])
    let v = Tensor.random(.rademacher, stream: "v", [300, 12], rowAxis: 0)
    let weights = (0..<layers).map { Tensor.state("w\($0)", [12, 12]) }
    func loss(_ weights: [Tensor]) -> Tensor {
      let (s, sDot) = jvp({ x in weights.reduce(x) { softplus(matmul($0, $1)) } }, at: x, along: v)
      return mean(dot(v, sDot) + square(dot(v, s)) / .fill(2))
    }
    let gradients = weights.indices.map { place in
      gradient(
        of: { weight in
          var changed = weights
          changed[place] = weight
          return loss(changed)
        }, at: weights[place])
    }
    let rate = Tensor.scalar("rate")
    return Program(
      outputs: [("loss", loss(weights))],
      assignments: zip(weights, gradients).map { Assignment($0, to: $0 - rate * $1) },
      rowCount: 300)
  }

  private func counts(layers: Int) throws -> RuntimeCounts {
    let arena = try Arena<Float>(program(layers: layers))
    arena.bind("x", to: try RowData((0..<12_000).map { Double($0 % 7) / 7 }, columns: 12))
    arena.setScalar("rate", 0.01)
    let indices = (0..<300).map { Int32($0 * 3) }
    arena.run(indices: indices, draw: 1)
    runtime_counts_begin()
    for step in 2..<12 {
      arena.setScalar("rate", 0.01 / Double(step))
      arena.run(indices: indices, draw: UInt64(step))
    }
    return runtime_counts_end()
  }

  @Test(.enabled(if: runtime_counts_available() == 1))
  func theCountsCount() {
    runtime_counts_begin()
    let numbers = (0..<10).map { [Int](repeating: $0, count: 100) }
    let counts = runtime_counts_end()
    #expect(counts.allocations > 10 && numbers.count == 10)
  }

  @Test(.enabled(if: runtime_counts_available() == 1))
  func aStepAllocatesNothing() throws {
    #expect(try counts(layers: 4).allocations == 0)
  }

  /// What is counted is the entry, whatever the number of instructions.
  @Test(.enabled(if: runtime_counts_available() == 1))
  func noReferenceIsCountedAndNoAccessCheckedInsideAStep() throws {
    let (small, large) = (try counts(layers: 1), try counts(layers: 8))
    #expect(small.referenceCounts == large.referenceCounts)
    #expect(small.accesses == large.accesses)
    #expect(small.referenceCounts <= 10 * 50)
    #expect(small.accesses <= 10 * 4)
  }
}
