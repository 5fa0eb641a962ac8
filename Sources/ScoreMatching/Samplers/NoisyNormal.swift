import Expressions
import Randomness

/// The normal law that data are taken for under much noise: theirs by mean and covariance, and the
/// noise's.
///
///     N(m, C + σ²I) = N(m, L Lᵀ),   m and C the mean and the covariance of the data
///
/// Noisy data, p * N(0, σ²I), have the same first and second moments; what is missed of their shape
/// falls like the cumulants of the data over σ³ and σ⁴. N(0, (σ² + σ_d²) I) misses the mean over σ too.
public struct NoisyNormal: Sendable {
  /// m.
  public let mean: [Double]
  /// C + σ²I, factorised.
  private let factor: Cholesky

  /// Rows that moments are taken over: the first ones.
  private static let rowLimit = 10_000

  /// The law of noisy data.
  ///
  /// - Parameters:
  ///   - rows: data, row-major [n, d], of which the first 10 000 count; without any the law is that of the
  ///     noise.
  ///   - noiseScale: σ, in data units.
  ///   - dimension: d.
  /// - Throws: ``MetricError`` where rounding leaves no covariance.
  /// - Complexity: n d² + d³/3 multiplications.
  public init(of rows: [Double], noiseScale: Double, dimension d: Int) throws(MetricError) {
    let table = Table(
      columns: (0..<d).map(String.init), values: Array(rows.prefix(Self.rowLimit * d)))
    var covariance = [Double](repeating: 0, count: d * d)
    if table.rowCount == 0 {
      mean = [Double](repeating: 0, count: d)
    } else {
      (mean, covariance) = (table.means, table.covariance)
    }
    for i in 0..<d { covariance[i * d + i] += noiseScale * noiseScale }
    guard let factor = Cholesky(covariance, count: d) else {
      throw MetricError(
        description: "no normal law has the moments of the training data and noise of \(noiseScale)"
      )
    }
    self.factor = factor
  }

  /// Independent points, row-major [count, d].
  func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    (0..<count).flatMap { _ -> [Double] in
      let z = mean.map { _ in generator.normal() }
      return zip(mean, factor.multiply(z)).map(+)
    }
  }

  /// m and (C + σ²I)⁻¹, which ``logDensity(_:_:)`` reads.
  var constants: [Simulation.Constant] {
    let d = mean.count
    return [
      Simulation.Constant("prior_mean", [d], mean),
      Simulation.Constant("prior_precision", [d, d], factor.inverse),
    ]
  }

  /// The scalar input that ``logDensity(_:_:)`` reads: the logarithm of the density at m.
  var scalars: [ScalarValue] {
    let logDeterminant = 2 * factor.diagonal.reduce(0) { $0 + Real.log($1) }
    return [
      ScalarValue(
        "log_peak", -(logDeterminant + Double(mean.count) * Real.log(2 * .pi)) / 2)
    ]
  }

  /// The log density at points, [n, d] → [n].
  static func logDensity(_ x: Tensor, _ constants: [Simulation.Constant]) -> Tensor {
    let centred = x - constants[0].tensor
    return .scalar("log_peak") - dot(centred, matmul(centred, constants[1].tensor)) / 2
  }
}
