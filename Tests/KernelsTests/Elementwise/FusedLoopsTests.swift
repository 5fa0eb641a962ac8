import Testing

@testable import Kernels

// Seen to fail: with the sign of a subtracted product lost in one form; with the derivative of the
// vector before.

private func check<Scalar: KernelScalar>(_: Scalar.Type) {
  var random = TestRandom(8)
  for count in Array(0...40) + [127, 128, 129, 300] {
    let x = random.array(count, of: Scalar.self)
    let y = random.array(count, of: Scalar.self)
    let z = random.array(count, of: Scalar.self)
    for subtracted in [false, true] {
      for form in 0..<4 {
        var w = [Scalar](repeating: 42, count: count + 1)
        y.withUnsafeBufferPointer { yBuffer in
          z.withUnsafeBufferPointer { zBuffer in
            guard let yBase = yBuffer.baseAddress, let zBase = zBuffer.baseAddress else { return }
            Scalar.multiplyAdd(
              x, form & 1 == 0 ? .array(yBase) : .number(0.75),
              form & 2 == 0 ? .array(zBase) : .number(-1.5), subtracted: subtracted, into: &w,
              count: count)
          }
        }
        for i in 0..<count {
          let factor = form & 1 == 0 ? y[i] : 0.75
          let term = form & 2 == 0 ? z[i] : -1.5
          let expected = term.addingProduct(subtracted ? -x[i] : x[i], factor)
          #expect(isSame(w[i], expected), "form \(form), element \(i) of \(count)")
        }
        #expect(w[count] == 42)
      }
    }
  }
}

@Test func productsJoinSumsWithOneRounding() {
  check(Float.self)
  check(Double.self)
}

private func checkPair<Scalar: KernelScalar>(_: Scalar.Type) {
  var random = TestRandom(9)
  for count in Array(0...40) + [127, 128, 129, 300] {
    var x = random.array(count, of: Scalar.self).map { 20 * $0 }
    if count > 4 { (x[1], x[2], x[3]) = (.nan, .infinity, -.infinity) }
    var (value, derivative) = ([Scalar](repeating: 42, count: count + 1), [Scalar]())
    derivative = value
    Scalar.softplusAndSigmoid(x, into: &value, &derivative, count: count)
    var (softplus, sigmoid) = ([Scalar](repeating: 42, count: count + 1), [Scalar]())
    sigmoid = softplus
    Scalar.apply(.softplus, x, into: &softplus, count: count)
    Scalar.apply(.sigmoid, x, into: &sigmoid, count: count)
    #expect(zip(value, softplus).allSatisfy { isSame($0, $1) }, "softplus of \(count)")
    #expect(zip(derivative, sigmoid).allSatisfy { isSame($0, $1) }, "sigmoid of \(count)")
  }
}

@Test func softplusAndItsDerivativeTogetherHaveTheBitsOfEachAlone() {
  checkPair(Float.self)
  checkPair(Double.self)
}
