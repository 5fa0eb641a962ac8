#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Reference {
  /// One value, by the C library in Double.
  static func value<Scalar: KernelScalar>(_ f: UnaryFunction, _ x: Scalar) -> Scalar {
    switch f {
    case .negate: return -x
    case .absolute: return x.magnitude
    case .sign: return x.isNaN ? x : (x > 0 ? 1 : (x < 0 ? -1 : 0))
    case .reciprocal: return 1 / x
    case .square: return x * x
    case .squareRoot: return x.squareRoot()
    case .exp: return Scalar(exp(Double(x)))
    case .expMinusOne: return Scalar(expm1(Double(x)))
    case .log: return Scalar(log(Double(x)))
    case .logOnePlus: return Scalar(log1p(Double(x)))
    case .tanh: return Scalar(tanh(Double(x)))
    case .sigmoid: return Scalar(sigmoid(Double(x)))
    case .softplus: return Scalar(max(Double(x), 0) + log1p(exp(-Double(x).magnitude)))
    case .erf: return Scalar(erf(Double(x)))
    case .sine: return Scalar(sin(Double(x)))
    case .cosine: return Scalar(cos(Double(x)))
    }
  }

  private static func sigmoid(_ x: Double) -> Double {
    x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
  }

  /// One value, by the C library in Double.
  static func value<Scalar: KernelScalar>(
    _ f: BinaryFunction, _ x: Scalar, _ y: Scalar
  ) -> Scalar {
    switch f {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .divide: return x / y
    case .minimum: return x.isNaN || y.isNaN ? x + y : (y < x ? y : x)
    case .maximum: return x.isNaN || y.isNaN ? x + y : (y > x ? y : x)
    case .power: return Scalar(pow(Double(x), Double(y)))
    case .less: return x < y ? 1 : 0
    case .lessOrEqual: return x <= y ? 1 : 0
    case .equal: return x == y ? 1 : 0
    }
  }

  static func apply<Scalar: KernelScalar>(
    _ f: UnaryFunction, _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    for i in 0..<count { y[i] = value(f, x[i]) }
  }

  static func apply<Scalar: KernelScalar>(
    _ f: BinaryFunction, _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>,
    into z: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { z[i] = value(f, x[i], y[i]) }
  }

  static func apply<Scalar: KernelScalar>(
    _ f: BinaryFunction, _ x: UnsafePointer<Scalar>, scalar y: Scalar,
    into z: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { z[i] = value(f, x[i], y) }
  }

  static func apply<Scalar: KernelScalar>(
    _ f: BinaryFunction, scalar x: Scalar, _ y: UnsafePointer<Scalar>,
    into z: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { z[i] = value(f, x, y[i]) }
  }

  static func select<Scalar: KernelScalar>(
    _ mask: UnsafePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>,
    into z: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { z[i] = mask[i] != 0 ? a[i] : b[i] }
  }

  static func multiplyAdd<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ z: UnsafePointer<Scalar>,
    into w: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { w[i] = z[i].addingProduct(x[i], y[i]) }
  }

  static func fill<Scalar: KernelScalar>(
    _ y: UnsafeMutablePointer<Scalar>, with value: Scalar, count: Int
  ) {
    for i in 0..<count { y[i] = value }
  }

  static func copy<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { y[i] = x[i] }
  }

  static func addInto<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { y[i] += x[i] }
  }

  static func scale<Scalar: KernelScalar>(
    _ x: UnsafePointer<Scalar>, by factor: Scalar, into y: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    for i in 0..<count { y[i] = factor * x[i] }
  }
}
