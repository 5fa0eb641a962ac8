import Expressions

/// Turns the nodes of an elementwise group into the functions that kernels compute in one pass: a
/// product that is only added to something becomes a multiply-add, softplus and the logistic
/// function of the same argument share their exponential.
struct ElementwiseFusion {
  let views: Views
  let schedule: Schedule

  /// A function of some operands with one result or two.
  struct Item {
    var results: [Tensor]
    var function: ElementwiseGroup.Function
    var operands: [Tensor]
  }

  func items(_ nodes: [Tensor]) -> [Item] {
    let products = fusedProducts(nodes)
    let pairs = sharedExponentials(nodes)
    let absorbed = Set(products.values.map(\.digest) + pairs.values.map(\.digest))
    return nodes.compactMap { node in
      if absorbed.contains(node.digest) { return nil }
      if let product = products[node.digest] { return multiplyAdd(node, product) }
      if let sigmoid = pairs[node.digest] {
        return Item(
          results: [node, sigmoid], function: .softplusAndSigmoid, operands: node.operands)
      }
      // A constant that is copied out reads itself.
      return Item(
        results: [node], function: function(of: node),
        operands: views.isFill(node) ? [node] : node.operands)
    }
  }

  private func function(of node: Tensor) -> ElementwiseGroup.Function {
    switch node.primitive {
    case .elementary(let function): .unary(function.kernel)
    case .binary(let function): .binary(function.kernel)
    case .select: .select
    default: .copy
    }
  }

  /// For each sum or difference the product that it takes in: computed for it alone, of its shape,
  /// and not needed in memory.
  private func fusedProducts(_ nodes: [Tensor]) -> [Digest: Tensor] {
    var uses: [Digest: Int] = [:]
    for node in nodes {
      for operand in node.operands { uses[views.view(operand).base.digest, default: 0] += 1 }
    }
    let inGroup = Set(nodes.map(\.digest))
    var result: [Digest: Tensor] = [:]
    for node in nodes {
      let candidates: [Tensor]
      switch node.primitive {
      case .binary(.add): candidates = node.operands
      case .binary(.subtract): candidates = [node.operands[1]]
      default: continue
      }
      result[node.digest] = candidates.first { operand in
        guard case .binary(.multiply) = operand.primitive else { return false }
        return inGroup.contains(operand.digest) && operand.shape == node.shape
          && uses[operand.digest] == 1 && !schedule.inMemory.contains(operand.digest)
      }
    }
    return result
  }

  private func multiplyAdd(_ node: Tensor, _ product: Tensor) -> Item {
    let isFirst = node.operands[0] == product
    let other = node.operands[isFirst ? 1 : 0]
    if case .binary(.subtract) = node.primitive {
      return Item(
        results: [node], function: .subtractProduct, operands: product.operands + [other])
    }
    return Item(results: [node], function: .multiplyAdd, operands: product.operands + [other])
  }

  /// For each softplus the logistic function of the same argument, where the group has both.
  private func sharedExponentials(_ nodes: [Tensor]) -> [Digest: Tensor] {
    var sigmoids: [Digest: Tensor] = [:]
    for node in nodes {
      if case .elementary(.sigmoid) = node.primitive { sigmoids[node.operands[0].digest] = node }
    }
    var result: [Digest: Tensor] = [:]
    for node in nodes {
      if case .elementary(.softplus) = node.primitive {
        result[node.digest] = sigmoids[node.operands[0].digest]
      }
    }
    return result
  }
}
