import Expressions

/// When a node is evaluated.
enum Phase: Int, Sendable, Comparable {
  /// Once, before the rows: it depends on no row.
  case before
  /// Once per tile of rows.
  case tile
  /// Once, after the rows: it depends on sums over them.
  case after

  static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
}

/// Where each node has its row axis, and in which phase it is evaluated.
///
/// A node with rows is evaluated tile by tile; a contraction that sums over the rows is accumulated
/// over the tiles, in their order; what depends on such a sum comes after. Expressions that couple
/// rows (a Gram matrix, rows minus their mean) cannot be cut into tiles: `isTiled` is then false
/// and everything is evaluated on all rows at once.
struct RowAnalysis {
  private(set) var isTiled = true
  /// The row axis of each node that has one.
  private(set) var rowAxis: [Digest: Int] = [:]
  private var phases: [Digest: Phase] = [:]
  /// Contractions that sum over the rows.
  private(set) var accumulators: Set<Digest> = []
  let rowCount: Int

  /// - Parameters:
  ///   - results: what is reported; a result with rows needs them on its first axis.
  ///   - assigned: what states are given; a state holds all rows, so a value with rows is computed
  ///     whole.
  init(_ order: [Tensor], rowCount: Int, results: [Tensor], assigned: [Tensor]) {
    self.rowCount = rowCount
    for node in order {
      guard rowCount > 1, visit(node) else {
        giveUp()
        return
      }
    }
    if results.contains(where: { rowAxis[$0.digest] ?? 0 != 0 })
      || assigned.contains(where: { rowAxis[$0.digest] != nil })
    {
      giveUp()
    } else {
      postpone(order, keeping: Set((results + assigned).map(\.digest)))
    }
  }

  /// Elementwise nodes that depend on no row but are used only after the rows wait until then: an
  /// optimiser's update is then one pass over each state. Single numbers stay, for the pass to find.
  private mutating func postpone(_ order: [Tensor], keeping roots: Set<Digest>) {
    var usedEarlier = roots
    for node in order.reversed() {
      let isLate = phase(of: node) == .after
      if !isLate, phase(of: node) == .before, isElementwise(node), node.elementCount > 1,
        !usedEarlier.contains(node.digest)
      {
        phases[node.digest] = .after
      } else if !isLate {
        usedEarlier.formUnion(node.operands.map(\.digest))
      }
    }
  }

  private func isElementwise(_ node: Tensor) -> Bool {
    switch node.primitive {
    case .elementary, .binary, .select, .broadcast, .reshape, .stopGradient: true
    case .input, .variable, .fill, .literal, .delta, .random, .contraction, .logSumExp, .inverse,
      .logAbsoluteDeterminant, .slice, .concatenate, .pad:
      false
    }
  }

  private mutating func giveUp() {
    isTiled = false
    rowAxis = [:]
    phases = [:]
    accumulators = []
  }

  func phase(of node: Tensor) -> Phase { phases[node.digest] ?? .before }

  func extents(of node: Tensor) -> [Size] {
    var extents = node.shape.map { Size($0) }
    if let axis = rowAxis[node.digest] { extents[axis] = .rows }
    return extents
  }

  /// False where the node does not allow tiles.
  private mutating func visit(_ node: Tensor) -> Bool {
    switch node.primitive {
    case .input(let input) where input.role == .rows:
      guard node.shape[0] == rowCount else { return false }
      return place(node, axis: 0)
    case .random(let leaf):
      guard let axis = leaf.rowAxis else { return true }
      return node.shape[axis] == rowCount && place(node, axis: axis)
    default:
      break
    }
    let latest = node.operands.map(phase).max() ?? .before
    let summed = node.operands.contains { accumulators.contains($0.digest) }
    let withRows = node.operands.contains { rowAxis[$0.digest] != nil }
    if summed || latest == .after {
      phases[node.digest] = .after
      return !withRows
    }
    return withRows ? visitRows(node) : true
  }

  private mutating func place(_ node: Tensor, axis: Int) -> Bool {
    phases[node.digest] = .tile
    rowAxis[node.digest] = axis
    return true
  }

  private mutating func visitRows(_ node: Tensor) -> Bool {
    switch node.primitive {
    case .elementary, .binary, .select, .broadcast:
      return visitBroadcasting(node)
    case .contraction(let contraction):
      return visitContraction(node, contraction)
    case .logSumExp:
      guard let axis = rowAxis[node.operands[0].digest], axis < node.rank else { return false }
      return place(node, axis: axis)
    case .inverse, .logAbsoluteDeterminant:
      // A matrix is whole in a tile, or there are none.
      guard let axis = rowAxis[node.operands[0].digest], axis < node.operands[0].rank - 2 else {
        return false
      }
      return place(node, axis: axis)
    case .reshape:
      guard let axis = axisAfterReshape(node) else { return false }
      return place(node, axis: axis)
    case .stopGradient:
      guard let axis = rowAxis[node.operands[0].digest] else { return false }
      return place(node, axis: axis)
    case .slice(let along, _, _), .pad(let along, _, _), .concatenate(let along):
      guard let axis = rowAxis[node.operands[0].digest], axis != node.rank + along,
        node.operands.allSatisfy({ rowAxis[$0.digest] == axis })
      else { return false }
      return place(node, axis: axis)
    case .input, .variable, .fill, .literal, .delta, .random:
      return false
    }
  }

  private mutating func visitBroadcasting(_ node: Tensor) -> Bool {
    var axis: Int?
    for operand in node.operands {
      guard let own = rowAxis[operand.digest] else { continue }
      let aligned = own + node.rank - operand.rank
      if axis ?? aligned != aligned { return false }
      axis = aligned
    }
    guard let axis else { return false }
    let fits = node.operands.allSatisfy { operand in
      rowAxis[operand.digest] != nil || repeats(operand, axis: axis - node.rank)
    }
    return fits && place(node, axis: axis)
  }

  /// True where the operand is the same along an axis counted from the end.
  private func repeats(_ operand: Tensor, axis: Int) -> Bool {
    let own = operand.rank + axis
    if own < 0 || operand.shape[own] == 1 { return true }
    switch operand.primitive {
    case .fill: return true
    case .broadcast, .stopGradient: return repeats(operand.operands[0], axis: axis)
    default: return false
    }
  }

  private mutating func visitContraction(_ node: Tensor, _ contraction: Contraction) -> Bool {
    var label: Int?
    for (operand, labels) in zip(node.operands, contraction.operands) {
      guard let axis = rowAxis[operand.digest] else { continue }
      if label ?? labels[axis] != labels[axis] { return false }
      label = labels[axis]
    }
    guard let label else { return false }
    // Every factor that has the label must have it as its row axis, once.
    for (operand, labels) in zip(node.operands, contraction.operands) where labels.contains(label) {
      guard let axis = rowAxis[operand.digest], labels.filter({ $0 == label }).count == 1,
        labels[axis] == label
      else { return false }
    }
    if let axis = contraction.output.firstIndex(of: label) { return place(node, axis: axis) }
    phases[node.digest] = .tile
    accumulators.insert(node.digest)
    return true
  }

  private func axisAfterReshape(_ node: Tensor) -> Int? {
    guard let axis = rowAxis[node.operands[0].digest] else { return nil }
    let before = node.operands[0].shape[..<axis].reduce(1, *)
    return node.shape.indices.first {
      node.shape[$0] == rowCount && node.shape[..<$0].reduce(1, *) == before
    }
  }
}
