/// A polynomial of degree two at most in independent standard normal numbers.
///
///     p(z) = zᵀ Q z + cᵀ z + c₀,   E p = tr Q + c₀,   Var p = 2‖Q‖² + ‖c‖²,   Q symmetric
struct GaussianPolynomial {
  /// Q, row-major; empty where the polynomial is affine.
  private(set) var quadratic: [Double] = []
  /// c.
  private(set) var linear: [Double]
  /// c₀.
  private(set) var constant: Double

  /// cᵀz + c₀.
  init(linear: [Double], constant: Double = 0) {
    self.linear = linear
    self.constant = constant
  }

  /// The number c₀, in so many variables.
  init(constant: Double, variables: Int) {
    self.init(linear: [Double](repeating: 0, count: variables), constant: constant)
  }

  var mean: Double {
    guard !quadratic.isEmpty else { return constant }
    return linear.indices.reduce(constant) { $0 + quadratic[$1 * linear.count + $1] }
  }

  var variance: Double {
    2 * quadratic.reduce(0) { $0 + $1 * $1 } + linear.reduce(0) { $0 + $1 * $1 }
  }

  /// E p².
  var secondMoment: Double { variance + mean * mean }

  static func + (p: Self, q: Self) -> Self {
    var sum = p
    sum.linear = zip(p.linear, q.linear).map(+)
    sum.constant += q.constant
    if p.quadratic.isEmpty {
      sum.quadratic = q.quadratic
    } else if !q.quadratic.isEmpty {
      sum.quadratic = zip(p.quadratic, q.quadratic).map(+)
    }
    return sum
  }

  static func * (factor: Double, p: Self) -> Self {
    var result = p
    result.quadratic = p.quadratic.map { factor * $0 }
    result.linear = p.linear.map { factor * $0 }
    result.constant *= factor
    return result
  }

  /// The product of two affine ones.
  static func * (p: Self, q: Self) -> Self {
    precondition(p.quadratic.isEmpty && q.quadratic.isEmpty, "polynomial: degree above 2")
    let k = p.linear.count
    var result = p.constant * q
    result.linear = zip(result.linear, p.linear).map { $0 + q.constant * $1 }
    result.quadratic = [Double](repeating: 0, count: k * k)
    for i in 0..<k {
      for j in 0..<k {
        result.quadratic[i * k + j] =
          (p.linear[i] * q.linear[j] + p.linear[j] * q.linear[i]) / 2
      }
    }
    return result
  }
}
