/// Forward mode: the tangent of each node from the tangents of its operands.
///
/// A tangent may have leading axes in front of its value's shape (`prefix`): several directions are
/// one stacked axis beside one evaluation of the value, never several evaluations.
struct TangentRules {
  /// The leading axes that all tangents of this transformation have in front.
  let prefix: Shape

  /// The tangent of `node`, prefix + node.shape; nil where it is 0 everywhere.
  func tangent(of node: Tensor, _ operandTangents: [Tensor?]) -> Tensor? {
    guard operandTangents.contains(where: { $0 != nil }) else { return nil }
    let x = node.operands
    let tangent: Tensor?
    switch node.primitive {
    case .input, .variable, .fill, .literal, .delta, .random, .stopGradient:
      tangent = nil
    case .elementary(let function):
      tangent = product(function.derivative(at: x[0], value: node), operandTangents[0])
    case .binary(let function):
      let (left, right) = function.derivatives(at: x[0], x[1], value: node)
      tangent = total([
        product(left, lifted(operandTangents[0], x[0], node.rank)),
        product(right, lifted(operandTangents[1], x[1], node.rank)),
      ])
    case .select:
      let a = lifted(operandTangents[1], x[1], node.rank)
      let b = lifted(operandTangents[2], x[2], node.rank)
      tangent = Expressions.select(x[0], a ?? 0, b ?? 0)
    case .contraction(let contraction):
      tangent = total(
        x.indices.map { self.contraction(contraction, x, replacing: $0, by: operandTangents[$0]) })
    case .logSumExp:
      let weights = exp(x[0] - node.expanded(at: node.rank))  // softmax
      tangent = operandTangents[0].map { dot(weights, $0) }
    case .inverse:
      tangent = operandTangents[0].map {
        MatrixRules.inverseTangent(at: node, along: $0, directions: prefix.count)
      }
    case .logAbsoluteDeterminant:
      tangent = operandTangents[0].map {
        MatrixRules.logDeterminantTangent(at: x[0], along: $0, directions: prefix.count)
      }
    case .broadcast:
      tangent = lifted(operandTangents[0], x[0], node.rank)
    case .reshape:
      tangent = operandTangents[0]?.reshape(prefix + node.shape)
    case .slice(let axis, let lower, let upper):
      tangent = operandTangents[0]?.slice(axis: axis, lower..<upper)
    case .concatenate(let axis):
      let parts = zip(x, operandTangents).map { $1 ?? .zeros(prefix + $0.shape) }
      tangent = concatenate(parts, axis: axis)
    case .pad(let axis, let before, let after):
      tangent = operandTangents[0]?.padded(axis: axis, before: before, after: after)
    }
    return tangent?.broadcast(to: prefix + node.shape)
  }

  private func product(_ derivative: Tensor?, _ tangent: Tensor?) -> Tensor? {
    guard let derivative, let tangent else { return nil }
    return derivative * tangent
  }

  private func total(_ parts: [Tensor?]) -> Tensor? {
    let parts = parts.compactMap { $0 }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first, +)
  }

  /// A tangent of an operand of lower rank, with the axes of extent 1 that broadcasting would have
  /// put in.
  private func lifted(_ tangent: Tensor?, _ operand: Tensor, _ rank: Int) -> Tensor? {
    guard let tangent, operand.rank < rank else { return tangent }
    let missing = Shape(repeating: 1, count: rank - operand.rank)
    return tangent.reshape(prefix + missing + operand.shape)
  }

  private func contraction(
    _ contraction: Contraction, _ operands: [Tensor], replacing index: Int, by tangent: Tensor?
  ) -> Tensor? {
    guard let tangent else { return nil }
    let used = contraction.operands.joined().max() ?? -1
    let leading = prefix.indices.map { used + 1 + $0 }
    let terms = zip(operands, contraction.operands).enumerated().map { position, pair in
      position == index ? Term(tangent, leading + pair.1) : Term(pair.0, pair.1)
    }
    return Product(terms, output: leading + contraction.output).tensor()
  }
}
