import Expressions

/// A value that a step gives to a state variable.
public struct Assignment: Sendable {
  /// A ``Tensor/state(_:_:)`` leaf.
  public let state: Tensor
  /// Its next value, of the same shape, computed from the values before the step.
  public let value: Tensor

  /// The state's next value. ``Program`` checks that it is a state and that the shapes agree.
  public init(_ state: Tensor, to value: Tensor) {
    self.state = state
    self.value = value
  }
}

/// A step compiled once: what to compute from states, rows, random numbers and scalars, which
/// states to assign, and what to report.
///
/// Immutable and shared by every trial of a configuration; each worker runs it in an ``Arena`` of
/// its own. The same program gives the same bits whoever runs it: tiles have a fixed size that
/// depends on shapes alone, and sums over tiles are added in their order.
public struct Program: Sendable {
  /// Rows of data in one step.
  public let rowCount: Int
  /// Rows evaluated at a time.
  public let tileRows: Int
  /// Where each piece of scratch memory lies, and when.
  public let scratch: ScratchPlan
  /// What a run needs of all this, in a form that nothing must be looked up in.
  let tapes: Tapes
  let symbols: Symbols
  let instructions: [Instruction]
  /// The instructions that run once per tile; those before run before all tiles, those behind after
  /// them.
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
  ///
  /// Misuse stops the process: a rows input of another row count, something else than a state
  /// assigned, a state assigned twice or another shape, two outputs of one name.
  public init(
    outputs: [(name: String, value: Tensor)], assignments: [Assignment] = [], rowCount: Int
  ) {
    let roots = outputs.map(\.value) + assignments.flatMap { [$0.state, $0.value] }
    let order = topologicalOrder(roots)
    Self.check(order, outputs.map(\.name), assignments, rowCount)
    let values = outputs.map(\.value) + assignments.map(\.value)
    let analysis = RowAnalysis(
      order, rowCount: rowCount, results: outputs.map(\.value),
      assigned: assignments.map(\.value))
    let compiler = Compiler(order, values: values, analysis: analysis)
    let compiled = compiler.compile(outputs: outputs, assignments: assignments)
    self.rowCount = rowCount
    symbols = compiled.symbols
    instructions = compiled.instructions
    tileRange = compiled.tileRange
    tileRows = compiled.tileRows
    scratch = compiled.scratch
    registerCount = compiled.registerCount
    self.outputs = outputs.map { OutputSlot(name: $0.name, shape: $0.value.shape) }
    tapes = Tapes(compiled, rowCount: rowCount)
  }

  /// How many cores a step can keep busy.
  public var usefulCores: Int { tapes.groups.count }

  /// Stops the process, naming the operation and what does not fit, where a program is asked for
  /// wrongly.
  private static func check(
    _ order: [Tensor], _ outputs: [String], _ assignments: [Assignment], _ rowCount: Int
  ) {
    require(rowCount >= 0, "program: \(rowCount) rows")
    for (index, name) in outputs.enumerated() {
      require(!outputs[..<index].contains(name), "program: two outputs named \(name)")
    }
    for (index, assignment) in assignments.enumerated() {
      guard case .input(let input) = assignment.state.primitive, input.role == .state else {
        fatalError(
          "program: only a state can be assigned, not \(assignment.state.primitive.label)")
      }
      require(
        assignment.state.shape == assignment.value.shape,
        "program: state \(input.name) of shape \(assignment.state.shape) assigned shape "
          + "\(assignment.value.shape)")
      require(
        !assignments[..<index].contains { $0.state == assignment.state },
        "program: state \(input.name) assigned twice")
    }
    for node in order {
      guard case .input(let input) = node.primitive, input.role == .rows else { continue }
      require(
        node.shape[0] == rowCount,
        "program: rows \(input.name) of shape \(node.shape) in a program of \(rowCount) rows")
    }
  }

  /// The names of what is reported, in the order in which it was given.
  public var outputNames: [String] { outputs.map(\.name) }
  /// The names of the states, in the order that an arena keeps them.
  public var stateNames: [String] { symbols.states.map(\.name) }
  /// The names of the scalar inputs, in the order that an arena keeps them.
  public var scalarNames: [String] { symbols.scalars }
  /// The rows inputs with the numbers in a row of each, in the order that an arena keeps them.
  public var rowInputs: [(name: String, columns: Int)] {
    symbols.rowInputs.map { ($0.name, $0.columns) }
  }

  /// Tiles in one step.
  public var tileCount: Int { (rowCount + tileRows - 1) / max(tileRows, 1) }

  /// The additions and multiplications of the step's products, elementwise work left out.
  public var productOperations: Int {
    instructions.indices.reduce(0) { $0 + operations($1) }
  }

  /// The additions and multiplications of one instruction, all its tiles together.
  func operations(_ index: Int) -> Int {
    guard case .product(let loop) = instructions[index] else { return 0 }
    guard tileRange.contains(index) else { return loop.operations(rowCount) }
    let rest = rowCount % tileRows
    return rowCount / tileRows * loop.operations(tileRows) + (rest > 0 ? loop.operations(rest) : 0)
  }
}
