import Execution
import Expressions

@testable import ScoreMatching

/// Minimises a loss of a model's parameters over fixed rows by L-BFGS, evaluated in Double.
func fullBatch(
  _ model: any ScoreModel, from start: [[Double]], on rows: [Double], tolerance: Double = 1e-10,
  _ loss: ([Tensor], Tensor) -> Tensor
) throws -> (found: LBFGS, theta: [[Double]]) {
  let n = rows.count / model.dimension
  let x = Tensor.rows("x", [n, model.dimension])
  let (value, gradients) = valueAndGradients(of: { loss($0, x) }, at: model.states)
  let names = model.parameters.map(\.name)
  let arena = try Arena<Double>(
    Program(
      outputs: [("loss", value)] + zip(names, gradients).map { ($0, $1) }, rowCount: n))
  arena.bind("x", to: try RowData(rows, columns: model.dimension))
  func parts(_ point: [Double]) -> [[Double]] {
    var rest = point[...]
    return model.parameters.map { parameter in
      let count = parameter.shape.reduce(1, *)
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
  var minimiser = LBFGS(from: start.flatMap { $0 }, tolerance: tolerance)
  while case .evaluate(let point) = minimiser.request {
    for (name, values) in zip(names, parts(point)) { arena.setState(name, values) }
    arena.run()
    minimiser.take(
      value: arena.scalarOutput("loss"), gradient: names.flatMap { arena.output($0) })
  }
  return (minimiser, parts(minimiser.point))
}
