import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#endif

// Seen to fail: any digit of a polynomial's leading coefficients changed, one factor instead of
// two for 2ⁿ in exp (subnormal results), the lost part of 1 + x dropped in logOnePlus, large
// angles left to the fast path, expMinusOne without its linear part (the sign of zero).

/// The expected value, by the C library in the wide type.
private func expected(_ f: UnaryFunction, _ x: Wide) -> Wide {
  switch f {
  case .negate: return -x
  case .absolute: return x.magnitude
  case .sign: return x.isNaN ? x : (x > 0 ? 1 : (x < 0 ? -1 : 0))
  case .reciprocal: return 1 / x
  case .square: return x * x
  case .squareRoot: return x.squareRoot()
  case .exp: return exp(x)
  case .expMinusOne: return expm1(x)
  case .log: return log(x)
  case .logOnePlus: return log1p(x)
  case .tanh: return tanh(x)
  case .sigmoid: return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
  case .softplus: return max(x, 0) + log1p(exp(-x.magnitude)) + (x.isNaN ? x : 0)
  case .erf: return erf(x)
  case .sine: return sin(x)
  case .cosine: return cos(x)
  }
}

/// The stated accuracy, in units in the last place.
private func allowance(_ f: UnaryFunction) -> Double {
  switch f {
  case .negate, .absolute, .sign: return 0
  case .reciprocal, .square, .squareRoot: return 0.5001
  case .exp, .log: return 1.1
  case .logOnePlus, .erf, .sine, .cosine: return 1.6
  case .expMinusOne: return 2.1
  case .tanh, .sigmoid, .softplus: return 2.6
  }
}

/// Bit patterns of every kind, the ranges where each function bends, and the special numbers.
private func inputs<Scalar: KernelScalar>(_ scalar: Scalar.Type, count: Int) -> [Scalar] {
  var random = TestRandom(2025)
  var x: [Scalar] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, -.nan]
  x += [.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude]
  x += [-.leastNonzeroMagnitude, -.leastNormalMagnitude, -.greatestFiniteMagnitude]
  x += [Scalar(1).nextUp, Scalar(1).nextDown, Scalar(-1).nextUp, Scalar(-1).nextDown]
  for k in 1...200 {
    let multiple = Scalar(Double(k) * Double.pi / 4)
    x += [multiple, multiple.nextUp, multiple.nextDown, -multiple]
  }
  for _ in 0..<count {
    x.append(Scalar(Double.random(in: -1.5...1.5, using: &random)))
    x.append(Scalar(Double.random(in: -20...20, using: &random)))
    x.append(Scalar(Double.random(in: -800...800, using: &random)))
    x.append(Scalar(Double.random(in: -110...110, using: &random)))
    x.append(Scalar(Double.random(in: -1_000_000...1_000_000, using: &random)))
    let exponent = Scalar.Exponent(Int.random(in: -60...60, using: &random))
    x.append(Scalar(sign: .plus, exponent: exponent, significand: 1 + x[x.count - 5].magnitude / 2))
    x.append(randomBits(&random))
    x.append((randomBits(&random) as Scalar).magnitude)
  }
  return x
}

private func randomBits<Scalar: KernelScalar>(_ random: inout TestRandom) -> Scalar {
  let bits = random.next()
  return Scalar.self == Float.self
    ? Scalar(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    : Scalar(Double(bitPattern: bits))
}

private func worst<Scalar: KernelScalar>(
  _ f: UnaryFunction, _ x: [Scalar]
) -> (ulps: Double, at: Scalar) {
  var y = [Scalar](repeating: 0, count: x.count)
  Scalar.apply(f, x, into: &y, count: x.count)
  var worst = (ulps: 0.0, at: Scalar(0))
  for i in x.indices {
    let error = ulps(y[i], from: expected(f, Wide(x[i])))
    if error > worst.ulps { worst = (error, x[i]) }
  }
  return worst
}

@Test(arguments: UnaryFunction.allCases)
func floatFunctionsAreWithinTheirAllowance(f: UnaryFunction) {
  let result = worst(f, inputs(Float.self, count: 40_000))
  #expect(result.ulps <= allowance(f), "\(f) at \(result.at)")
}

#if arch(x86_64)
  @Test(arguments: UnaryFunction.allCases)
  func doubleFunctionsAreWithinTheirAllowance(f: UnaryFunction) {
    let result = worst(f, inputs(Double.self, count: 40_000))
    #expect(result.ulps <= allowance(f), "\(f) at \(result.at)")
  }
#endif

@Test(arguments: [UnaryFunction.expMinusOne, .logOnePlus, .tanh, .erf, .sine, .squareRoot, .negate])
func functionsThatVanishAtZeroKeepItsSignAndTheSmallestNumbers(f: UnaryFunction) {
  func check<Scalar: KernelScalar>(_ scalar: Scalar.Type) {
    let x: [Scalar] = [0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude]
    var y = [Scalar](repeating: 42, count: 4)
    Scalar.apply(f, x, into: &y, count: 4)
    let isNegated = f == .negate
    #expect(y[0] == 0 && y[0].sign == (isNegated ? .minus : .plus))
    #expect(y[1] == 0 && y[1].sign == (isNegated ? .plus : .minus))
    if f != .squareRoot {
      #expect(y[2] == (isNegated ? x[3] : x[2]) && y[3] == (isNegated ? x[2] : x[3]))
    }
  }
  check(Float.self)
  check(Double.self)
}
