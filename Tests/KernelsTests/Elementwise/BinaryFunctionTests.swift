import Testing

@testable import Kernels

// Seen to fail: the NaN of the second argument forgotten in minimum, ≤ computed as <, the
// scalar on the wrong side of a difference, a tail one element short.

private let special: [Double] = [
  0, -0.0, 1, -1, 2, 0.5, -3.5, 1e30, -1e-30, .infinity, -.infinity, .nan,
  .leastNonzeroMagnitude, .greatestFiniteMagnitude,
]

/// All pairs of special numbers, and random pairs some of which are equal.
private func pairs<Scalar: KernelScalar>(_ scalar: Scalar.Type) -> (x: [Scalar], y: [Scalar]) {
  var random = TestRandom(8)
  var x = special.flatMap { value in special.map { _ in Scalar(value) } }
  var y = special.flatMap { _ in special.map { Scalar($0) } }
  x += random.array(1001, of: Scalar.self)
  y += x.suffix(1001).map { Bool.random(using: &random) ? $0 : -0.5 * $0 }
  return (x, y)
}

private func agrees<Scalar: KernelScalar>(_ value: Scalar, _ expected: Scalar) -> Bool {
  value.isNaN || expected.isNaN ? value.isNaN && expected.isNaN : value == expected
}

private func check<Scalar: KernelScalar>(_ f: BinaryFunction, _ scalar: Scalar.Type) {
  let (x, y) = pairs(Scalar.self)
  var z = [Scalar](repeating: 42, count: x.count + 1)
  var expected = z
  Scalar.apply(f, x, y, into: &z, count: x.count)
  Reference.apply(f, x, y, into: &expected, count: x.count)
  for i in z.indices { #expect(agrees(z[i], expected[i]), "\(f) at \(i)") }
  for value in special {
    let scalar = Scalar(value)
    Scalar.apply(f, x, scalar: scalar, into: &z, count: x.count)
    Reference.apply(f, x, scalar: scalar, into: &expected, count: x.count)
    for i in z.indices { #expect(agrees(z[i], expected[i]), "\(f) with \(scalar) at \(i)") }
    Scalar.apply(f, scalar: scalar, y, into: &z, count: x.count)
    Reference.apply(f, scalar: scalar, y, into: &expected, count: x.count)
    for i in z.indices { #expect(agrees(z[i], expected[i]), "\(f) of \(scalar) at \(i)") }
  }
}

@Test(arguments: BinaryFunction.allCases)
func functionsOfTwoArgumentsAgreeWithTheirReference(f: BinaryFunction) {
  check(f, Float.self)
  check(f, Double.self)
}

@Test func minimumAndMaximumPropagateNaNFromEitherSide() {
  let x: [Float] = [.nan, 1, .nan, -.infinity]
  let y: [Float] = [1, .nan, .nan, .nan]
  var z: [Float] = [0, 0, 0, 0]
  for f in [BinaryFunction.minimum, .maximum] {
    Float.apply(f, x, y, into: &z, count: 4)
    #expect(z.allSatisfy { $0.isNaN })
  }
}
