import Expressions

/// A value that a step gives to a state variable.
public struct Assignment: Sendable {
  /// A ``Tensor/state(_:_:)`` leaf.
  public let state: Tensor
  /// Its next value, of the same shape, computed from the values before the step.
  public let value: Tensor

  public init(_ state: Tensor, to value: Tensor) {
    self.state = state
    self.value = value
  }
}

/// A step compiled once: what to compute from states, rows, random numbers and scalars, which states to
/// assign, and what to report.
///
/// Immutable and shared by every trial of a configuration; each worker runs it in an ``Arena`` of its own. The
/// same program gives the same bits whoever runs it: tiles have a fixed size that depends on shapes
/// alone, and sums over tiles are added in their order.
public struct Program: Sendable {
  /// Rows of data in one step.
  public let rowCount: Int
  /// Rows evaluated at a time.
  public let tileRows: Int
  public let plan: MemoryPlan
  let symbols: Symbols
  let instructions: [Instruction]
  /// The instructions that run once per tile; those before run before all tiles, those behind after them.
  let tileRange: Range<Int>
  let outputs: [OutputSlot]
  /// Strip registers that the widest elementwise group needs.
  let registerCount: Int

  struct OutputSlot: Sendable {
    var name: String
    var shape: Shape
  }

  /// Compiles a step.
  ///
  /// - Parameters:
  ///   - outputs: what to report, by name.
  ///   - assignments: the states' next values; all are taken from the values before the step.
  ///   - rowCount: the rows of every rows input; 0 or 1 where there are none.
  public init(
    outputs: [(name: String, value: Tensor)], assignments: [Assignment] = [], rowCount: Int
  ) {
    let roots = outputs.map(\.value) + assignments.flatMap { [$0.state, $0.value] }
    for assignment in assignments {
      precondition(
        assignment.state.shape == assignment.value.shape,
        "program: state \(assignment.state.shape) assigned \(assignment.value.shape)")
    }
    let order = topologicalOrder(roots)
    let values = outputs.map(\.value) + assignments.map(\.value)
    let analysis = RowAnalysis(order, rowCount: rowCount, results: outputs.map(\.value))
    let compiler = Compiler(order, values: values, analysis: analysis)
    let compiled = compiler.compile(outputs: outputs, assignments: assignments)
    self.rowCount = rowCount
    symbols = compiled.symbols
    instructions = compiled.instructions
    tileRange = compiled.tileRange
    tileRows = compiled.tileRows
    plan = compiled.plan
    registerCount = compiled.registerCount
    self.outputs = outputs.map { OutputSlot(name: $0.name, shape: $0.value.shape) }
  }

  /// The names of the states, in the order that an arena keeps them.
  public var stateNames: [String] { symbols.states.map(\.name) }
  public var scalarNames: [String] { symbols.scalars }
  public var rowInputs: [(name: String, columns: Int)] {
    symbols.rowInputs.map { ($0.name, $0.columns) }
  }

  /// Tiles in one step.
  public var tileCount: Int { (rowCount + tileRows - 1) / max(tileRows, 1) }

  /// The additions and multiplications of the step's products, elementwise work left out.
  public var productOperations: Int {
    var total = 0
    for (index, instruction) in instructions.enumerated() {
      guard case .product(let loop) = instruction else { continue }
      if tileRange.contains(index) {
        var row = 0
        while row < rowCount {
          total += loop.operations(min(tileRows, rowCount - row))
          row += tileRows
        }
      } else {
        total += loop.operations(rowCount)
      }
    }
    return total
  }
}
