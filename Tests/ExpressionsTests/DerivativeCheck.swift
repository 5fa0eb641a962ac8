import Execution
import Expressions
import TestSupport
import Testing

/// Checks everything about the derivatives of a function at one point: the JVP against a central
/// difference in Double along a random direction, the VJP by ⟨J v, w⟩ = ⟨v, Jᵀ w⟩, a stack of
/// directions against single ones, and the same once more for the derivative itself.
///
/// Seen to fail: with the derivative of tanh written 1 - y, with the cotangent of a slice padded on
/// the wrong side, with a contraction's tangent taken for its first operand alone.
func checkDerivatives(
  _ name: String, shape: Shape, around values: ClosedRange<Double> = -1.5...1.5, order: Int = 2,
  tolerance: Double = 2e-7, _ f: (Tensor) -> Tensor,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var numbers = TestNumbers(seed: UInt64(order) &+ 17)
  let count = shape.reduce(1, *)
  let x = (0..<count).map { _ in numbers.uniform(values.lowerBound, values.upperBound) }
  let v = numbers.normals(count)
  let point = Tensor.state("x", shape)
  let direction = Tensor.state("v", shape)
  let (value, tangent) = jvp(f, at: point, along: direction)
  let w = numbers.normals(value.elementCount)
  let inputs = ["x": x, "v": v, "w": w]

  let step = 1e-5
  func shifted(_ sign: Double) -> [Double] {
    let moved = zip(x, v).map { $0 + sign * step * $1 }
    return Interpreter.evaluate([f(point)], inputs: ["x": moved])[0]
  }
  let difference = zip(shifted(1), shifted(-1)).map { ($0 - $1) / (2 * step) }
  let exact = Interpreter.evaluate([tangent], inputs: inputs)[0]
  #expect(
    relativeDifference(exact, difference) < tolerance, "\(name): jvp, order \(order)",
    sourceLocation: sourceLocation)

  let (_, pullback) = vjp(f, at: point)
  let cotangent = pullback(.state("w", value.shape))
  let back = Interpreter.evaluate([cotangent], inputs: inputs)[0]
  let forwardProduct = zip(exact, w).reduce(0) { $0 + $1.0 * $1.1 }
  let backProduct = zip(back, v).reduce(0) { $0 + $1.0 * $1.1 }
  let scale = zip(exact, w).reduce(1e-12) { $0 + ($1.0 * $1.1).magnitude }
  #expect(
    (forwardProduct - backProduct).magnitude < 1e-12 * scale, "\(name): vjp, order \(order)",
    sourceLocation: sourceLocation)

  let u = numbers.normals(count)
  let stacked = jvp(f, at: point, along: Tensor.state("stack", [2] + shape)).tangent
  let both = Interpreter.evaluate([stacked], inputs: ["x": x, "stack": u + v])[0]
  let first = Interpreter.evaluate([tangent], inputs: ["x": x, "v": u])[0]
  #expect(
    relativeDifference(both, first + exact) < 1e-12, "\(name): stacked jvp, order \(order)",
    sourceLocation: sourceLocation)

  guard order > 1 else { return }
  let fixed = Tensor.literal(v, shape)
  checkDerivatives(
    name + " (tangent)", shape: shape, around: values, order: order - 1, tolerance: tolerance,
    { jvp(f, at: $0, along: fixed).tangent }, sourceLocation: sourceLocation)
  let weights = Tensor.literal(w, value.shape)
  checkDerivatives(
    name + " (cotangent)", shape: shape, around: values, order: order - 1, tolerance: tolerance,
    { vjp(f, at: $0).pullback(weights) }, sourceLocation: sourceLocation)
}

/// A fixed tensor of reproducible normals.
func constant(_ shape: Shape, seed: UInt64) -> Tensor {
  var numbers = TestNumbers(seed: seed)
  return .literal(numbers.normals(shape.reduce(1, *)), shape)
}
