import Execution
import Expressions
import Testing

// Seen to fail: with half the cost of a product; with exponentials as cheap as additions.
struct ProgramWorkTests {
  private func work(rows: Int, width: Int, _ function: (Tensor) -> Tensor) -> Double {
    let x = Tensor.rows("x", [rows, width])
    return Program(outputs: [("y", sum(function(x)))], rowCount: rows).work
  }

  @Test func moreRowsColumnsAndFunctionsCostMore() {
    let one = work(rows: 128, width: 8) { exp($0) }
    #expect(one > 0)
    #expect(work(rows: 256, width: 8) { exp($0) } > 1.5 * one)
    #expect(work(rows: 128, width: 64) { exp($0) } > 1.5 * one)
    #expect(work(rows: 128, width: 8) { exp(exp($0)) } > one)
    #expect(work(rows: 128, width: 8) { $0 * $0 } < one)
  }

  @Test func aLargeProductCostsAboutItsOperations() {
    let weight = Tensor.state("w", [256, 256])
    let x = Tensor.rows("x", [512, 256])
    let program = Program(outputs: [("y", sum(matmul(x, weight)))], rowCount: 512)
    let operations = Double(program.productOperations)
    #expect(operations == 2 * 512 * 256 * 256)
    #expect(program.work > operations && program.work < 1.3 * operations)
  }
}
