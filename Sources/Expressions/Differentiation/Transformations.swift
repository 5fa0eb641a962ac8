import Synchronization

// Transformations take functions. Each differentiates in a fresh variable and puts the point in
// afterwards, so that a point which the function also captures stays constant inside it: the
// derivative of y·x in y, at y = x, is x and not 2x.

/// f(x) and its derivative along v.
///
/// - Parameters:
///   - f: a function of one tensor.
///   - x: the point.
///   - v: the direction, of the shape of x; leading axes in front of it are several directions at
///     once, which share one evaluation of f.
/// - Returns: the value, and the tangent with v's leading axes in front of the value's shape.
/// - Complexity: the value's operations once, and those of its derivative once per direction.
public func jvp(
  _ f: (Tensor) -> Tensor, at x: Tensor, along v: Tensor
) -> (value: Tensor, tangent: Tensor) {
  require(
    v.shape.suffix(x.rank).elementsEqual(x.shape), "jvp: point \(x.shape), direction \(v.shape)")
  let variable = freshVariable(x.shape)
  let value = f(variable)
  let prefix = Array(v.shape.dropLast(x.rank))
  let rules = TangentRules(prefix: prefix)
  var tangents: [Digest: Tensor] = [variable.digest: v]
  for node in topologicalOrder([value]) where node != variable {
    let operandTangents = node.operands.map { tangents[$0.digest] }
    tangents[node.digest] = rules.tangent(of: node, operandTangents)
  }
  let tangent = tangents[value.digest] ?? .zeros(prefix + value.shape)
  let substituted = substitute(x, for: variable, in: [value, tangent])
  return (substituted[0], substituted[1])
}

/// f(x) and the function that takes a cotangent of f(x) back to one of x.
///
/// - Returns: the value, and the pullback: a cotangent of the value's shape to one of x's shape, Jᵀ
///   w. A cotangent of another shape stops the process, naming both.
/// - Complexity: a pullback costs a small multiple of f, whatever the extents of x are.
public func vjp(
  _ f: (Tensor) -> Tensor, at x: Tensor
) -> (value: Tensor, pullback: (Tensor) -> Tensor) {
  let variable = freshVariable(x.shape)
  let value = f(variable)
  let primal = substitute(x, for: variable, in: [value])[0]
  return (
    primal,
    { bar in
      require(
        bar.shape == value.shape, "vjp: value \(value.shape), cotangent \(bar.shape)")
      let xBar = cotangents(of: value, bar, withRespectTo: [variable])[0]
      return substitute(x, for: variable, in: [xBar])[0]
    }
  )
}

/// ∇f at x, of the shape of x, for a function whose value is a scalar; any other shape stops the
/// process.
public func gradient(of f: (Tensor) -> Tensor, at x: Tensor) -> Tensor {
  let (value, pullback) = vjp(f, at: x)
  require(value.shape.isEmpty, "gradient: the value must be a scalar, found \(value.shape)")
  return pullback(1)
}

/// f and ∇f at several points at once: the loss and its gradient in each parameter.
public func valueAndGradients(
  of f: ([Tensor]) -> Tensor, at points: [Tensor]
) -> (value: Tensor, gradients: [Tensor]) {
  let variables = points.map { freshVariable($0.shape) }
  let value = f(variables)
  require(value.shape.isEmpty, "gradient: the value must be a scalar, found \(value.shape)")
  let bars = cotangents(of: value, 1, withRespectTo: variables)
  let both = substitute(points, for: variables, in: [value] + bars)
  return (both[0], Array(both.dropFirst()))
}

/// The cotangents of `variables`, given that of `value`; zeros where the value does not depend on
/// one.
private func cotangents(
  of value: Tensor, _ bar: Tensor, withRespectTo variables: [Tensor]
) -> [Tensor] {
  let order = topologicalOrder([value])
  var depends = Set(variables.map(\.digest))
  for node in order where node.operands.contains(where: { depends.contains($0.digest) }) {
    depends.insert(node.digest)
  }
  var bars: [Digest: Tensor] = [value.digest: bar]
  for node in order.reversed() where depends.contains(node.digest) {
    guard let nodeBar = bars[node.digest] else { continue }
    let operandBars = CotangentRules.cotangents(of: node, nodeBar)
    for (operand, operandBar) in zip(node.operands, operandBars) {
      guard let operandBar, depends.contains(operand.digest) else { continue }
      let shaped = operandBar.broadcast(to: operand.shape)
      bars[operand.digest] = bars[operand.digest].map { $0 + shaped } ?? shaped
    }
  }
  return variables.map { bars[$0.digest] ?? .zeros($0.shape) }
}

private let variableCount = Atomic<UInt64>(0)

/// A variable that no expression contains yet. Its number never reaches a finished expression.
private func freshVariable(_ shape: Shape) -> Tensor {
  let number = variableCount.add(1, ordering: .relaxed).newValue
  return Tensor(raw: .variable(number), [], shape: shape)
}
