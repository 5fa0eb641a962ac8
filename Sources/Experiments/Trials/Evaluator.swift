import Execution
import Expressions
import Kernels
import Planning
import Randomness
import Results
import ScoreMatching
import Settings

/// Metrics of a model that are means over rows or made of numbers for each row, in Double whatever
/// precision training has.
struct Evaluator {
  /// A further expression over the rows, by name.
  typealias Extra = (name: String, value: (Tensor) -> Tensor)

  struct Item {
    var name: String
    var metric: ScoreMatching.Metric

    /// The outputs of a program that measures it, and their values.
    fileprivate func outputs(_ model: Subject, at x: Tensor) -> [(name: String, value: Tensor)] {
      switch metric.quantity {
      case .mean(let body): [(name, body(model, x))]
      case .rows(let body, _):
        body(model, x).enumerated().map { (name: "\(name).\($0)", value: $1) }
      case .minibatches, .closedForm, .simulations, .data: []
      }
    }
  }

  private let arena: Arena<Double>
  private let items: [Item]

  /// - Parameters:
  ///   - items: what to measure.
  ///   - extra: further expressions over the rows, by name (the training loss on validation data).
  ///   - model: what is measured, its parameters as states.
  ///   - data: rows, [n, d] row-major.
  ///   - keys: the key of each random stream that metrics draw from.
  init(
    _ items: [Item], extra: [Extra] = [],
    of model: Subject, on data: [Double], keys: [(stream: String, key: StreamKey)],
    programs: ProgramCache
  ) throws(KernelError) {
    self.items = items
    arena = try Arena(
      Self.program(
        items, extra: extra, of: model, rowCount: data.count / model.dimension,
        programs: programs))
    if arena.program.rowInputs.contains(where: { $0.name == "x" }) {
      arena.bind("x", to: try RowData(data, columns: model.dimension))
    }
    for (stream, key) in keys { arena.setKey(stream, key) }
  }

  /// What measures so many rows.
  static func program(
    _ items: [Item], extra: [Extra] = [],
    of model: Subject, rowCount: Int, programs: ProgramCache
  ) -> Program {
    let x = Tensor.rows("x", [rowCount, model.dimension])
    return programs.program(
      outputs: items.flatMap { $0.outputs(model, at: x) }
        + extra.map { (name: $0.name, value: $0.value(x)) },
      rowCount: rowCount)
  }

  /// Gives the program what it reads of a loss's further inputs: the exact score beside the points, noise.
  func give(_ further: FurtherInputs) throws(KernelError) { try arena.give(further) }

  /// The states that its program reads.
  var stateNames: [String] { arena.program.stateNames }

  /// Bytes of the memory that it runs in, data left out.
  var arenaBytes: Int { arena.byteCount }

  /// Measures the model at the given parameters.
  func run(
    parameters: [(name: String, values: [Double])], scalars: [ScalarValue] = []
  ) {
    for (name, values) in parameters { arena.setState(name, values) }
    for scalar in scalars { arena.setScalar(scalar.name, scalar.value) }
    arena.run()
  }

  func value(_ name: String) -> Double { arena.scalarOutput(name) }

  /// What the last run found for a metric.
  func value(_ item: Item) -> Double {
    switch item.metric.quantity {
    case .mean: return arena.scalarOutput(item.name)
    case .rows(_, let reduce):
      let known = arena.program.outputNames
      let names = known.indices.map { "\(item.name).\($0)" }.prefix { known.contains($0) }
      return reduce(names.map(arena.output))
    case .minibatches, .closedForm, .simulations, .data:
      preconditionFailure("\(item.name) is no metric of one pass over the rows")
    }
  }
}
