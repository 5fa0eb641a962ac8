import Execution
import Expressions
import TestSupport
import Testing

// Seen to fail: with the factor of a scaled product, or a divisor, folded without its shape; with
// the signs of x - (-y) or (-x)² lost; with a tie of minimum counted twice; with nodes released by
// recursion.
struct ElementwiseTests {
  @Test func foldingAConstantKeepsTheShape() {
    let a = Tensor.state("a", [3])
    let fill = Tensor.fill(2, [4, 3])
    let folded: [Tensor] = [
      (a * fill) * 3, (a * fill) * fill, 3 * (fill * a), a / fill, (a / fill) / 2,
      a + .zeros([4, 3]),
      a - .zeros([4, 3]), .zeros([4, 3]) - a, a * .ones([4, 3]), a * .zeros([4, 3]),
      power(a, .fill(2, [4, 3])),
      power(a, .ones([4, 3])), -(a * fill), square(a * fill), a * .fill(-1, [4, 3]),
      (a * fill) * .fill(0.5),
      select(Tensor.ones([4, 1]), a, 2), select(.zeros([4, 3]), 2, a),
      a - (-a.broadcast(to: [4, 3])),
      a.broadcast(to: [4, 3]) * fill, minimum(a.broadcast(to: [4, 3]), fill),
      a.reshape([1, 3]) - fill,
    ]
    let x = [1.0, 2, 3]
    let expected: [(Double) -> Double] = [
      { 6 * $0 }, { 4 * $0 }, { 6 * $0 }, { $0 / 2 }, { $0 / 4 }, { $0 }, { $0 }, { -$0 }, { $0 },
      { _ in 0 },
      { $0 * $0 }, { $0 }, { -2 * $0 }, { 4 * $0 * $0 }, { -$0 }, { $0 }, { $0 }, { $0 },
      { 2 * $0 },
      { 2 * $0 }, { min($0, 2) }, { $0 - 2 },
    ]
    for (index, tensor) in folded.enumerated() {
      #expect(tensor.shape == [4, 3], "case \(index)")
      let value = Interpreter.evaluate([tensor], inputs: ["a": x])[0]
      let wanted = (0..<12).map { expected[index](x[$0 % 3]) }
      #expect(value == wanted, "case \(index)")
    }
  }

  @Test func signsCancel() {
    let a = Tensor.state("a", [])
    let b = Tensor.state("b", [])
    let values = Interpreter.evaluate(
      [a - (-b), square(-a), -(-a), a - 0, 0 - a, a + (-b)], inputs: ["a": [3], "b": [5]])
    #expect(values == [[8], [9], [3], [3], [-3], [-2]])
  }

  @Test func equalArgumentsOfAMinimumShareOneDerivative() {
    let a = Tensor.state("a", [])
    for f in [minimum, maximum] {
      let slope = gradient(of: { f($0, $0 + 0 * a) + f($0, stopGradient($0)) }, at: a)
      let other = gradient(of: { f(square($0) / $0, $0) + f(stopGradient($0), $0) }, at: a)
      #expect(Interpreter.evaluate([slope, other], inputs: ["a": [2]]) == [[2], [1]])
    }
  }

  @Test func differentExpressionsHaveDifferentDigests() {
    let x = Tensor.state("x", [4, 4])
    let y = Tensor.state("y", [4, 4])
    let different: [Tensor] = [
      x, y, .rows("x", [4, 4]), .scalar("x"), .state("x", [16]), .fill(1, [4, 4]),
      .fill(2, [4, 4]),
      .literal([1, 2], [2]), .literal([2, 1], [2]), .literal([1, 2], [1, 2]), .delta(4), .delta(3),
      .random(.normal, stream: "u", [4, 4], rowAxis: 0),
      .random(.normal, stream: "u", [4, 4], rowAxis: 1),
      .random(.normal, stream: "u", [4, 4], rowAxis: nil),
      .random(.normal, stream: "v", [4, 4], rowAxis: 0),
      .random(.uniform, stream: "u", [4, 4], rowAxis: 0), exp(x), log(x), exp(y), x + y, y + x,
      x - y,
      select(x, y, 1), select(y, x, 1), transpose(x), einsum("ii->i", x), einsum("ij->i", x),
      einsum("ij->j", x),
      einsum("ij,jk->ik", x, y), einsum("ij,jk->ki", x, y), einsum("ij,kj->ik", x, y), logSumExp(x),
      inverse(x), logAbsoluteDeterminant(x),
      x.broadcast(to: [2, 4, 4]), x.broadcast(to: [3, 4, 4]), x.reshape([16]), x.reshape([2, 8]),
      x.slice(axis: 0, 0..<2), x.slice(axis: 0, 1..<3), x.slice(axis: 1, 0..<2),
      x.slice(axis: 1, 1..<3),
      concatenate([x, y], axis: 0), concatenate([x, y], axis: 1), concatenate([y, x], axis: 0),
      x.padded(axis: 0, before: 1, after: 2), x.padded(axis: 0, before: 2, after: 1),
      x.padded(axis: 1, before: 1, after: 2), stopGradient(x),
    ]
    #expect(Set(different.map(\.digest)).count == different.count)
  }

  @Test func aVeryDeepExpressionIsLetGoOfWithoutRecursion() {
    var x = Tensor.state("x", [2])
    for _ in 0..<200_000 { x = tanh(x) + 1 }
    #expect(topologicalOrder([x]).count == 400_002)
  }
}
