/// The derivatives of functions of square matrices, with Y = X⁻¹ and any leading axes.
///
///     d(X⁻¹) = -Y dX Y,   d ln|det X| = tr(Y dX)
///
/// A program has Y once, however many derivatives ask for it.
enum MatrixRules {
  /// -Y Ẋ Y for each of the directions that Ẋ has in front, given Y.
  static func inverseTangent(
    at inverse: Tensor, along tangent: Tensor, directions: Int
  ) -> Tensor {
    let (prefix, leading, next) = labels(inverse, directions)
    let (i, j, k, l) = (next, next + 1, next + 2, next + 3)
    return -Product(
      [
        Term(inverse, leading + [i, j]), Term(tangent, prefix + leading + [j, k]),
        Term(inverse, leading + [k, l]),
      ], output: prefix + leading + [i, l]
    ).tensor()
  }

  /// -Yᵀ Ȳ Yᵀ, given Y.
  static func inverseCotangent(at inverse: Tensor, _ bar: Tensor) -> Tensor {
    let (_, leading, next) = labels(inverse, 0)
    let (i, j, k, l) = (next, next + 1, next + 2, next + 3)
    return -Product(
      [
        Term(inverse, leading + [j, i]), Term(bar, leading + [j, k]),
        Term(inverse, leading + [l, k]),
      ], output: leading + [i, l]
    ).tensor()
  }

  /// tr(X⁻¹ Ẋ) for each of the directions that Ẋ has in front.
  static func logDeterminantTangent(
    at x: Tensor, along tangent: Tensor, directions: Int
  ) -> Tensor {
    let (prefix, leading, next) = labels(x, directions)
    return Product(
      [
        Term(inverse(x), leading + [next, next + 1]),
        Term(tangent, prefix + leading + [next + 1, next]),
      ], output: prefix + leading
    ).tensor()
  }

  /// X⁻ᵀ times the cotangent of each logarithm.
  static func logDeterminantCotangent(at x: Tensor, _ bar: Tensor) -> Tensor {
    let (_, leading, next) = labels(x, 0)
    return Product(
      [Term(inverse(x), leading + [next + 1, next]), Term(bar, leading)],
      output: leading + [next, next + 1]
    ).tensor()
  }

  /// Labels of the directions and of the axes in front of the matrices, and the first one after them.
  private static func labels(
    _ matrices: Tensor, _ directions: Int
  ) -> (prefix: [Int], leading: [Int], next: Int) {
    let next = directions + matrices.rank - 2
    return (Array(0..<directions), Array(directions..<next), next)
  }
}
