/// The extents of a tensor's axes, row-major, last axis innermost; a scalar has none.
public typealias Shape = [Int]

/// An expression: an immutable value that says how to compute an array of real numbers.
///
/// Two tensors with the same digest are the same expression and are computed once, wherever they
/// were built. Expressions carry no precision: a program is compiled from them for Float or Double.
public struct Tensor: Sendable, Hashable {
  private(set) var node: Node

  /// What the expression computes from its operands.
  public var primitive: Primitive { node.primitive }
  /// The expressions that it is computed from.
  public var operands: [Tensor] { node.operands }
  /// The extent of each axis.
  public var shape: Shape { node.shape }
  /// The structural fingerprint; equal digests are the same expression.
  public var digest: Digest { node.digest }
  /// The number of axes; 0 for a scalar.
  public var rank: Int { node.shape.count }
  /// The product of the extents; 1 for a scalar.
  public var elementCount: Int { node.shape.reduce(1, *) }

  /// True where a Kronecker delta is reachable through products and views alone, so that a
  /// contraction may still eliminate it.
  var carriesDelta: Bool { node.carriesDelta }

  /// A node exactly as given; ``Tensor`` operators are built on the simplifying constructors
  /// instead.
  init(raw primitive: Primitive, _ operands: [Tensor], shape: Shape) {
    node = Node(primitive, operands, shape)
  }

  /// True for the same expression, by digest: not for equal values in general.
  public static func == (left: Tensor, right: Tensor) -> Bool { left.digest == right.digest }
  /// Feeds the digest.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

final class Node: Sendable {
  let primitive: Primitive
  /// Written by `init` and emptied by `deinit` alone, hence safe to share.
  nonisolated(unsafe) private(set) var operands: [Tensor]
  let shape: Shape
  let digest: Digest
  let carriesDelta: Bool

  init(_ primitive: Primitive, _ operands: [Tensor], _ shape: Shape) {
    self.primitive = primitive
    self.operands = operands
    self.shape = shape
    digest = primitive.digest(operands, shape)
    carriesDelta =
      switch primitive {
      case .delta: true
      case .broadcast, .reshape: operands[0].carriesDelta
      case .elementary(.negate): operands[0].carriesDelta
      case .binary(.multiply), .binary(.add), .binary(.subtract):
        operands.contains { $0.carriesDelta }
      case .contraction: operands.contains { $0.carriesDelta }
      default: false
      }
  }

  /// Lets go of the operands one by one where nobody else holds them: by the language's own
  /// recursion a deep expression would overflow a worker thread's small stack.
  deinit {
    var released = operands
    operands = []
    while var last = released.popLast() {
      guard last.isOnlyReference else { continue }
      released.append(contentsOf: last.takeOperands())
    }
  }

  fileprivate func takeOperands() -> [Tensor] {
    defer { operands = [] }
    return operands
  }
}

extension Tensor {
  fileprivate var isOnlyReference: Bool {
    mutating get { isKnownUniquelyReferenced(&node) }
  }

  fileprivate func takeOperands() -> [Tensor] { node.takeOperands() }
}

extension Primitive {
  fileprivate func digest(_ operands: [Tensor], _ shape: Shape) -> Digest {
    var builder = DigestBuilder()
    combine(into: &builder)
    builder.combine(shape)
    builder.combine(operands.count)
    for operand in operands { builder.combine(operand.digest) }
    return builder.finish()
  }

  private func combine(into builder: inout DigestBuilder) {
    switch self {
    case .input(let input):
      builder.combine(1)
      builder.combine(input.name)
      builder.combine(input.role == .state ? 0 : input.role == .rows ? 1 : 2)
    case .variable(let identifier):
      builder.combine(2)
      builder.combine(identifier)
    case .fill(let value):
      builder.combine(3)
      builder.combine(value)
    case .literal(let values):
      builder.combine(4)
      builder.combine(values.count)
      for value in values { builder.combine(value) }
    case .delta: builder.combine(5)
    case .random(let leaf):
      builder.combine(6)
      builder.combine(leaf.law.rawValue)
      builder.combine(leaf.stream)
      builder.combine(leaf.rowAxis ?? -1)
    case .elementary(let function):
      builder.combine(7)
      builder.combine(function.rawValue)
    case .binary(let function):
      builder.combine(8)
      builder.combine(function.rawValue)
    case .select: builder.combine(9)
    case .contraction(let contraction):
      builder.combine(10)
      for labels in contraction.operands { builder.combine(labels) }
      builder.combine(contraction.output)
    case .logSumExp: builder.combine(11)
    case .broadcast: builder.combine(12)
    case .reshape: builder.combine(13)
    case .slice(let axis, let lower, let upper): builder.combine([14, axis, lower, upper])
    case .concatenate(let axis): builder.combine([15, axis])
    case .pad(let axis, let before, let after): builder.combine([16, axis, before, after])
    case .stopGradient: builder.combine(17)
    case .inverse: builder.combine(18)
    case .logAbsoluteDeterminant: builder.combine(19)
    }
  }
}

/// Every node that these expressions reach, each once, operands before the nodes that use them.
///
/// The order depends on the expressions alone. Iterative, so that depth is bounded by memory and
/// not by the stack.
public func topologicalOrder(_ roots: [Tensor]) -> [Tensor] {
  var order: [Tensor] = []
  var seen: Set<Digest> = []
  var stack: [(tensor: Tensor, next: Int)] = []
  for root in roots where seen.insert(root.digest).inserted {
    stack.append((root, 0))
    while let top = stack.last {
      if top.next < top.tensor.operands.count {
        stack[stack.count - 1].next += 1
        let operand = top.tensor.operands[top.next]
        if seen.insert(operand.digest).inserted { stack.append((operand, 0)) }
      } else {
        order.append(top.tensor)
        stack.removeLast()
      }
    }
  }
  return order
}
