import Expressions
import Settings

/// A sufficient statistic: a function of each coordinate, or of each pair of them.
public enum Statistic: String, Sendable, Hashable, CaseIterable {
  /// xᵢ.
  case linear = "x"
  /// xᵢ².
  case square = "x^2"
  /// xᵢ³.
  case cube = "x^3"
  /// xᵢ⁴.
  case fourthPower = "x^4"
  /// xᵢ xⱼ for i ≤ j.
  case products = "xx'"
  /// ln xᵢ.
  case logarithm = "log x"
  /// √xᵢ.
  case squareRoot = "sqrt x"
  /// ln cosh xᵢ, whose score is tanh: a smooth |x|.
  case logCosh = "log cosh x"

  /// The statistic times its parameters, θᵀT(x), [..., d] → [...].
  ///
  /// - Parameters:
  ///   - x: points, [..., d].
  ///   - theta: one for each of its numbers, [k], or for each of n rows of its own, [n, k].
  public func callAsFunction(_ x: Tensor, _ theta: Tensor) -> Tensor {
    switch self {
    case .linear: return dot(theta, x)
    case .square: return dot(theta, Expressions.square(x))
    case .cube: return dot(theta, x * Expressions.square(x))
    case .fourthPower: return dot(theta, Expressions.square(Expressions.square(x)))
    case .logarithm: return dot(theta, log(x))
    case .squareRoot: return dot(theta, Expressions.squareRoot(x))
    // ln cosh x = ln(1 + e²ˣ) - x - ln 2, without overflow; the constant is left out.
    case .logCosh: return dot(theta, softplus(2 * x) - x)
    case .products: return theta.rank == 1 ? quadraticForm(x, theta) : rowwiseForm(x, theta)
    }
  }

  /// x U xᵀ, U upper triangular with θ row by row: a matrix, so that a trace takes no products.
  private func quadraticForm(_ x: Tensor, _ theta: Tensor) -> Tensor {
    let rows = Self.rows(of: theta, dimension: x.shape[x.rank - 1]).enumerated().map { i, row in
      row.padded(axis: 0, before: i, after: 0).expanded(at: 0)
    }
    return dot(x, matmul(x, concatenate(rows, axis: 0)))
  }

  /// Σᵢ xᵢ Σⱼ≥ᵢ θᵢⱼ xⱼ.
  private func rowwiseForm(_ x: Tensor, _ theta: Tensor) -> Tensor {
    let d = x.shape[x.rank - 1]
    let terms = Self.rows(of: theta, dimension: d).enumerated().map { i, row in
      sum(x.slice(axis: -1, i..<i + 1), axes: [-1]) * dot(row, x.slice(axis: -1, i..<d))
    }
    return terms.dropFirst().reduce(terms[0], +)
  }

  /// θᵢⱼ for j ≥ i, [..., d - i], of each i.
  private static func rows(of theta: Tensor, dimension d: Int) -> [Tensor] {
    var start = 0
    return (0..<d).map { i in
      defer { start += d - i }
      return theta.slice(axis: -1, start..<start + d - i)
    }
  }

  /// k, how many numbers it is for points with d coordinates.
  public func count(dimension d: Int) -> Int { self == .products ? d * (d + 1) / 2 : d }

  /// What each of the numbers is: `x[0]^2`, `x[0] x[1]`.
  public func names(dimension d: Int) -> [String] {
    guard self != .products else {
      return (0..<d).flatMap { i in (i..<d).map { "x[\(i)] x[\($0)]" } }
    }
    return (0..<d).map { i in
      rawValue.replacing(letter: "x", by: "x[\(i)]")
    }
  }

  /// Whether it exists for positive coordinates only.
  public var needsPositive: Bool { self == .logarithm || self == .squareRoot }

  /// How it stands in an architecture's name.
  var label: String {
    rawValue.filter { $0.isLetter || $0.isNumber }
  }

  static let choices = [
    Choice("x", "each coordinate"),
    Choice("x^2", "the square of each coordinate"),
    Choice("x^3", "the third power of each coordinate"),
    Choice("x^4", "the fourth power of each coordinate"),
    Choice("xx'", "the product of each pair of coordinates, squares included"),
    Choice("log x", "the logarithm of each coordinate; positive data only"),
    Choice("sqrt x", "the root of each coordinate; positive data only"),
    Choice("log cosh x", "log cosh of each coordinate, whose score is tanh"),
  ]
}

extension String {
  /// Each place of one letter that no other letter stands beside, replaced.
  fileprivate func replacing(letter: Character, by text: String) -> String {
    var result = ""
    for (index, character) in enumerated() {
      let isWhole =
        character == letter && !dropFirst(index + 1).prefix(1).contains(where: \.isLetter)
      result += isWhole ? text : String(character)
    }
    return result
  }
}
