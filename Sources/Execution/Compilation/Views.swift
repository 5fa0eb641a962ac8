import Expressions

/// How the axes of a node lie in the memory of the node that is really computed.
struct View {
  /// The computed node; a constant fill or a leaf may stand here too.
  var base: Tensor
  /// One stride per axis of the viewing node; 0 repeats.
  var strides: [Size]
}

/// Broadcasts, reshapes and stopped gradients as views, and which of them must be copied out after
/// all.
struct Views {
  let analysis: RowAnalysis
  /// Views that somebody needs as dense memory.
  private(set) var copied: Set<Digest> = []
  /// For a sum over rows that is only added to another one: that one, in whose memory it is summed.
  private(set) var joined: [Digest: Tensor] = [:]
  /// The additions that this makes unnecessary, each with the sum that holds its value.
  private var joints: [Digest: Tensor] = [:]

  init(_ order: [Tensor], roots: [Tensor], analysis: RowAnalysis) {
    self.analysis = analysis
    join(order, roots)
    for root in roots { copyOut(root) }
    for node in order {
      switch node.primitive {
      case .slice, .concatenate, .pad, .logSumExp, .inverse, .logAbsoluteDeterminant:
        for operand in node.operands { copyOut(operand) }
      case .reshape:
        // A repeated value under another shape has no strides.
        let inner = node.operands[0]
        if !isUnitReshape(node), view(inner).strides != denseStrides(analysis.extents(of: inner)) {
          copied.insert(inner.digest)
        }
      case .contraction:
        for operand in node.operands where operand.rank > 0 {
          if case .fill = view(operand).base.primitive { copied.insert(operand.digest) }
        }
      default: break
      }
    }
  }

  /// Finds the additions of two sums over rows that nothing else reads: gradients of a weight that is
  /// used twice.
  private mutating func join(_ order: [Tensor], _ roots: [Tensor]) {
    var uses: [Digest: Int] = [:]
    for root in roots { uses[root.digest, default: 0] += 2 }
    var place: [Digest: Int] = [:]
    for (index, node) in order.enumerated() {
      place[node.digest] = index
      for operand in node.operands { uses[operand.digest, default: 0] += 1 }
    }
    for node in order {
      guard case .binary(.add) = node.primitive, node.operands[0] != node.operands[1],
        node.elementCount > 0, roots.allSatisfy({ $0 != node }),
        node.operands.allSatisfy({ operand in
          analysis.accumulators.contains(operand.digest) && operand.shape == node.shape
            && uses[operand.digest] == 1 && operand.operands.allSatisfy { $0.elementCount > 0 }
        }),
        let (first, second) = inOrder(node.operands, place)
      else { continue }
      joined[second.digest] = first
      joints[node.digest] = first
    }
  }

  private func inOrder(_ pair: [Tensor], _ place: [Digest: Int]) -> (Tensor, Tensor)? {
    guard let left = place[pair[0].digest], let right = place[pair[1].digest] else { return nil }
    return left < right ? (pair[0], pair[1]) : (pair[1], pair[0])
  }

  private mutating func copyOut(_ node: Tensor) {
    let seen = view(node)
    let dense = denseStrides(analysis.extents(of: node))
    if isFill(seen.base) || seen.strides != dense {
      copied.insert(node.digest)
    }
  }

  func isFill(_ node: Tensor) -> Bool { if case .fill = node.primitive { true } else { false } }

  /// True for views and constants that are copied out.
  func isCopy(_ node: Tensor) -> Bool {
    guard copied.contains(node.digest) else { return false }
    return switch node.primitive {
    case .broadcast, .reshape, .stopGradient, .fill: true
    default: false
    }
  }

  /// True for nodes that are only another look at memory.
  func isView(_ node: Tensor) -> Bool {
    guard !copied.contains(node.digest) else { return false }
    if joints[node.digest] != nil { return true }
    return switch node.primitive {
    case .broadcast, .reshape, .stopGradient: true
    default: false
    }
  }

  func view(_ node: Tensor) -> View {
    guard isView(node) else {
      return View(base: node, strides: denseStrides(analysis.extents(of: node)))
    }
    return source(of: node)
  }

  /// What a broadcast, reshape or stopped gradient looks at, also where it is copied out; a
  /// constant looks at itself.
  func source(of node: Tensor) -> View {
    if isFill(node) { return View(base: node, strides: node.shape.map { _ in .zero }) }
    if let sum = joints[node.digest] { return view(sum) }
    let inner = node.operands[0]
    let seen = view(inner)
    switch node.primitive {
    case .broadcast:
      let offset = node.rank - inner.rank
      let strides = node.shape.indices.map { axis -> Size in
        guard axis >= offset else { return .zero }
        return inner.shape[axis - offset] == 1 ? .zero : seen.strides[axis - offset]
      }
      return View(base: seen.base, strides: strides)
    case .reshape where isUnitReshape(node):
      var rest = zip(inner.shape, seen.strides).filter { $0.0 != 1 }.map(\.1)[...]
      return View(
        base: seen.base, strides: node.shape.map { $0 == 1 ? .zero : rest.popFirst() ?? .zero })
    case .reshape:
      return View(base: seen.base, strides: denseStrides(analysis.extents(of: node)))
    default:
      return seen
    }
  }

  private func isUnitReshape(_ node: Tensor) -> Bool {
    node.shape.filter { $0 != 1 } == node.operands[0].shape.filter { $0 != 1 }
  }
}
