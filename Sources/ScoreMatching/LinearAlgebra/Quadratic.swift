/// A positive-definite quadratic gᵀθ + ½ θᵀG θ, factorised.
///
/// G is scaled to a diagonal of ones first, so that statistics in different units do not matter.
public struct Quadratic: Sendable {
  private let factor: Cholesky
  /// 1/√Gᵢᵢ.
  private let scale: [Double]

  /// Factorises G, given row-major.
  ///
  /// - Throws: ``QuadraticError`` where G is not positive definite to more than rounding.
  /// - Complexity: n³/3 multiplications.
  public init(hessian: [Double], count n: Int) throws(QuadraticError) {
    precondition(hessian.count == n * n, "quadratic: \(hessian.count) numbers, \(n) rows")
    guard hessian.allSatisfy(\.isFinite) else { throw .notFinite }
    let diagonal = (0..<n).map { hessian[$0 * n + $0] }
    if let index = diagonal.firstIndex(where: { $0 <= 0 }) { throw .notConvex(parameter: index) }
    let scale = diagonal.map { 1 / $0.squareRoot() }
    let scaled = hessian.indices.map { hessian[$0] * scale[$0 / n] * scale[$0 % n] }
    // What a row has left beside the rows before it; rounding leaves about n units in the last place.
    guard let factor = Cholesky(scaled, count: n) else { throw .dependent }
    let least = factor.diagonal.map { $0 * $0 }.min() ?? 1
    guard least > Double(n) * 0x1p-46 else { throw .dependent }
    self.factor = factor
    self.scale = scale
  }

  /// Where the gradient vanishes: -G⁻¹ g.
  public func minimiser(gradient: [Double]) -> [Double] {
    let scaled = factor.solve(zip(gradient, scale).map { -$0 * $1 })
    return zip(scaled, scale).map(*)
  }

  /// The square roots of the diagonal of G⁻¹ S G⁻¹ / n.
  ///
  /// - Complexity: 2 K³ multiplications.
  public func standardErrors(scatter: [Double], rowCount: Int) -> [Double] {
    let k = scale.count
    let inverse = factor.inverse
    let scaled = scatter.indices.map { scatter[$0] * scale[$0 / k] * scale[$0 % k] }
    return (0..<k).map { i in
      let row = Array(inverse[i * k..<(i + 1) * k])
      var total = 0.0
      for a in 0..<k {
        var sum = 0.0
        for b in 0..<k { sum += scaled[a * k + b] * row[b] }
        total += row[a] * sum
      }
      return scale[i] * (max(total, 0) / Double(rowCount)).squareRoot()
    }
  }
}

/// Why a quadratic has no minimum.
public enum QuadraticError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Its numbers are not all finite.
  case notFinite
  /// It does not rise along a parameter.
  case notConvex(parameter: Int)
  /// Some combination of parameters changes nothing, to within rounding.
  case dependent

  /// The reason, a clause.
  public var description: String {
    switch self {
    case .notFinite: "the quadratic has numbers that are not finite"
    case .notConvex(let parameter): "the quadratic does not rise along parameter \(parameter)"
    case .dependent: "some combination of the statistics changes nothing on these data"
    }
  }
}
