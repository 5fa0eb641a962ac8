import Execution
import Expressions
import TestSupport
import Testing

// Seen to fail: renaming the kept label instead of the summed one in `eliminate(deltaAt:)`; leaving
// out the factor for a summed label that no factor has left, or that a part of a distributed sum
// has not; keeping a label twice in a factor summed beforehand; a constant left outside what is only
// repeated, a minus left inside a reshape, and the constant of a merged chain dropped.
struct ProductTests {
  private func network(_ x: Tensor) -> Tensor {
    let h = softplus(matmul(x, constant([3, 5], seed: 1)) + constant([5], seed: 2))
    let g = tanh(matmul(h, constant([5, 4], seed: 3)))
    return matmul(g, constant([4, 3], seed: 4)) - 2 * x
  }

  private func exactTrace(_ f: (Tensor) -> Tensor, _ x: Tensor) -> Tensor {
    let (n, d) = (x.shape[0], x.shape[1])
    let basis = Tensor.delta(d).reshape([d, 1, d]).broadcast(to: [d, n, d])
    let columns = jvp(f, at: x, along: basis).tangent
    return einsum("inj,ij->n", columns, Tensor.delta(d))
  }

  @Test func theTraceByStackedBasisTangentsIsTheSumOfSingleDerivatives() {
    let x = constant([7, 3], seed: 9)
    let trace = exactTrace(network, x)
    var expected = [Double](repeating: 0, count: 7)
    for i in 0..<3 {
      let direction = Tensor.literal((0..<21).map { $0 % 3 == i ? 1 : 0 }, [7, 3])
      let tangent = jvp(network, at: x, along: direction).tangent
      let values = Interpreter.evaluate([tangent], inputs: [:])[0]
      for n in 0..<7 { expected[n] += values[n * 3 + i] }
    }
    #expect(relativeDifference(Interpreter.evaluate([trace], inputs: [:])[0], expected) < 1e-14)
  }

  @Test func theTraceOfAScoreNetworkMultipliesNoDirectionByAWeight() {
    let x = Tensor.rows("x", [100, 3])
    let order = topologicalOrder([exactTrace(network, x)])
    #expect(!order.contains { $0.primitive == .delta })
    // One product of weights with weights, then rows: nothing has the shape [3, 100, ...] of
    // stacked directions.
    #expect(!order.contains { $0.rank == 3 })
  }

  /// The same network with weights that are no literals.
  private func learned(_ x: Tensor) -> Tensor {
    let h = softplus(matmul(x, .state("w1", [3, 5])) + .state("b1", [5]))
    return matmul(tanh(matmul(h, .state("w2", [5, 4]))), .state("w3", [4, 3])) - 2 * x
  }

  @Test(arguments: ["constant", "number", "rows"])
  func aScaledInputLeavesTheTraceAsCheap(_ scaling: String) {
    let x = Tensor.rows("x", [100, 3])
    let scale: Tensor =
      switch scaling {
      case "constant": .fill(0.37)
      case "number": .scalar("c")
      default: .rows("c", [100, 1])
      }
    let scaled = { (x: Tensor) in scale * learned(scale * x) - 2 * x }
    let trace = exactTrace(scaled, x)
    let order = topologicalOrder([trace])
    #expect(!order.contains { $0.primitive == .delta })
    // Nothing has the shape [3, 100, ...] of stacked directions.
    #expect(!order.contains { $0.rank == 3 })
    // The sum of the derivatives along each axis.
    let sum = (0..<3).reduce(Tensor.zeros([100])) { sum, i in
      let direction = Tensor.literal((0..<300).map { $0 % 3 == i ? 1 : 0 }, [100, 3])
      let tangent = jvp(scaled, at: x, along: direction).tangent
      return sum + tangent.slice(axis: 1, i..<i + 1).reshape([100])
    }
    func numbers(_ count: Int, _ period: Int) -> [Double] {
      (0..<count).map { Double($0 * 7 % period) / Double(period) - 0.4 }
    }
    let inputs = [
      "x": numbers(300, 17), "c": scaling == "rows" ? numbers(100, 23) : [0.7],
      "w1": numbers(15, 11), "b1": numbers(5, 3), "w2": numbers(20, 13), "w3": numbers(12, 19),
    ]
    let values = Interpreter.evaluate([trace, sum], inputs: inputs)
    #expect(relativeDifference(values[0], values[1]) < 1e-13)
  }

  @Test func aDeltaRenamesASummedLabelAndStaysWhereBothAreKept() {
    let a = Tensor.state("a", [3, 4])
    #expect(einsum("ij,jk->ik", Tensor.delta(3), a) == a)
    #expect(einsum("ij,ik->jk", Tensor.delta(3), a) == a)
    #expect(einsum("ij,ij->", Tensor.delta(5), Tensor.delta(5)) == 5)
    #expect(einsum("ij->i", Tensor.delta(5)) == .ones([5]))
    #expect(einsum("ii->", Tensor.delta(5)) == 5)
    let kept = einsum("ij,ik->ijk", Tensor.delta(3), a)
    let values = Interpreter.evaluate([kept], inputs: ["a": (0..<12).map(Double.init)])[0]
    #expect(values[0..<4] == [0, 1, 2, 3] && values[4..<12].allSatisfy { $0 == 0 })
  }

  @Test func aSumWithADeltaInItCountsEveryLabelThatItsPartsHaveNot() {
    let b = Tensor.state("b", [3])
    let c = Tensor.state("c", [3, 1])
    let delta = Tensor.delta(3)
    let values = Interpreter.evaluate(
      [
        sum(delta + b), einsum("k,ij->", .ones([4]), delta + b), sum(delta - c, axes: [0]),
        einsum("ij,jk->ik", delta + b, delta - c), einsum("ij,j->i", delta - b, b),
        einsum("ij,kl->", delta + 2, delta - b),
      ], inputs: ["b": [1, 2, 4], "c": [1, 2, 4]])
    #expect(values[0] == [24])  // 3 + 3 · 7
    #expect(values[1] == [96])
    #expect(values[2] == [-6, -6, -6])  // 1 - 7
    // (δ + 1 bᵀ)(δ - c 1ᵀ) = δ - c 1ᵀ + 1 bᵀ - (b · c) 1 1ᵀ
    let exact = (0..<9).map { index -> Double in
      let (i, k) = (index / 3, index % 3)
      return (i == k ? 1 : 0) - [1, 2, 4][i] + [1, 2, 4][k] - 21
    }
    #expect(values[3] == exact)
    #expect(values[4] == [-20, -19, -17])
    #expect(values[5] == [21 * -18])
  }

  @Test func aDiagonalIsTakenBeforeWhatItAloneSumsOver() {
    let r = Tensor.literal((0..<18).map(Double.init), [3, 3, 2])
    let v = Tensor.literal([1, 10, 100], [3])
    // r[i, i, j] summed over j: 1, 17, 33.
    #expect(Interpreter.evaluate([einsum("iij,i->i", r, v)], inputs: [:])[0] == [1, 170, 3300])
    #expect(Interpreter.evaluate([einsum("iij,k->i", r, v)], inputs: [:])[0] == [111, 1887, 3663])
  }

  @Test func constantsComeOutOfSums() {
    let a = Tensor.state("a", [3])
    #expect(einsum("i,j->i", a, Tensor.ones([4])) == a * 4)
    #expect(sum(Tensor.fill(2, [3, 4])) == 24)
    #expect(mean(a.broadcast(to: [4, 3])) == sum(a) * .fill(1.0 / 3))
    #expect(dot(a, -a) == -dot(a, a))
  }

  @Test func equalExpressionsAreOneNode() {
    let x = Tensor.rows("x", [8, 3])
    #expect(network(x) == network(x))
    let once = topologicalOrder([network(x)]).count
    let twice = topologicalOrder([network(x) + network(x)]).count
    #expect(twice == once + 1)
    let (value, tangent) = jvp(network, at: x, along: .ones([8, 3]))
    #expect(value == network(x))
    #expect(topologicalOrder([value, tangent]).count < 3 * once)
  }

  @Test func longProductsAreTheSameInEveryOrder() {
    let factors = (0..<5).map { constant([3, 3], seed: UInt64($0)) }
    let chained = factors.dropFirst().reduce(factors[0]) { matmul($0, $1) }
    let together = einsum(
      "ab,bc,cd,de,ef->af", factors[0], factors[1], factors[2], factors[3], factors[4])
    let values = Interpreter.evaluate([chained, together], inputs: [:])
    #expect(relativeDifference(values[0], values[1]) < 1e-14)
  }
}
