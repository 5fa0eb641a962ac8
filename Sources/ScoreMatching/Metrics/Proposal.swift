import Expressions

/// The normal law N(m, L Lᵀ) that a normaliser is measured from.
struct Proposal: Sendable {
  let mean: [Double]
  /// L, row-major [d, d], lower triangular.
  let factor: [Double]

  private init(mean: [Double], factor: [Double]) {
    self.mean = mean
    self.factor = factor
  }

  var dimension: Int { mean.count }

  /// N(0, scale² I).
  init(scale: Double, dimension d: Int) {
    self.init(
      mean: [Double](repeating: 0, count: d),
      factor: (0..<d * d).map { $0 / d == $0 % d ? scale : 0 })
  }

  /// The mean of the rows, and their covariance times widening²; N(0, widening² I) where there are no
  /// rows.
  init(of rows: [Double], widening: Double, dimension d: Int) throws {
    guard !rows.isEmpty else {
      self.init(scale: widening, dimension: d)
      return
    }
    let fit: Gaussian
    do { fit = try GaussianFit.fit(rows, dimension: d) } catch {
      throw MetricError(description: "no Gaussian fits the training data: \(error)")
    }
    let basis = (0..<d).map { i in
      fit.covariance.coloured((0..<d).map { $0 == i ? widening : 0 })
    }
    self.init(mean: fit.mean, factor: (0..<d * d).map { basis[$0 % d][$0 / d] })
  }

  /// ln det L.
  var logDeterminant: Double {
    (0..<dimension).reduce(0) { $0 + Real.log(factor[$1 * dimension + $1]) }
  }

  /// The standardised points u = L⁻¹ (x - m) of rows x, row-major.
  func standardised(_ rows: [Double]) -> [Double] {
    let d = dimension
    var result = rows
    for row in 0..<rows.count / d {
      for i in 0..<d {
        var value = rows[row * d + i] - mean[i]
        for k in 0..<i { value -= factor[i * d + k] * result[row * d + k] }
        result[row * d + i] = value / factor[i * d + i]
      }
    }
    return result
  }

  /// The constants that ``point(_:)`` reads.
  var constants: [Simulation.Constant] {
    [
      Simulation.Constant("mean", [dimension], mean),
      Simulation.Constant("factor", [dimension, dimension], factor),
    ]
  }

  /// x = m + L u, [n, d].
  static func point(_ u: Tensor, _ constants: [Simulation.Constant]) -> Tensor {
    constants[0].tensor + einsum("nb,ab->na", u, constants[1].tensor)
  }

  /// -ln N(u; 0, I), [n, d] → [n].
  static func standardEnergy(_ u: Tensor) -> Tensor {
    dot(u, u) / 2 + .fill(Double(u.shape[1]) / 2 * Real.log(2 * .pi))
  }
}

/// ln (eᵃ + eᵇ), stable.
func logAddExp(_ a: Tensor, _ b: Tensor) -> Tensor {
  maximum(a, b) + log(onePlus: exp(-absolute(a - b)))
}

/// ln Σ exp, stable.
func logSumExp(_ values: [Double]) -> Double {
  guard let highest = values.max(), highest.isFinite else { return values.max() ?? -.infinity }
  return highest + Real.log(values.reduce(0) { $0 + Real.exp($1 - highest) })
}
