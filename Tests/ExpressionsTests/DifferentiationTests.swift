import Execution
import Expressions
import TestSupport
import Testing

// Seen to fail: see DerivativeCheck.swift; the nested-derivative test fails when jvp
// differentiates in the point itself rather than in a fresh variable.
struct DifferentiationTests {
  @Test(arguments: ElementaryFunction.allCases)
  func everyElementaryFunctionHasTheRightDerivatives(_ function: ElementaryFunction) {
    let positive: Set<ElementaryFunction> = [.log, .logOnePlus, .squareRoot, .reciprocal]
    let kinked: Set<ElementaryFunction> = [.absolute, .sign]
    let range = positive.contains(function) || kinked.contains(function) ? 0.5...2.0 : -1.5...1.5
    checkDerivatives("\(function)", shape: [2, 3], around: range) { apply(function, $0) }
    if kinked.contains(function) {
      checkDerivatives("\(function)", shape: [2, 3], around: -2.0...(-0.5)) { apply(function, $0) }
    }
  }

  private func apply(_ function: ElementaryFunction, _ x: Tensor) -> Tensor {
    switch function {
    case .negate: -x
    case .absolute: absolute(x)
    case .sign: sign(x) * square(x)
    case .reciprocal: reciprocal(x)
    case .square: square(x)
    case .squareRoot: squareRoot(x)
    case .exp: exp(x)
    case .expMinusOne: expMinusOne(x)
    case .log: log(x)
    case .logOnePlus: log(onePlus: x)
    case .tanh: tanh(x)
    case .sigmoid: sigmoid(x)
    case .softplus: softplus(x)
    case .erf: erf(x)
    case .sine: sine(x)
    case .cosine: cosine(x)
    }
  }

  @Test(arguments: BinaryFunction.allCases)
  func everyBinaryFunctionHasTheRightDerivativesInBothArguments(_ function: BinaryFunction) {
    let other = exp(constant([4, 1, 3], seed: 5))
    for (left, right) in [([2, 3], [4, 1, 3]), ([4, 2, 1], [4, 1, 3])] as [(Shape, Shape)] {
      #expect(right == other.shape)
      checkDerivatives("\(function) left", shape: left, around: 0.3...1.9) {
        apply(function, $0, other)
      }
      checkDerivatives("\(function) right", shape: left, around: 0.3...1.9) {
        apply(function, other, $0)
      }
    }
    checkDerivatives("\(function) both", shape: [2, 3], around: 0.3...1.9) {
      apply(function, $0, square($0) + 0.05)
    }
  }

  private func apply(_ function: BinaryFunction, _ x: Tensor, _ y: Tensor) -> Tensor {
    switch function {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .minimum: minimum(x, y)
    case .maximum: maximum(x, y)
    case .power: power(x, y)
    case .less: less(x, y) * x * y
    case .lessOrEqual: lessOrEqual(x, y) * x * y
    case .equal: x * y + equal(x, y)
    }
  }

  @Test func selectTakesTheDerivativeOfTheChosenBranch() {
    let mask = Tensor.literal([1, 0, 1, 0, 0, 1], [2, 3])
    checkDerivatives("select", shape: [2, 3]) { select(mask, exp($0), sine($0)) }
    checkDerivatives("select broadcast", shape: [3]) { select(mask, square($0), $0 * 3) }
  }

  @Test func contractionsHaveTheRightDerivatives() {
    let w = constant([3, 4], seed: 1)
    let b = constant([5, 3, 4], seed: 2)
    checkDerivatives("matmul", shape: [2, 3]) { matmul(tanh($0), w) }
    checkDerivatives("weight", shape: [3, 4]) { matmul(constant([2, 3], seed: 3), square($0)) }
    checkDerivatives("batched", shape: [5, 2, 3]) { einsum("bij,bjk->bik", sine($0), b) }
    checkDerivatives("with itself", shape: [3, 3]) { einsum("ij,jk->ki", $0, exp($0)) }
    checkDerivatives("dot", shape: [4, 3]) { dot(sine($0), $0) }
    checkDerivatives("dot broadcast", shape: [3]) { dot(exp($0), constant([2, 4, 3], seed: 4)) }
    checkDerivatives("trace", shape: [3, 3]) { einsum("ii->", square($0)) }
    checkDerivatives("diagonal", shape: [3, 3]) { einsum("ii->i", sine($0)) }
    checkDerivatives("transpose", shape: [2, 3]) { transpose(exp($0)) }
    checkDerivatives("sum", shape: [2, 3, 2]) { sum(sine($0), axes: [0, 2]) }
    checkDerivatives("mean", shape: [2, 3]) { mean(square($0) * $0) }
    checkDerivatives("three factors", shape: [3]) {
      einsum("i,ij,j->", $0, matmul($0.reshape([3, 1]), square($0).reshape([1, 3])), exp($0))
    }
  }

  @Test func shapingHasTheRightDerivatives() {
    checkDerivatives("logSumExp", shape: [4, 3]) { logSumExp(square($0)) }
    checkDerivatives("reshape", shape: [4, 3]) { sine($0).reshape([2, 6]) }
    checkDerivatives("broadcast", shape: [2, 1]) { exp($0).broadcast(to: [3, 2, 4]) }
    checkDerivatives("slice", shape: [3, 4]) { square($0).slice(axis: -2, 1..<3) }
    checkDerivatives("pad", shape: [3, 2]) { sine($0).padded(axis: 1, before: 2, after: 1) }
    checkDerivatives("concatenate", shape: [2, 2]) {
      concatenate([square($0), constant([2, 1], seed: 3), exp($0)], axis: -1)
    }
    checkDerivatives("stopGradient", shape: [3]) { sine($0) + stopGradient(2.0) * $0 }
  }

  @Test func stopGradientHidesItsOperandFromEveryDerivative() {
    let x = Tensor.state("x", [2])
    let (_, tangent) = jvp({ $0 * stopGradient($0) }, at: x, along: .ones([2]))
    #expect(Interpreter.evaluate([tangent], inputs: ["x": [3, 4]])[0] == [3, 4])
  }

  @Test func aCapturedPointStaysConstantInsideANestedDerivative() {
    let x = Tensor.state("x", [])
    let inner = jvp({ y in y * x }, at: x, along: 1).tangent
    #expect(Interpreter.evaluate([inner], inputs: ["x": [3]])[0] == [3])
    // d/dx (x · d/dy (x + y) at y = 1) = 1, the textbook case of perturbation confusion.
    let outer = jvp({ x in x * jvp({ y in x + y }, at: 1, along: 1).tangent }, at: x, along: 1)
    #expect(Interpreter.evaluate([outer.tangent], inputs: ["x": [1]])[0] == [1])
    let mixed = gradient(of: { x in gradient(of: { y in x * x * y * y }, at: x) }, at: x)
    #expect(Interpreter.evaluate([mixed], inputs: ["x": [2]])[0] == [24])  // d/dx 2x³ = 6x²
  }

  @Test func theThirdDerivativeOfAProductIsRight() {
    let x = Tensor.state("x", [])
    var f: (Tensor) -> Tensor = { sine($0) * exp($0) }
    for _ in 0..<3 {
      let g = f
      f = { gradient(of: g, at: $0) }
    }
    let value = Interpreter.evaluate([f(x)], inputs: ["x": [0.7]])[0][0]
    // (eˣ sin x)‴ = 2 eˣ (cos x - sin x)
    let exact = Interpreter.evaluate([2 * exp(x) * (cosine(x) - sine(x))], inputs: ["x": [0.7]])[0][
      0]
    #expect((value - exact).magnitude < 1e-14 * exact.magnitude.squareRoot())
  }
}
