// The derivative of each elementwise function, written with the public operators and hence
// differentiable again.

extension ElementaryFunction {
  /// f′(x), given x and y = f(x); nil where it is 0 everywhere.
  func derivative(at x: Tensor, value y: Tensor) -> Tensor? {
    switch self {
    case .negate: -1
    case .absolute: Expressions.sign(x)
    case .sign: nil
    case .reciprocal: -Expressions.square(y)
    case .square: 2 * x
    case .squareRoot: 0.5 / y
    case .exp: y
    case .expMinusOne: y + 1
    case .log: Expressions.reciprocal(x)
    case .logOnePlus: Expressions.reciprocal(x + 1)
    case .tanh: 1 - Expressions.square(y)
    case .sigmoid: y * (1 - y)
    case .softplus: Expressions.sigmoid(x)
    case .erf: Tensor.fill(1.1283791670955126) * Expressions.exp(-Expressions.square(x))  // 2/√π
    case .sine: Expressions.cosine(x)
    case .cosine: -Expressions.sine(x)
    }
  }
}

extension BinaryFunction {
  /// The partial derivatives in both arguments, given z = f(x, y); nil where one is 0 everywhere.
  ///
  /// Where the arguments of a minimum or maximum are equal the first one takes the whole
  /// derivative.
  func derivatives(at x: Tensor, _ y: Tensor, value z: Tensor) -> (Tensor?, Tensor?) {
    switch self {
    case .add: (1, 1)
    case .subtract: (1, -1)
    case .multiply: (y, x)
    case .divide:
      (Expressions.reciprocal(y), -z / y)
    case .minimum:
      (Expressions.lessOrEqual(x, y), Expressions.less(y, x))
    case .maximum:
      (Expressions.lessOrEqual(y, x), Expressions.less(x, y))
    case .power:
      (y * Expressions.power(x, y - 1), z * Expressions.log(x))
    case .less, .lessOrEqual, .equal: (nil, nil)
    }
  }
}
