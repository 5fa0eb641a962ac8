import Execution
import Expressions
import TestSupport
import Testing

/// Random matrices near a cyclic permutation: well conditioned, and nothing large on the diagonal.
private func shifted(_ x: Tensor) -> Tensor {
  let n = x.shape[x.rank - 1]
  let cycle = (0..<n * n).map { ($0 / n + 1) % n == $0 % n ? 1.0 : 0 }
  return .literal(cycle, [n, n]) + x * .fill(0.3 / Double(n).squareRoot())
}

// Seen to fail: with an inverse on one side of a tangent or a cotangent transposed, with a sign turned, with the
// transpose of the logarithm's gradient forgotten.
struct SquareMatricesTests {
  @Test(arguments: [1, 2, 3, 7])
  func theInverseHasTheRightDerivatives(_ n: Int) {
    checkDerivatives("inverse", shape: [n, n]) { inverse(shifted($0)) }
  }

  @Test(arguments: [1, 2, 3, 7])
  func theLogarithmOfTheDeterminantHasTheRightDerivatives(_ n: Int) {
    checkDerivatives("logAbsoluteDeterminant", shape: [n, n], order: 3) {
      logAbsoluteDeterminant(shifted($0))
    }
  }

  @Test(arguments: [20, 40])
  func largeMatricesHaveTheRightFirstDerivatives(_ n: Int) {
    checkDerivatives("inverse", shape: [n, n], order: 1) { inverse(shifted($0)) }
    checkDerivatives("logAbsoluteDeterminant", shape: [n, n], order: 1) {
      logAbsoluteDeterminant(shifted($0))
    }
  }

  @Test func stacksOfMatricesHaveTheRightDerivatives() {
    checkDerivatives("inverse", shape: [2, 4, 3, 3]) { inverse(shifted($0)) }
    checkDerivatives("logAbsoluteDeterminant", shape: [2, 4, 3, 3]) {
      logAbsoluteDeterminant(shifted($0))
    }
  }

  @Test func valuesAreThoseByHand() {
    let x = Tensor.literal([0, 2, -4, 3, 1, 0, 0, 5], [2, 2, 2])
    let values = Interpreter.evaluate([inverse(x), logAbsoluteDeterminant(x)], inputs: [:])
    #expect(relativeDifference(values[0], [0.375, -0.25, 0.5, 0, 1, 0, 0, 0.2]) < 1e-15)
    // ln 8 and ln 5; the first determinant is 8, that of its rows exchanged -8.
    #expect(relativeDifference(values[1], [2.0794415416798357, 1.6094379124341003]) < 1e-15)
    let exchanged = logAbsoluteDeterminant(.literal([-4, 3, 0, 2], [2, 2]))
    #expect(
      relativeDifference(Interpreter.evaluate([exchanged], inputs: [:])[0], [2.0794415416798357])
        < 1e-15)
  }

  @Test func theGradientOfTheLogarithmIsTheInverseTransposed() {
    let x = shifted(constant([6, 6], seed: 3))
    let both = [
      gradient(of: { sum(logAbsoluteDeterminant($0)) }, at: x), transpose(inverse(x)),
    ]
    let values = Interpreter.evaluate(both, inputs: [:])
    #expect(relativeDifference(values[0], values[1]) < 1e-14)
  }

  @Test func theyArePrintedAndToldApart() {
    let x = Tensor.state("x", [3, 3])
    #expect(inverse(x).description.hasSuffix("%1 = inverse(%0) [3, 3]"))
    #expect(logAbsoluteDeterminant(x).description.hasSuffix("%1 = logAbsoluteDeterminant(%0) []"))
    #expect(inverse(x) == inverse(x) && inverse(x) != inverse(x * 2) && inverse(x) != x)
  }

  @Test func matricesHaveToBeSquare() async {
    await #expect(processExitsWith: .failure) { _ = inverse(.state("a", [2, 3])) }
    await #expect(processExitsWith: .failure) { _ = logAbsoluteDeterminant(.state("a", [4])) }
  }
}
