/// Reverse mode: the cotangents of a node's operands from the node's own.
enum CotangentRules {
  /// One cotangent for each operand, of the operand's shape; nil where it is 0 everywhere.
  static func cotangents(of node: Tensor, _ bar: Tensor) -> [Tensor?] {
    let x = node.operands
    switch node.primitive {
    case .input, .variable, .fill, .literal, .delta, .random:
      return []
    case .stopGradient:
      return [nil]
    case .elementary(let function):
      return [function.derivative(at: x[0], value: node).map { $0 * bar }]
    case .binary(let function):
      let (left, right) = function.derivatives(at: x[0], x[1], value: node)
      return [
        left.map { summed($0 * bar, to: x[0].shape) },
        right.map { summed($0 * bar, to: x[1].shape) },
      ]
    case .select:
      return [
        nil,
        summed(Expressions.select(x[0], bar, 0), to: x[1].shape),
        summed(Expressions.select(x[0], 0, bar), to: x[2].shape),
      ]
    case .contraction(let contraction):
      return x.indices.map { cotangent(contraction, x, ofOperand: $0, bar) }
    case .logSumExp:
      let weights = exp(x[0] - node.expanded(at: node.rank))  // softmax
      return [weights * bar.expanded(at: bar.rank)]
    case .inverse:
      return [MatrixRules.inverseCotangent(at: node, bar)]
    case .logAbsoluteDeterminant:
      return [MatrixRules.logDeterminantCotangent(at: x[0], bar)]
    case .broadcast:
      return [summed(bar, to: x[0].shape)]
    case .reshape:
      return [bar.reshape(x[0].shape)]
    case .slice(let axis, let lower, let upper):
      let extent = x[0].shape[x[0].rank + axis]
      return [bar.padded(axis: axis, before: lower, after: extent - upper)]
    case .concatenate(let axis):
      var offset = 0
      return x.map { part in
        let extent = part.shape[part.rank + axis]
        defer { offset += extent }
        return bar.slice(axis: axis, offset..<(offset + extent))
      }
    case .pad(let axis, let before, _):
      let extent = x[0].shape[x[0].rank + axis]
      return [bar.slice(axis: axis, before..<(before + extent))]
    }
  }

  /// The cotangent of a value that was broadcast: the sum over the axes that repeated it.
  private static func summed(_ bar: Tensor, to shape: Shape) -> Tensor {
    let full = bar.shape == shape ? bar : bar.broadcast(to: broadcastShape(bar.shape, shape, "sum"))
    let offset = full.rank - shape.count
    let axes = full.shape.indices.filter {
      $0 < offset || (shape[$0 - offset] == 1 && full.shape[$0] != 1)
    }
    return axes.isEmpty ? full : sum(full, axes: axes).reshape(shape)
  }

  /// The other factors and the node's cotangent, summed over what the operand has not.
  private static func cotangent(
    _ contraction: Contraction, _ operands: [Tensor], ofOperand index: Int, _ bar: Tensor
  ) -> Tensor {
    var terms = [Term(bar, contraction.output)]
    var extents: [Int: Int] = [:]
    for (position, pair) in zip(operands, contraction.operands).enumerated() {
      for (label, extent) in zip(pair.1, pair.0.shape) { extents[label] = extent }
      if position != index { terms.append(Term(pair.0, pair.1)) }
    }
    // A label twice in one operand is its diagonal: the cotangent has it on the diagonal alone.
    var output: [Int] = []
    for label in contraction.operands[index] {
      guard output.contains(label) else {
        output.append(label)
        continue
      }
      let fresh = (extents.keys.max() ?? -1) + 1
      extents[fresh] = extents[label]
      terms.append(Term(.delta(extents[label] ?? 1), [label, fresh]))
      output.append(fresh)
    }
    return Product(terms, output: output, extents: extents).tensor()
  }
}
