/// Nodes and weights of Gauss-Hermite quadrature for the standard normal law, exact for polynomials
/// of degree 2n - 1.
///
///     E[f(ε)] ≈ Σⱼ wⱼ f(εⱼ),   ε ~ N(0, 1)
///
/// The nodes are the zeros of the n-th Hermite polynomial: each is separated from the others by
/// counting the eigenvalues of the Jacobi matrix below a point, then found by Newton's method; the
/// weights come from the orthonormal polynomials, so that small ones are as accurate as large ones.
///
/// Reference: Golub & Welsch, Mathematics of Computation 23 (1969), 221-230.
public struct GaussHermite: Sendable, Hashable {
  /// The numbers of nodes that there are rules for.
  public static let counts = 1...256

  /// Nodes, ascending and symmetric around 0.
  public let nodes: [Double]
  /// Weights, of sum 1.
  public let weights: [Double]

  /// The rule with n nodes.
  ///
  /// - Complexity: about 20 n² operations.
  public init(_ n: Int) {
    precondition(Self.counts.contains(n), "gauss-hermite: \(n) nodes")
    let upper = (0..<n / 2).map { Self.node(n - 1 - $0, of: n) }  // the largest first
    nodes = upper.map { -$0 } + (n % 2 == 1 ? [0] : []) + upper.reversed()
    let raw = nodes.map { node -> Double in
      let last = Self.orthonormal(n, at: node).previous
      return 1 / (Double(n) * last * last)
    }
    let total = raw.reduce(0, +)
    weights = raw.map { $0 / total }
  }

  /// The zero of this index, counted from the least.
  private static func node(_ index: Int, of n: Int) -> Double {
    var (low, high) = (0.0, 2 * Double(n).squareRoot())
    for _ in 0..<20 {
      let middle = (low + high) / 2
      if zerosBelow(middle, n) > index { high = middle } else { low = middle }
    }
    var x = (low + high) / 2
    for _ in 0..<4 {  // quadratic convergence from six digits
      let (value, previous) = orthonormal(n, at: x)
      x -= value / (Double(n).squareRoot() * previous)
    }
    return x
  }

  /// How many zeros lie below x: the sign changes of the Sturm sequence, off-diagonals √k.
  private static func zerosBelow(_ x: Double, _ n: Int) -> Int {
    var pivot = -x
    var count = pivot < 0 ? 1 : 0
    for k in 1..<max(n, 1) {
      pivot = -x - Double(k) / (pivot == 0 ? .leastNormalMagnitude : pivot)
      if pivot < 0 { count += 1 }
    }
    return count
  }

  /// The polynomials of degree n and n - 1, orthonormal under N(0, 1).
  private static func orthonormal(_ n: Int, at x: Double) -> (value: Double, previous: Double) {
    var (previous, value) = (0.0, 1.0)
    for k in 0..<n {
      let next =
        (x * value - Double(k).squareRoot() * previous) / Double(k + 1).squareRoot()
      (previous, value) = (value, next)
    }
    return (value, previous)
  }
}
