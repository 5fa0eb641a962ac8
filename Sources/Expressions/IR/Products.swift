// The public forms of the one contraction: products and sums that read like their formulas.

/// Sums of products over labelled axes: `einsum("nd,dk->nk", x, w)` is the matrix product.
///
/// Labels are single letters. One that is not right of the arrow is summed over; one twice in an
/// operand is its diagonal. Each output label must occur in an operand, and once.
///
/// - Returns: the shape that the output labels have in the operands; misuse stops the process,
///   naming formula and shape.
/// - Complexity: products of many factors are contracted in pairs, in the cheapest order.
public func einsum(_ formula: String, _ operands: Tensor...) -> Tensor {
  let sides = formula.split(separator: ">", omittingEmptySubsequences: false)
  require(sides.count == 2 && sides[0].hasSuffix("-"), "einsum: \(formula) needs one ->")
  let inputs = sides[0].dropLast().split(separator: ",", omittingEmptySubsequences: false)
  require(
    inputs.count == operands.count, "einsum: \(formula) names \(inputs.count) operands")
  let labels = inputs.map { $0.utf8.map(Int.init) }
  for (operand, names) in zip(operands, labels) {
    require(
      operand.rank == names.count, "einsum: \(formula) does not fit shape \(operand.shape)")
  }
  let output = sides[1].utf8.map(Int.init)
  require(
    output.allSatisfy { label in labels.contains { $0.contains(label) } },
    "einsum: \(formula) has an output label that no operand has")
  require(
    Set(output).count == output.count, "einsum: \(formula) has a label twice in its output")
  return Product(zip(operands, labels).map { Term($0, $1) }, output: output).tensor()
}

/// x W over the last axis: [..., a] and [a, b] → [..., b].
public func matmul(_ x: Tensor, _ weight: Tensor) -> Tensor {
  require(
    x.rank >= 1 && weight.rank == 2 && x.shape.last == weight.shape[0],
    "matmul: shapes \(x.shape) and \(weight.shape)")
  let leading = Array(1..<x.rank)
  return Product(
    [Term(x, leading + [0]), Term(weight, [0, x.rank])], output: leading + [x.rank]
  ).tensor()
}

/// Σ x y over the last axis, leading axes broadcast: [..., d] and [..., d] → [...].
public func dot(_ x: Tensor, _ y: Tensor) -> Tensor {
  let shape = broadcastShape(x.shape, y.shape, "dot")
  require(!shape.isEmpty, "dot: scalars have no last axis")
  let labels = Array(shape.indices)
  return Product(
    Term.aligned(x, labels, shape) + Term.aligned(y, labels, shape), output: labels.dropLast(),
    extents: shape
  ).tensor()
}

/// The sum over all axes, or over the given ones (a negative axis counts from the end), which go.
public func sum(_ x: Tensor, axes: [Int]? = nil) -> Tensor {
  let summed = (axes ?? Array(x.shape.indices)).map { $0 < 0 ? $0 + x.rank : $0 }
  require(summed.allSatisfy(x.shape.indices.contains), "sum: axes of shape \(x.shape)")
  let labels = Array(x.shape.indices)
  return Product([Term(x, labels)], output: labels.filter { !summed.contains($0) }).tensor()
}

/// The mean over all axes, or over the given ones, which go.
public func mean(_ x: Tensor, axes: [Int]? = nil) -> Tensor {
  let total = sum(x, axes: axes)
  return total / .fill(Double(x.elementCount) / Double(total.elementCount))
}

/// The matrix transposed: [a, b] → [b, a].
public func transpose(_ x: Tensor) -> Tensor { einsum("ab->ba", x) }
