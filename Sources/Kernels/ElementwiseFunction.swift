/// The functions of one argument that the kernels evaluate element by element.
///
/// NaN gives NaN for each of them. The accuracy of the transcendental ones is stated with
/// ``KernelScalar/apply(_:_:into:count:)``.
public enum UnaryFunction: Sendable, CaseIterable {
  /// -x.
  case negate
  /// |x|.
  case absolute
  /// -1, 0 or 1; the sign of ±0 is 0.
  case sign
  /// 1 / x.
  case reciprocal
  /// x².
  case square
  /// √x, correctly rounded; NaN below 0.
  case squareRoot
  /// eˣ.
  case exp
  /// eˣ - 1, without cancellation near 0.
  case expMinusOne
  /// The natural logarithm; -∞ at 0, NaN below.
  case log
  /// log(1 + x), without cancellation near 0; -∞ at -1, NaN below.
  case logOnePlus
  /// The hyperbolic tangent.
  case tanh
  /// The logistic function 1 / (1 + e⁻ˣ).
  case sigmoid
  /// log(1 + eˣ), without overflow.
  case softplus
  /// The error function, 2/√π ∫₀ˣ exp(-t²) dt.
  case erf
  /// The sine of an angle in radians; NaN at ±∞.
  case sine
  /// The cosine of an angle in radians; NaN at ±∞.
  case cosine
}

/// The functions of two arguments that the kernels evaluate element by element.
///
/// A NaN in either argument gives NaN, except in the comparisons, which then give 0, and in
/// ``power`` where the standard of C fixes a value: x⁰ = 1 and 1ʸ = 1 whatever the other is.
public enum BinaryFunction: Sendable, CaseIterable {
  /// x + y.
  case add
  /// x - y.
  case subtract
  /// x · y.
  case multiply
  /// x / y.
  case divide
  /// The smaller of the two; NaN if either is NaN.
  case minimum
  /// The larger of the two; NaN if either is NaN.
  case maximum
  /// xʸ, with the special values of C's pow.
  case power
  /// 1 where x < y, else 0.
  case less
  /// 1 where x ≤ y, else 0.
  case lessOrEqual
  /// 1 where x = y, else 0.
  case equal
}
