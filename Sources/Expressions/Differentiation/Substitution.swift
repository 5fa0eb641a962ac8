/// The expressions with `replacement` in the place of `variable`.
func substitute(_ replacement: Tensor, for variable: Tensor, in roots: [Tensor]) -> [Tensor] {
  substitute([replacement], for: [variable], in: roots)
}

/// The expressions with each variable replaced; nodes that reach none are kept as they are.
func substitute(
  _ replacements: [Tensor], for variables: [Tensor], in roots: [Tensor]
) -> [Tensor] {
  var results: [Digest: Tensor] = [:]
  for (variable, replacement) in zip(variables, replacements) {
    require(
      variable.shape == replacement.shape,
      "substitute: variable \(variable.shape), replacement \(replacement.shape)")
    results[variable.digest] = replacement
  }
  for node in topologicalOrder(roots) where results[node.digest] == nil {
    let operands = node.operands.map { results[$0.digest] ?? $0 }
    results[node.digest] = operands == node.operands ? node : node.rebuilt(on: operands)
  }
  return roots.map { results[$0.digest] ?? $0 }
}

extension Tensor {
  /// The same computation on other operands of the same shapes, through the simplifying
  /// constructors.
  func rebuilt(on operands: [Tensor]) -> Tensor {
    switch primitive {
    case .input, .variable, .fill, .literal, .delta, .random: self
    case .elementary(let function): .elementary(function, operands[0])
    case .binary(let function): .binary(function, operands[0], operands[1])
    case .select: Expressions.select(operands[0], operands[1], operands[2])
    case .contraction(let contraction):
      Product(
        zip(operands, contraction.operands).map { Term($0, $1) }, output: contraction.output
      ).tensor()
    case .logSumExp: Expressions.logSumExp(operands[0])
    case .inverse: Expressions.inverse(operands[0])
    case .logAbsoluteDeterminant: Expressions.logAbsoluteDeterminant(operands[0])
    case .broadcast: operands[0].broadcast(to: shape)
    case .reshape: operands[0].reshape(shape)
    case .slice(let axis, let lower, let upper): operands[0].slice(axis: axis, lower..<upper)
    case .concatenate(let axis): Expressions.concatenate(operands, axis: axis)
    case .pad(let axis, let before, let after):
      operands[0].padded(axis: axis, before: before, after: after)
    case .stopGradient: Expressions.stopGradient(operands[0])
    }
  }
}

extension Tensor {
  /// This expression with some leaves replaced by expressions of the same shapes: a step seen as a
  /// function of its states.
  public func replacing(_ leaves: [Tensor], by values: [Tensor]) -> Tensor {
    substitute(values, for: leaves, in: [self])[0]
  }
}
