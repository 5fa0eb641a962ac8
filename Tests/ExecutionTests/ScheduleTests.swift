import Execution
import Expressions
import Testing

// Seen to fail: with the update's elementwise nodes left where they can be computed first; before
// a derivative joined its activation's group, and before factors agreed on an order.
struct ScheduleTests {
  private let x = Tensor.rows("x", [200, 8])
  private let w = Tensor.state("w", [8, 8])

  private func lines(_ program: Program) -> [String] {
    program.description.split(separator: "\n").map(String.init)
  }

  @Test func anUpdateIsOnePassOverTheParameters() {
    let g = gradient(of: { mean(square(softplus(matmul(x, $0)))) }, at: w)
    let m = Tensor.state("m", [8, 8])
    let mNew = .fill(0.9) * m + .fill(0.1) * g
    let program = Program(
      outputs: [("norm", sum(square(g)))],
      assignments: [
        Assignment(m, to: mNew), Assignment(w, to: w - .scalar("rate") * mNew),
      ], rowCount: 200)
    let passes = lines(program).filter { $0.contains("each [64]") }
    #expect(passes.count == 1, "\(passes)")
    #expect(passes.first?.contains("m = ") == true && passes.first?.contains("w = ") == true)
  }

  @Test func anActivationAndItsDerivativeShareTheirExponential() {
    let output = Tensor.state("output", [8, 8])
    func loss(_ w: Tensor) -> Tensor {
      mean(square(softplus(matmul(softplus(matmul(x, w)), output))))
    }
    let program = Program(outputs: [("g", gradient(of: loss, at: w))], rowCount: 200)
    // Of both layers, though the first one's derivative is needed long after.
    #expect(lines(program).filter { $0.contains("softplus, sigmoid") }.count == 2, "\(program)")
  }

  @Test func aWeightIsPackedOnceHoweverManyProductsReadIt() {
    let v = Tensor.random(.rademacher, stream: "v", [200, 8], rowAxis: 0)
    let (s, sDot) = jvp({ softplus(matmul($0, w)) }, at: x, along: v)
    let program = Program(outputs: [("l", mean(s + sDot))], rowCount: 200)
    #expect(lines(program).filter { $0.contains("pack w") }.count == 1)
    #expect(lines(program).filter { $0.contains("gemm rowsx8x8") }.count == 2)
  }

  /// A weight that is used twice: both parts of its gradient are summed in one place.
  @Test func partsOfAGradientAreSummedInOnePlace() throws {
    let y = Tensor.rows("y", [200, 8])
    let total = einsum("na,nb->ab", x, y) + einsum("na,nb->ab", softplus(y), tanh(x))
    let program = Program(outputs: [("g", total * total)], rowCount: 200)
    let targets = lines(program).filter { $0.contains("+= gemm") }.map { $0.prefix(8) }
    #expect(targets.count == 2 && Set(targets).count == 1, "\(program)")
    #expect(try difference([total * total, total], rowCount: 200) < 1e-13)
    // Where both are columns sums, or one is permuted, in a pass of its own.
    let columns = sum(x, axes: [0]) + einsum("na,nb->b", y, x)
    let permuted = einsum("na,nb->ba", x, y) + einsum("nb,na->ba", x, square(y))
    #expect(try difference([columns * 2, permuted * 3], rowCount: 200) < 1e-13)
  }

  @Test func aSumOverOneElementIsNoSum() {
    let slices = Tensor.random(.normal, stream: "v", [1, 200, 8], rowAxis: 1)
    #expect(sum(slices, axes: [0]) == slices.reshape([200, 8]))
    #expect(
      einsum("mnd,nd->nd", slices, x) == slices.reshape([200, 8]) * x
        || einsum("mnd,nd->nd", slices, x) == x * slices.reshape([200, 8]))
  }

  /// Three hidden layers wider than there are rows: the stacked tangents meet each inner weight as
  /// one matrix of rows x tangents, in no loop over rows.
  @Test func stackedTangentsGoThroughAWeightAsOneMatrix() {
    func score(_ x: Tensor) -> Tensor {
      let first = softplus(matmul(x, .state("a", [6, 32])))
      let second = softplus(matmul(first, .state("b", [32, 32])))
      let third = softplus(matmul(second, .state("c", [32, 32])))
      return matmul(third, .state("d", [32, 6]))
    }
    let input = Tensor.rows("x", [20, 6])
    let basis = Tensor.delta(6).reshape([6, 1, 6]).broadcast(to: [6, 20, 6])
    let (_, tangents) = jvp(score, at: input, along: basis)
    let trace = einsum("inj,ij->n", tangents, .delta(6))
    let program = Program(outputs: [("trace", mean(trace))], rowCount: 20)
    #expect(lines(program).contains { $0.contains("gemm 6rowsx32x32") }, "\(program)")
    #expect(!lines(program).contains { $0.contains("gemm") && $0.contains("for [") })
  }
}
