extension Tensor: CustomStringConvertible {
  /// The expression as a list of assignments, one line a node: `%3 = tanh(%2) [128, 64]`.
  public var description: String {
    let order = topologicalOrder([self])
    var names: [Digest: String] = [:]
    var lines: [String] = []
    for (index, node) in order.enumerated() {
      names[node.digest] = "%\(index)"
      let operands = node.operands.map { names[$0.digest] ?? "?" }.joined(separator: ", ")
      lines.append("%\(index) = \(node.primitive.label)(\(operands)) \(node.shape)")
    }
    return lines.joined(separator: "\n")
  }
}

extension Primitive {
  /// The primitive as it is printed, with what it carries.
  public var label: String {
    switch self {
    case .input(let input): "\(input.role):\(input.name)"
    case .variable(let number): "variable#\(number)"
    case .fill(let value): "\(value)"
    case .literal(let values): "literal<\(values.count)>"
    case .delta: "delta"
    case .random(let leaf): "\(leaf.law):\(leaf.stream)"
    case .elementary(let function): "\(function)"
    case .binary(let function): "\(function)"
    case .select: "select"
    case .contraction(let contraction): contraction.description
    case .logSumExp: "logSumExp"
    case .inverse: "inverse"
    case .logAbsoluteDeterminant: "logAbsoluteDeterminant"
    case .broadcast: "broadcast"
    case .reshape: "reshape"
    case .slice(let axis, let lower, let upper): "slice<\(axis): \(lower)..<\(upper)>"
    case .concatenate(let axis): "concatenate<\(axis)>"
    case .pad(let axis, let before, let after): "pad<\(axis): \(before), \(after)>"
    case .stopGradient: "stopGradient"
    }
  }
}

extension Contraction: CustomStringConvertible {
  /// As in einsum, labels a, b, c … in the order of their first appearance.
  public var description: String {
    func letters(_ labels: [Int]) -> String {
      labels.map { $0 < 26 ? String(UnicodeScalar(UInt8(97 + $0))) : "(\($0))" }.joined()
    }
    return operands.map(letters).joined(separator: ",") + "->" + letters(output)
  }
}
