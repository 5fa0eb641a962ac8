import Expressions
import Testing

// Misuse stops the process. Seen to fail, for want of the check: einsum with a label twice in its
// output.
struct ShapeMistakeTests {
  @Test func elementwiseOperandsBroadcast() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor.state("a", [3]) + Tensor.state("b", [2])
    }
    await #expect(processExitsWith: .failure) {
      _ = select(.state("a", [3]), .state("b", [2]), 0)
    }
  }

  @Test func matmulContractsTheSameExtent() async {
    await #expect(processExitsWith: .failure) {
      _ = matmul(.state("a", [2, 3]), .state("b", [2, 3]))
    }
    await #expect(processExitsWith: .failure) { _ = dot(.state("a", [3]), .state("b", [2])) }
  }

  @Test func einsumFitsItsFormula() async {
    await #expect(processExitsWith: .failure) { _ = einsum("ij->i", .state("a", [3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("i->j", .state("a", [3])) }
    await #expect(processExitsWith: .failure) { _ = einsum("i->ii", .state("a", [3])) }
    await #expect(processExitsWith: .failure) {
      _ = einsum("i,i->", .state("a", [3]), .state("b", [2]))
    }
    await #expect(processExitsWith: .failure) { _ = einsum("i,i->", .state("a", [3])) }
  }

  @Test func aDirectionEndsInThePointsShape() async {
    await #expect(processExitsWith: .failure) {
      _ = jvp({ square($0) }, at: .state("a", [3]), along: .state("v", [3, 2]))
    }
    await #expect(processExitsWith: .failure) {
      _ = vjp({ square($0) }, at: .state("a", [3])).pullback(.ones([2]))
    }
    await #expect(processExitsWith: .failure) {
      _ = gradient(of: { square($0) }, at: .state("a", [3]))
    }
  }

  @Test func shapingStaysWithinTheShape() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.state("a", [3]).reshape([2]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.state("a", [3]).broadcast(to: [2, 2]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.state("a", [3]).slice(axis: 0, 2..<4) }
    await #expect(processExitsWith: .failure) { _ = Tensor.state("a", [3]).expanded(at: -1) }
    await #expect(processExitsWith: .failure) {
      _ = concatenate([.state("a", [3, 2]), .state("b", [3, 3])], axis: 0)
    }
  }
}
