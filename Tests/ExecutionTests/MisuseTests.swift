import Execution
import Expressions
import Kernels
import TestSupport
import Testing

// Misuse stops the process. Seen to fail, for want of the check: something else than a state
// assigned, a state assigned twice, rows of another count, rows outside the data, two outputs of
// one name.
struct MisuseTests {
  @Test func aStateIsNotAssignedAnotherShape() async {
    await #expect(processExitsWith: .failure) {
      _ = Program(
        outputs: [], assignments: [Assignment(.state("a", [3]), to: .zeros([2]))], rowCount: 0)
    }
  }

  @Test func onlyAStateIsAssignedAndOnce() async {
    await #expect(processExitsWith: .failure) {
      _ = Program(outputs: [], assignments: [Assignment(.scalar("t"), to: 1)], rowCount: 0)
    }
    await #expect(processExitsWith: .failure) {
      let a = Tensor.state("a", [3])
      _ = Program(
        outputs: [], assignments: [Assignment(a, to: a * 2), Assignment(a, to: a * 3)], rowCount: 0)
    }
  }

  @Test func rowsHaveTheProgramsCount() async {
    await #expect(processExitsWith: .failure) {
      _ = Program(outputs: [("x", .rows("x", [5, 2]))], rowCount: 3)
    }
  }

  @Test func dataHaveTheColumnsOfTheirInput() async {
    await #expect(processExitsWith: .failure) {
      let arena = try Arena<Double>(Program(outputs: [("x", .rows("x", [3, 2]))], rowCount: 3))
      arena.bind("x", to: try RowData([1, 2, 3], columns: 3))
    }
  }

  @Test func rowsOutsideTheDataAreNotRead() async {
    await #expect(processExitsWith: .failure) {
      let arena = try Arena<Double>(Program(outputs: [("x", .rows("x", [2, 2]))], rowCount: 2))
      arena.bind("x", to: try RowData([1, 2, 3, 4], columns: 2))
      arena.run(indices: [0, 2])
    }
    await #expect(processExitsWith: .failure) {
      let arena = try Arena<Double>(Program(outputs: [("x", .rows("x", [2, 2]))], rowCount: 2))
      arena.bind("x", to: try RowData([1, 2, 3, 4], columns: 2))
      arena.run(first: 1)
    }
    await #expect(processExitsWith: .failure) {
      let arena = try Arena<Double>(Program(outputs: [("x", .rows("x", [2, 2]))], rowCount: 2))
      arena.bind("x", to: try RowData([1, 2, 3, 4], columns: 2))
      arena.run(first: -1)
    }
  }

  @Test func outputsHaveDifferentNames() async {
    await #expect(processExitsWith: .failure) {
      _ = Program(outputs: [("x", 1), ("x", 2)], rowCount: 0)
    }
  }
}
