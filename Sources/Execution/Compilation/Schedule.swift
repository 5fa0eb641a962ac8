import Expressions

/// Which nodes are computed together, and in which order.
///
/// Elementwise nodes of one shape and phase share a group where no step in between needs one of
/// them; every other node is a step of its own.
struct Schedule {
  struct Step {
    var phase: Phase
    var nodes: [Tensor]
    var isElementwise: Bool
  }

  private(set) var steps: [Step] = []
  private(set) var stepOf: [Digest: Int] = [:]
  /// Nodes that must lie in memory: another step reads them, or they are results.
  private(set) var inMemory: Set<Digest> = []
  let views: Views
  let analysis: RowAnalysis

  private struct GroupKey: Hashable {
    var extents: [Size]
    var phase: Phase
  }

  init(_ order: [Tensor], roots: [Tensor], views: Views, analysis: RowAnalysis) {
    self.views = views
    self.analysis = analysis
    var latestGroup: [GroupKey: Int] = [:]
    for node in order where isStep(node) {
      let phase = analysis.phase(of: node)
      guard isElementwise(node) else {
        stepOf[node.digest] = steps.count
        steps.append(Step(phase: phase, nodes: [node], isElementwise: false))
        continue
      }
      let key = GroupKey(extents: analysis.extents(of: node), phase: phase)
      if let group = groupOfArgument(node, key) ?? latestGroup[key], mayJoin(node, group) {
        stepOf[node.digest] = group
        steps[group].nodes.append(node)
      } else {
        latestGroup[key] = steps.count
        stepOf[node.digest] = steps.count
        steps.append(Step(phase: phase, nodes: [node], isElementwise: true))
      }
    }
    for root in roots { inMemory.insert(views.view(root).base.digest) }
    for (index, step) in steps.enumerated() {
      for node in step.nodes {
        for base in bases(node) where stepOf[base.digest] != index { inMemory.insert(base.digest) }
      }
    }
  }

  /// The group that computes a function's argument, where the function can be computed with it: an
  /// activation and its derivatives then share what they have in common.
  private func groupOfArgument(_ node: Tensor, _ key: GroupKey) -> Int? {
    guard case .elementary = node.primitive,
      let step = stepOf[views.view(node.operands[0]).base.digest], steps[step].isElementwise,
      GroupKey(extents: analysis.extents(of: steps[step].nodes[0]), phase: steps[step].phase)
        == key,
      mayJoin(node, step)
    else { return nil }
    return step
  }

  /// The computed nodes that this one reads.
  func bases(_ node: Tensor) -> [Tensor] { node.operands.map { views.view($0).base } }

  private func isStep(_ node: Tensor) -> Bool {
    if views.isView(node) { return false }
    return switch node.primitive {
    case .input(let input): input.role == .rows
    case .fill: views.isCopy(node)
    case .literal, .delta: false
    case .variable: fatalError("program: a free variable of a transformation")
    default: true
    }
  }

  func isElementwise(_ node: Tensor) -> Bool {
    switch node.primitive {
    case .elementary, .binary, .select: true
    default: views.isCopy(node)
    }
  }

  /// True where nothing that the node reads is computed after the group, and what the group itself
  /// computes is read element for element.
  private func mayJoin(_ node: Tensor, _ group: Int) -> Bool {
    let dense = denseStrides(analysis.extents(of: node))
    for operand in node.operands {
      let view = views.view(operand)
      guard let step = stepOf[view.base.digest] else { continue }
      if steps[step].phase < steps[group].phase { continue }
      if step > group { return false }
      if step == group, !(view.strides == dense && operand.shape == node.shape) { return false }
    }
    return true
  }
}
