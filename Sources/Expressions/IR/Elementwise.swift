// Elementwise operators. Shapes broadcast from the last axis on: an axis may be absent on the left
// or have extent 1. Constants are folded here, so that every transformation profits.

/// The shape of an elementwise result; stops the program, naming both shapes, where they do not
/// fit.
func broadcastShape(
  _ left: Shape, _ right: Shape, _ operation: @autoclosure () -> String
) -> Shape {
  if left == right { return left }
  let rank = max(left.count, right.count)
  var shape = Shape(repeating: 1, count: rank)
  for index in 1...max(rank, 1) where index <= rank {
    let a = index <= left.count ? left[left.count - index] : 1
    let b = index <= right.count ? right[right.count - index] : 1
    require(
      a == b || a == 1 || b == 1, "\(operation()): shapes \(left) and \(right) do not broadcast")
    shape[rank - index] = a == 1 ? b : a
  }
  return shape
}

extension Tensor {
  /// The number that fills this expression, where it is one number everywhere.
  var fillValue: Double? {
    if case .fill(let value) = primitive { value } else { nil }
  }

  static func elementary(_ function: ElementaryFunction, _ x: Tensor) -> Tensor {
    if let value = x.fillValue { return .fill(function.evaluate(value), x.shape) }
    switch (function, x.primitive) {
    case (.negate, .elementary(.negate)): return x.operands[0]
    case (.square, .elementary(.negate)): return elementary(.square, x.operands[0])
    case (_, .broadcast):  // f of repeated values is the repeated f
      return elementary(function, x.operands[0]).broadcast(to: x.shape)
    default: return Tensor(raw: .elementary(function), [x], shape: x.shape)
    }
  }

  static func binary(_ function: BinaryFunction, _ x: Tensor, _ y: Tensor) -> Tensor {
    let shape = broadcastShape(x.shape, y.shape, "\(function)")
    if let a = x.fillValue, let b = y.fillValue { return .fill(function.evaluate(a, b), shape) }
    if let folded = folding(function, x, y, shape) { return folded }
    // A broadcast operand need not be spread out where the other one fixes the shape.
    let left = x.narrowed(beside: y, for: shape)
    let right = y.narrowed(beside: left, for: shape)
    return Tensor(raw: .binary(function), [left, right], shape: shape)
  }

  /// Algebra with a constant on one side; nil where nothing simplifies.
  private static func folding(
    _ function: BinaryFunction, _ x: Tensor, _ y: Tensor, _ shape: Shape
  ) -> Tensor? {
    switch (function, x.fillValue, y.fillValue) {
    case (.add, 0, _): y.broadcast(to: shape)
    case (.add, _, 0), (.subtract, _, 0): x.broadcast(to: shape)
    case (.subtract, 0, _): (-y).broadcast(to: shape)
    case (.multiply, 1, _): y.broadcast(to: shape)
    case (.multiply, _, 1), (.divide, _, 1), (.power, _, 1): x.broadcast(to: shape)
    case (.multiply, -1, _): (-y).broadcast(to: shape)
    case (.multiply, _, -1), (.divide, _, -1): (-x).broadcast(to: shape)
    // The products with an exact 0 are structural zeros of derivatives.
    case (.multiply, 0, _), (.multiply, _, 0), (.divide, 0, _): .zeros(shape)
    case (.multiply, _?, nil): binary(.multiply, y, x)
    case (.multiply, nil, let outer?):
      x.scaling.map { binary(.multiply, $0.scaled, .fill($0.factor * outer, shape)) }
        ?? x.repeatedMultiple(outer)?.broadcast(to: shape)
    case (.power, _, 2): square(x).broadcast(to: shape)
    case (.divide, _, let divisor?): binary(.multiply, x, .fill(1 / divisor, y.shape))
    default: nil
    }
  }

  /// What this expression multiplies by a constant, and the constant; nil for any other.
  private var scaling: (scaled: Tensor, factor: Double)? {
    guard case .binary(.multiply) = primitive, let factor = operands[1].fillValue else {
      return nil
    }
    return (operands[0], factor)
  }

  /// This expression times a constant, where it only repeats another one: the constant goes to that. It is
  /// fewer products, and a chain of contractions, or a delta, is seen through the repetition.
  private func repeatedMultiple(_ factor: Double) -> Tensor? {
    guard case .broadcast = primitive else { return nil }
    let repeated = operands[0]
    guard case .reshape = repeated.primitive else {
      return Tensor.binary(.multiply, repeated, .fill(factor)).broadcast(to: shape)
    }
    return Tensor.binary(.multiply, repeated.operands[0], .fill(factor))
      .reshape(repeated.shape).broadcast(to: shape)
  }

  /// This operand without the axes that only repeat it, where the result keeps its shape all the
  /// same.
  private func narrowed(beside other: Tensor, for shape: Shape) -> Tensor {
    if let value = fillValue, other.shape == shape { return .fill(value) }
    if case .broadcast = primitive, broadcastFits(operands[0].shape, other.shape, shape) {
      return operands[0]
    }
    return self
  }

  private func broadcastFits(_ left: Shape, _ right: Shape, _ shape: Shape) -> Bool {
    let rank = max(left.count, right.count)
    guard rank == shape.count else { return false }
    for index in 0..<rank {
      let a = index < rank - left.count ? 1 : left[index - (rank - left.count)]
      let b = index < rank - right.count ? 1 : right[index - (rank - right.count)]
      if max(a, b) != shape[index] { return false }
    }
    return true
  }
}

/// x + y, element for element; shapes broadcast from the last axis on or the process stops.
public func + (x: Tensor, y: Tensor) -> Tensor { .binary(.add, x, y) }
/// x - y, element for element; shapes broadcast from the last axis on or the process stops.
public func - (x: Tensor, y: Tensor) -> Tensor {
  if case .elementary(.negate) = y.primitive { return x + y.operands[0] }
  return .binary(.subtract, x, y)
}
/// x y, element for element; shapes broadcast from the last axis on or the process stops.
///
/// An exact 0 on one side gives exact zeros, whatever the other side is (NaN included).
public func * (x: Tensor, y: Tensor) -> Tensor {
  if x == y { return square(x) }
  return .binary(.multiply, x, y)
}
/// x / y, element for element; shapes broadcast from the last axis on or the process stops.
///
/// A constant divisor becomes a product with its reciprocal.
public func / (x: Tensor, y: Tensor) -> Tensor { .binary(.divide, x, y) }
/// -x, element for element.
public prefix func - (x: Tensor) -> Tensor { .elementary(.negate, x) }

/// |x|; its derivative is sign x, 0 at 0.
public func absolute(_ x: Tensor) -> Tensor { .elementary(.absolute, x) }
/// -1, 0 or 1; its derivative is taken as 0 everywhere.
public func sign(_ x: Tensor) -> Tensor { .elementary(.sign, x) }
/// 1 / x.
public func reciprocal(_ x: Tensor) -> Tensor { .elementary(.reciprocal, x) }
/// x².
public func square(_ x: Tensor) -> Tensor { .elementary(.square, x) }
/// √x; NaN below 0.
public func squareRoot(_ x: Tensor) -> Tensor { .elementary(.squareRoot, x) }
/// eˣ.
public func exp(_ x: Tensor) -> Tensor { .elementary(.exp, x) }
/// eˣ - 1 without cancellation near 0.
public func expMinusOne(_ x: Tensor) -> Tensor { .elementary(.expMinusOne, x) }
/// ln x; -∞ at 0, NaN below.
public func log(_ x: Tensor) -> Tensor { .elementary(.log, x) }
/// ln(1 + x) without cancellation near 0.
public func log(onePlus x: Tensor) -> Tensor { .elementary(.logOnePlus, x) }
/// The hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor { .elementary(.tanh, x) }
/// 1 / (1 + e⁻ˣ).
public func sigmoid(_ x: Tensor) -> Tensor { .elementary(.sigmoid, x) }
/// ln(1 + eˣ), stable at both ends.
public func softplus(_ x: Tensor) -> Tensor { .elementary(.softplus, x) }
/// The error function, 2/√π ∫₀ˣ exp(-t²) dt.
public func erf(_ x: Tensor) -> Tensor { .elementary(.erf, x) }
/// sin x, in radians.
public func sine(_ x: Tensor) -> Tensor { .elementary(.sine, x) }
/// cos x, in radians.
public func cosine(_ x: Tensor) -> Tensor { .elementary(.cosine, x) }

/// The smaller of x and y, shapes broadcast; NaN where either is.
///
/// Where they are equal x takes the whole derivative.
public func minimum(_ x: Tensor, _ y: Tensor) -> Tensor { .binary(.minimum, x, y) }
/// The larger of x and y, shapes broadcast; NaN where either is.
///
/// Where they are equal x takes the whole derivative.
public func maximum(_ x: Tensor, _ y: Tensor) -> Tensor { .binary(.maximum, x, y) }
/// xʸ for a positive x.
public func power(_ x: Tensor, _ y: Tensor) -> Tensor { .binary(.power, x, y) }
/// 1 where x < y, else 0; no derivative.
public func less(_ x: Tensor, _ y: Tensor) -> Tensor { .binary(.less, x, y) }
/// 1 where x ≤ y, else 0; no derivative.
public func lessOrEqual(_ x: Tensor, _ y: Tensor) -> Tensor { .binary(.lessOrEqual, x, y) }
/// 1 where x = y, else 0; no derivative.
public func equal(_ x: Tensor, _ y: Tensor) -> Tensor { .binary(.equal, x, y) }

/// a where the condition is not 0, else b; the branch not taken contributes nothing, not even its
/// NaN.
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  let shape = broadcastShape(
    broadcastShape(condition.shape, a.shape, "select"), b.shape, "select")
  if let value = condition.fillValue { return (value != 0 ? a : b).broadcast(to: shape) }
  if a == b { return a.broadcast(to: shape) }
  return Tensor(raw: .select, [condition, a, b], shape: shape)
}

/// The operand as a constant: every derivative takes it as fixed.
public func stopGradient(_ x: Tensor) -> Tensor {
  x.fillValue == nil ? Tensor(raw: .stopGradient, [x], shape: x.shape) : x
}
