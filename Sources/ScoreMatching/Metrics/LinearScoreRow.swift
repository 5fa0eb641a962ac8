/// Fourth moments of random directions: see ``LinearScoreVariance``.
struct DirectionMoments {
  /// a.
  let pairs: Double
  /// c.
  let equal: Double
  /// κ.
  let radial: Double
  /// What scales variances for directions whose second moment is I/d.
  let unit: Double

  init(_ law: Projection, dimension: Int) {
    let d = Double(dimension)
    switch law {
    case .gaussian: (pairs, equal) = (1, 0)
    case .rademacher: (pairs, equal) = (1, -2)
    case .sphere, .unitSphere: (pairs, equal) = (d / (d + 2), 0)
    }
    radial = pairs * (d + 2) + equal
    unit = law == .unitSphere ? 1 / (d * d) : 1
  }

  /// Var vᵀBv, from tr²B, ‖B‖² and Σ Bᵢᵢ².
  func variance(traceSquared: Double, norm: Double, diagonal: Double) -> Double {
    pairs * (traceSquared + 2 * norm) + equal * diagonal - traceSquared
  }
}

/// A row's loss ½‖r‖² + k tr A and its gradients k I + r yᵀ in A and r in b, as polynomials in normal
/// numbers: see ``LinearScoreVariance``.
struct LinearScoreRow {
  private typealias Polynomial = GaussianPolynomial

  private let a: [Double]
  private let identity: Double
  private let r: [GaussianPolynomial]
  private let y: [GaussianPolynomial]
  private let scale: Double
  private let controlled: [GaussianPolynomial]?

  /// - Parameters:
  ///   - a: A, row-major.
  ///   - identity: k.
  ///   - scale: what multiplies both gradients: dr/ds.
  ///   - controlled: ε, for a control variate that adds scale² εᵀAε.
  init(
    a: [Double], identity: Double, r: [GaussianPolynomial], y: [GaussianPolynomial],
    scale: Double = 1, controlled: [GaussianPolynomial]? = nil
  ) {
    self.a = a
    self.identity = identity
    self.r = r
    self.y = y
    self.scale = scale
    self.controlled = controlled
  }

  private var d: Int { r.count }
  private var variables: Int { r[0].linear.count }

  /// ∂ℓ/∂Aᵢⱼ.
  private func element(_ i: Int, _ j: Int) -> GaussianPolynomial {
    var result = scale * (r[i] * y[j])
    if i == j { result = result + Polynomial(constant: identity, variables: variables) }
    if let controlled { result = result + scale * scale * (controlled[i] * controlled[j]) }
    return result
  }

  /// Of the loss, without directions.
  var lossVariance: Double {
    var total = r.reduce(Polynomial(constant: 0, variables: variables)) { $0 + 0.5 * ($1 * $1) }
    if let controlled {
      for i in 0..<d {
        for j in 0..<d {
          total = total + scale * scale * a[i * d + j] * (controlled[i] * controlled[j])
        }
      }
    }
    return total.variance
  }

  /// The mean over rows of the loss's variance over one direction.
  func lossVariance(
    over v: DirectionMoments, _ projected: LinearScoreVariance.Projected
  ) -> Double {
    guard projected != .nothing else { return 0 }
    var norm = 0.0
    var diagonal = 0.0
    var trace = Polynomial(constant: 0, variables: variables)
    for i in 0..<d {
      for j in 0..<d {
        var form = Polynomial(
          constant: identity * (a[i * d + j] + a[j * d + i]) / 2, variables: variables)
        if projected == .all { form = form + 0.5 * (r[i] * r[j]) }
        norm += form.secondMoment
        if i == j {
          diagonal += form.secondMoment
          trace = trace + form
        }
      }
    }
    return v.variance(traceSquared: trace.secondMoment, norm: norm, diagonal: diagonal)
  }

  /// Of the gradient in A, without directions, summed over its elements or those of its symmetric part.
  func matrixVariance(isSymmetric: Bool) -> Double {
    elements(isSymmetric: isSymmetric).reduce(0) { $0 + $1.variance }
  }

  /// Of the gradient in b, without directions.
  var offsetVariance: Double { r.reduce(0) { $0 + scale * scale * $1.variance } }

  /// The mean over rows of the gradient in b's variance over one direction that the norm is projected on.
  func offsetVariance(over v: DirectionMoments) -> Double {
    (v.radial - 1) * r.reduce(0) { $0 + scale * scale * $1.secondMoment }
  }

  /// The mean over rows of the gradient in A's variance over one direction.
  func matrixVariance(
    over v: DirectionMoments, _ projected: LinearScoreVariance.Projected, isSymmetric: Bool
  ) -> Double {
    switch projected {
    case .nothing: return 0
    case .trace: return Double(d) * (v.radial - 1)
    case .all: break
    }
    let plain = elements(isSymmetric: false).reduce(0) { $0 + $1.secondMoment }
    guard isSymmetric else { return (v.radial - 1) * plain }
    // Half of ‖G‖² + tr G² for G = v (k v + (vᵀr) y)ᵀ, less what the mean over v has.
    var product = 0.0
    var inner = Polynomial(constant: 0, variables: variables)
    var diagonal = 0.0
    for i in 0..<d {
      for j in 0..<d { product += (r[i] * y[j]).secondMoment }
      inner = inner + r[i] * y[i]
      diagonal += (r[i] * y[i]).secondMoment
    }
    let crossed =
      v.radial * identity * (Double(d) * identity + 2 * inner.mean)
      + v.pairs * (product + 2 * inner.secondMoment) + v.equal * diagonal
    let known = elements(isSymmetric: true).reduce(0) { $0 + $1.secondMoment }
    return (v.radial * plain + scale * scale * crossed) / 2 - known
  }

  private func elements(isSymmetric: Bool) -> some Sequence<GaussianPolynomial> {
    (0..<d * d).lazy.map { place in
      let (i, j) = (place / d, place % d)
      return isSymmetric ? 0.5 * (element(i, j) + element(j, i)) : element(i, j)
    }
  }
}
