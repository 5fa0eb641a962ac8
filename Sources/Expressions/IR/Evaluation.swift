import Glibc

extension ElementaryFunction {
  /// The function of one number, in Double, by the C library: the reference that kernels are
  /// measured against.
  public func evaluate(_ x: Double) -> Double {
    switch self {
    case .negate: -x
    case .absolute: x.magnitude
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .reciprocal: 1 / x
    case .square: x * x
    case .squareRoot: x.squareRoot()
    case .exp: Glibc.exp(x)
    case .expMinusOne: Glibc.expm1(x)
    case .log: Glibc.log(x)
    case .logOnePlus: Glibc.log1p(x)
    case .tanh: Glibc.tanh(x)
    case .sigmoid: 1 / (1 + Glibc.exp(-x))
    case .softplus: x > 0 ? x + Glibc.log1p(Glibc.exp(-x)) : Glibc.log1p(Glibc.exp(x))
    case .erf: Glibc.erf(x)
    case .sine: Glibc.sin(x)
    case .cosine: Glibc.cos(x)
    }
  }
}

extension BinaryFunction {
  /// The function of two numbers, in Double; a minimum or maximum with NaN is NaN.
  public func evaluate(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .minimum: x.isNaN || y.isNaN ? .nan : Swift.min(x, y)
    case .maximum: x.isNaN || y.isNaN ? .nan : Swift.max(x, y)
    case .power: Glibc.pow(x, y)
    case .less: x < y ? 1 : 0
    case .lessOrEqual: x <= y ? 1 : 0
    case .equal: x == y ? 1 : 0
    }
  }
}
