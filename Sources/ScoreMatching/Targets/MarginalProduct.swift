import Expressions
import Randomness

/// Independent coordinates, each with about the marginal law of given rows: a kernel estimate.
///
///     q(x) = Πᵢ 1/m Σₖ N(xᵢ; cₖᵢ, hᵢ²),   hᵢ = 1.06 sᵢ m^(-1/5)
///
/// cₖ are m of the rows, sᵢ the standard deviation of their i-th coordinate. It has the shape of each marginal and
/// none of the dependence, and its tails are normal with the scale hᵢ beyond the outermost row.
///
/// Reference: Silverman, "Density Estimation for Statistics and Data Analysis" (1986), section 3.4.2.
public struct MarginalProduct: Target {
  public let dimension: Int
  /// c, a coordinate after the other, [d, m].
  private let centres: [Double]
  /// h, [d].
  private let scales: [Double]

  /// Rows beyond which no more are taken: an evaluation costs as many exponentials for each coordinate.
  static let rowLimit = 1000

  /// The estimate from rows, row-major, evenly spaced ones where they are more than ``rowLimit``.
  ///
  /// - Throws: ``DataError`` where a coordinate is the same in all rows, or there are too few of them.
  public init(_ rows: [Double], dimension d: Int) throws(DataError) {
    let table = Table(columns: (0..<d).map(String.init), values: rows)
    guard table.rowCount > 1 else { throw .noCovariance(rows: table.rowCount, dimension: d) }
    try table.checkVariances()
    let count = min(table.rowCount, Self.rowLimit)
    let chosen = (0..<count).map { $0 * table.rowCount / count }
    let centres = (0..<d).map { i in chosen.map { rows[$0 * d + i] } }
    dimension = d
    self.centres = centres.flatMap { $0 }
    scales = centres.map { values in
      let mean = values.reduce(0, +) / Double(count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      return 1.06 * variance.squareRoot() * Real.power(Double(count), -0.2)
    }
    guard scales.allSatisfy({ $0 > 0 }) else {
      throw .noCovariance(rows: count, dimension: d)
    }
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    let count = centres.count / dimension
    let distances =
      (x.expanded(at: x.rank) - .literal(centres, [dimension, count]))
      / .literal(scales, [dimension, 1])
    let constants = scales.reduce(0) {
      $0 - Real.log($1) - Real.log(2 * .pi) / 2 - Real.log(Double(count))
    }
    return sum(logSumExp(-square(distances) / 2), axes: [-1]) + .fill(constants)
  }

  public func smoothed(by sigma: Double) -> (any Target)? { nil }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    let own = centres.count / dimension
    return (0..<count * dimension).map { place in
      let i = place % dimension
      return centres[i * own + generator.index(below: own)] + scales[i] * generator.normal()
    }
  }
}
