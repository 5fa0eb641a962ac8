import Execution
import Expressions
import Kernels
import TestSupport
import Testing

// Seen to fail: with one matrix for all of a stack, with a workspace of half the size; with the rows of a matrix cut
// into tiles the process dies.
struct SquareMatricesTests {
  private func shifted(_ x: Tensor) -> Tensor {
    let n = x.shape[x.rank - 1]
    let cycle = (0..<n * n).map { ($0 / n + 1) % n == $0 % n ? 1.0 : 0 }
    return .literal(cycle, [n, n]) + x * .fill(0.3 / Double(n).squareRoot())
  }

  @Test(arguments: [1, 2, 3, 5, 8, 17, 40])
  func programsInvertAsTheInterpreterDoes(_ n: Int) throws {
    let x = shifted(.state("x", [n, n]))
    let stack = shifted(.state("stack", [3, n, n]))
    let outputs = [
      inverse(x), logAbsoluteDeterminant(x), inverse(stack), logAbsoluteDeterminant(stack),
      logAbsoluteDeterminant(inverse(transpose(x))), inverse(x.broadcast(to: [2, n, n])),
    ]
    #expect(try difference(outputs, rowCount: 0) < 1e-12)
    let found = try Comparison<Float>(outputs, seed: 2).difference(outputs, rowCount: 0)
    #expect(found < 1e-4)
  }

  @Test func matricesWithoutElementsAndConstantOnes() throws {
    let outputs: [Tensor] = [
      logAbsoluteDeterminant(.zeros([0, 0])), inverse(.zeros([2, 0, 0])),
      inverse(.zeros([0, 3, 3])), logAbsoluteDeterminant(.delta(4) * 2), inverse(.fill(4, [1, 1])),
    ]
    #expect(try difference(outputs, rowCount: 0) == 0)
  }

  @Test(arguments: [1, 2, 129, 300])
  func matricesOfRowsGoThroughTiles(_ n: Int) throws {
    let x = shifted(Tensor.rows("x", [n, 3, 3]))
    #expect(try difference([inverse(x), logAbsoluteDeterminant(x)], rowCount: n) < 1e-13)
    #expect(try difference([mean(logAbsoluteDeterminant(x))], rowCount: n) < 1e-13)
    // A matrix that sums over the rows, and one whose own rows they are.
    let gram = einsum("na,nb->ab", Tensor.rows("y", [n, 3]), .rows("y", [n, 3])) + .delta(3)
    #expect(try difference([inverse(gram), logAbsoluteDeterminant(gram)], rowCount: n) < 1e-12)
    if n < 200 {
      let whole = Tensor.rows("w", [n, n])  // its rows are data: it cannot be cut
      #expect(try difference([inverse(whole), logAbsoluteDeterminant(whole)], rowCount: n) < 1e-9)
      let kernel = exp(-square(Tensor.rows("z", [n, 1]) - .rows("z", [n, 1]).reshape([1, n])))
      #expect(try difference([logAbsoluteDeterminant(kernel + .delta(n))], rowCount: n) < 1e-12)
    }
  }

  @Test func aStepAssignsAStateThatItInverts() throws {
    let x = Tensor.state("x", [5, 5])
    let w = shifted(x)
    let gradient = gradient(of: { -sum(logAbsoluteDeterminant($0)) + sum(square($0)) }, at: w)
    #expect(
      try difference(
        [logAbsoluteDeterminant(w)], [Assignment(x, to: x - 0.1 * gradient)], rowCount: 0)
        < 1e-13)
    #expect(try difference([], [Assignment(x, to: inverse(w))], rowCount: 0) < 1e-13)
  }

  @Test func valueAndGradientShareOneInverse() {
    let x = Tensor.state("x", [4, 4])
    let gradients = gradient(of: { sum(logAbsoluteDeterminant($0)) + sum(inverse($0)) }, at: x)
    let program = Program(
      outputs: [("value", logAbsoluteDeterminant(x)), ("gradient", gradients)], rowCount: 0)
    let lines = program.description.split(separator: "\n")
    #expect(lines.count { $0.contains("= inverse x [1, 4, 4]") } == 1)
    #expect(lines.count { $0.contains("= logAbsoluteDeterminant x [1, 4, 4]") } == 1)
    #expect(Profile(program).entries.count { $0.primitive == "matrices" } == 2)
  }

  @Test func aSingularMatrixIsNotFiniteAndStopsNothing() throws {
    let x = Tensor.state("x", [2, 2])
    let program = Program(
      outputs: [("inverse", inverse(x)), ("logarithm", logAbsoluteDeterminant(x))], rowCount: 0)
    let arena = try Arena<Double>(program)
    arena.setState("x", [1, 2, 2, 4])
    arena.run()
    #expect(arena.output("inverse").contains { !$0.isFinite })
    #expect(arena.scalarOutput("logarithm") == -.infinity)
  }

  @Test func largerMatricesCostMore() {
    func work(_ n: Int) -> Double {
      Program(outputs: [("y", inverse(.state("x", [n, n])))], rowCount: 0).work
    }
    #expect(work(80) > 4 * work(40) && work(40) > work(4) && work(4) > 0)
    let logarithm = Program(
      outputs: [("y", logAbsoluteDeterminant(.state("x", [80, 80])))], rowCount: 0)
    #expect(logarithm.work < work(80) / 2)
  }
}
