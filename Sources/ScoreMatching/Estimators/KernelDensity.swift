import Expressions

/// A density of normal kernels on samples.
///
///     p̂(x) = 1/m Σᵢ Πⱼ N(xⱼ; yᵢⱼ, hⱼ²),   hⱼ = sⱼ (4/((d + 2) m))^(1/(d + 4))
///
/// hⱼ is Silverman's rule of the standard deviation sⱼ of each coordinate where no bandwidth is given.
///
/// Reference: Silverman, "Density estimation for statistics and data analysis" (1986), section 4.3.
public struct KernelDensity: Sendable, Hashable {
  private let samples: [Double]
  /// 1/hⱼ.
  private let inverse: [Double]
  private let logConstant: Double

  /// The density on samples, row-major [m, d], at least two where there is no bandwidth.
  public init(_ samples: [Double], dimension d: Int, bandwidth: Double? = nil) {
    let m = Double(samples.count / d)
    let widths: [Double]
    if let bandwidth {
      widths = [Double](repeating: bandwidth, count: d)
    } else {
      let mean = Moments.mean(of: samples, dimension: d)
      var squares = [Double](repeating: 0, count: d)
      for place in samples.indices {
        let difference = samples[place] - mean[place % d]
        squares[place % d] += difference * difference
      }
      let factor = Real.power(4 / (Double(d + 2) * m), 1 / Double(d + 4))
      widths = squares.map { factor * ($0 / (m - 1)).squareRoot() }
    }
    inverse = widths.map { 1 / $0 }
    self.samples = samples.indices.map { samples[$0] / widths[$0 % d] }
    logConstant =
      -Real.log(m) - Double(d) / 2 * Real.log(2 * .pi)
      - widths.reduce(0) { $0 + Real.log($1) }
  }

  /// The mean of ln p̂ over rows, row-major [n, d].
  ///
  /// - Complexity: n m d multiplications.
  public func meanLogDensity(of rows: [Double]) -> Double {
    let d = inverse.count
    var total = 0.0
    var exponents = [Double](repeating: 0, count: samples.count / d)
    for start in stride(from: 0, to: rows.count, by: d) {
      let x = (0..<d).map { rows[start + $0] * inverse[$0] }
      var highest = -Double.infinity
      for i in exponents.indices {
        var square = 0.0
        for j in 0..<d {
          let difference = x[j] - samples[i * d + j]
          square += difference * difference
        }
        exponents[i] = -square / 2
        highest = max(highest, exponents[i])
      }
      total += highest + Real.log(exponents.reduce(0) { $0 + Real.exp($1 - highest) })
    }
    return total / Double(rows.count / d) + logConstant
  }
}
