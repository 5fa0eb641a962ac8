import Expressions

/// Evaluates expressions in Double, node by node, by the definition of each primitive and nothing
/// else.
///
/// The oracle for compiled programs and for derivative rules: loops over every index, no fusion, no
/// tiles, no kernels. Slow by intention.
public enum Interpreter {
  /// The values of `roots`, row-major.
  ///
  /// - Parameters:
  ///   - inputs: the value of each named input that the expressions reach.
  ///   - random: the numbers of a random leaf of a given shape.
  public static func evaluate(
    _ roots: [Tensor], inputs: [String: [Double]],
    random: (RandomLeaf, Shape) -> [Double] = { leaf, _ in
      fatalError("interpreter: no numbers given for the stream \(leaf.stream)")
    }
  ) -> [[Double]] {
    var values: [Digest: [Double]] = [:]
    for node in topologicalOrder(roots) {
      let operands = node.operands.map { values[$0.digest] ?? [] }
      let value = evaluate(node, operands, inputs: inputs, random: random)
      require(
        value.count == node.elementCount,
        "interpreter: \(value.count) values for \(node.primitive.label) of shape \(node.shape)")
      values[node.digest] = value
    }
    return roots.map { values[$0.digest] ?? [] }
  }

  private static func evaluate(
    _ node: Tensor, _ x: [[Double]], inputs: [String: [Double]],
    random: (RandomLeaf, Shape) -> [Double]
  ) -> [Double] {
    switch node.primitive {
    case .input(let input):
      guard let value = inputs[input.name] else {
        fatalError("interpreter: input \(input.name) has no value")
      }
      return value
    case .variable(let number):
      fatalError("interpreter: free variable \(number)")
    case .fill(let value):
      return [Double](repeating: value, count: node.elementCount)
    case .literal(let values):
      return values
    case .delta:
      let n = node.shape[0]
      return (0..<(n * n)).map { $0 / n == $0 % n ? 1 : 0 }
    case .random(let leaf):
      return random(leaf, node.shape)
    case .elementary(let function):
      return x[0].map(function.evaluate)
    case .binary(let function):
      let left = spread(x[0], node.operands[0].shape, to: node.shape)
      let right = spread(x[1], node.operands[1].shape, to: node.shape)
      return zip(left, right).map(function.evaluate)
    case .select:
      let parts = zip(x, node.operands).map { spread($0, $1.shape, to: node.shape) }
      return parts[0].indices.map { parts[0][$0] != 0 ? parts[1][$0] : parts[2][$0] }
    case .contraction(let contraction):
      return contract(contraction, node, x)
    case .logSumExp:
      let width = node.operands[0].shape.last ?? 1
      return (0..<node.elementCount).map { row in
        let entries = x[0][(row * width)..<((row + 1) * width)]
        let largest = entries.max() ?? -.infinity
        guard largest.isFinite else { return largest }
        return largest
          + ElementaryFunction.log.evaluate(
            entries.reduce(0) { $0 + ElementaryFunction.exp.evaluate($1 - largest) })
      }
    case .inverse:
      return matrices(x[0], node.operands[0]).flatMap { OrthogonalRows($0).inverse }
    case .logAbsoluteDeterminant:
      return matrices(x[0], node.operands[0]).map { OrthogonalRows($0).logAbsoluteDeterminant }
    case .broadcast:
      return spread(x[0], node.operands[0].shape, to: node.shape)
    case .reshape, .stopGradient:
      return x[0]
    case .slice(let axis, let lower, _):
      return move(node.shape, axis: axis, offset: lower, from: x[0], node.operands[0].shape)
    case .concatenate(let axis):
      var result = [Double](repeating: 0, count: node.elementCount)
      var offset = 0
      for (value, operand) in zip(x, node.operands) {
        place(value, operand.shape, axis: axis, offset: offset, in: &result, node.shape)
        offset += operand.shape[operand.rank + axis]
      }
      return result
    case .pad(let axis, let before, _):
      var result = [Double](repeating: 0, count: node.elementCount)
      place(x[0], node.operands[0].shape, axis: axis, offset: before, in: &result, node.shape)
      return result
    }
  }

  /// The rows of each matrix over the last two axes.
  private static func matrices(_ x: [Double], _ operand: Tensor) -> [[[Double]]] {
    let (rows, columns) = (operand.shape[operand.rank - 2], operand.shape[operand.rank - 1])
    return (0..<operand.shape.dropLast(2).reduce(1, *)).map { matrix in
      (0..<rows).map { row in
        let start = (matrix * rows + row) * columns
        return Array(x[start..<start + columns])
      }
    }
  }

  /// The position of each coordinate of a row-major index.
  private static func coordinates(_ index: Int, _ shape: Shape) -> [Int] {
    var rest = index
    var result = [Int](repeating: 0, count: shape.count)
    for axis in shape.indices.reversed() {
      result[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return result
  }

  private static func index(_ coordinates: [Int], _ shape: Shape) -> Int {
    zip(coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  private static func spread(_ x: [Double], _ from: Shape, to shape: Shape) -> [Double] {
    if from == shape { return x }
    return (0..<shape.reduce(1, *)).map { position in
      let own = coordinates(position, shape).suffix(from.count)
      return x[index(zip(own, from).map { $1 == 1 ? 0 : $0 }, from)]
    }
  }

  private static func move(
    _ shape: Shape, axis: Int, offset: Int, from x: [Double], _ source: Shape
  ) -> [Double] {
    (0..<shape.reduce(1, *)).map { position in
      var own = coordinates(position, shape)
      own[own.count + axis] += offset
      return x[index(own, source)]
    }
  }

  private static func place(
    _ x: [Double], _ source: Shape, axis: Int, offset: Int, in result: inout [Double],
    _ shape: Shape
  ) {
    for position in x.indices {
      var own = coordinates(position, source)
      own[own.count + axis] += offset
      result[index(own, shape)] = x[position]
    }
  }

  private static func contract(
    _ contraction: Contraction, _ node: Tensor, _ x: [[Double]]
  ) -> [Double] {
    var extents: [Int: Int] = [:]
    for (labels, operand) in zip(contraction.operands, node.operands) {
      for (label, extent) in zip(labels, operand.shape) { extents[label] = extent }
    }
    let summed = extents.keys.filter { !contraction.output.contains($0) }.sorted()
    let labels = contraction.output + summed
    let shape = labels.map { extents[$0] ?? 1 }
    // The step of each factor's index along each loop.
    let strides = zip(contraction.operands, node.operands).map { own, operand in
      labels.map { label in
        own.indices.filter { own[$0] == label }.reduce(0) { total, axis in
          total + operand.shape[(axis + 1)...].reduce(1, *)
        }
      }
    }
    var result = [Double](repeating: 0, count: node.elementCount)
    let inner = summed.reduce(1) { $0 * (extents[$1] ?? 1) }
    for position in 0..<shape.reduce(1, *) {
      let own = coordinates(position, shape)
      var product = 1.0
      for (value, steps) in zip(x, strides) {
        product *= value[zip(own, steps).reduce(0) { $0 + $1.0 * $1.1 }]
      }
      result[position / inner] += product
    }
    return result
  }
}
