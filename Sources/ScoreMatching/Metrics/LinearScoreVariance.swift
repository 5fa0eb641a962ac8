import Settings

/// The variance over minibatches of a loss and of its gradient where both are polynomials: normal data
/// and a score that is linear, s(x) = A x + b.
///
/// A row's loss is ½‖r‖² + k tr A with r and y linear in independent normal numbers, and its gradient in A
/// is k I + r yᵀ: k = 1, r = s(x), y = x for implicit score matching; k = 0, r = s(x) - s*(x) for explicit
/// score matching; k = 0, y = x + σε, r = σ s(y) + ε for denoising, with the factor σ before its gradient.
/// Every element is a ``GaussianPolynomial``. Directions v come on top, independent of these, with
///
///     E vᵢvⱼvₖvₗ = a (δᵢⱼδₖₗ + δᵢₖδⱼₗ + δᵢₗδⱼₖ) + c δᵢⱼₖₗ,   E ‖v‖² vᵢvⱼ = κ δᵢⱼ,   κ = a (d + 2) + c
///
/// (a, c) = (1, 0) for normal ones, (1, -2) for signs and (d/(d + 2), 0) on the sphere of radius √d. With B
/// the symmetric matrix whose form vᵀBv estimates its trace (A without, A + ½ r rᵀ with the norm projected)
///
///     Var_v vᵀBv = a (tr²B + 2‖B‖²) + c Σ Bᵢᵢ² - tr²B,   Var_v (v vᵀ) = d (κ - 1)
///
/// and where the norm is projected the gradient's variance over v is κ - 1 times the squared norm of the
/// gradient without projection. A mean over M directions has 1/M of the variance over v; a mean over n
/// rows has 1/n of all.
///
/// Finite differences of a quadratic energy or a linear score are exact, so their variance is that of the
/// derivatives, whatever ε is. A quadratic energy's gradient is the symmetric part.
///
/// Cost: O(d⁴) for the products of polynomials in 2d variables, whatever the rows of a minibatch.
///
/// Reference: the fourth moments of normal numbers are Isserlis, Biometrika 12 (1918), 134-139; what
/// directions add to a trace is Hutchinson, Communications in Statistics 18 (1989), 1059-1076. Put together
/// here, and tested against minibatches that are drawn.
public struct LinearScoreVariance: Sendable {
  /// How the directions enter.
  enum Projected: Sendable, Hashable {
    case nothing
    case trace
    case all
  }

  private let data: Gaussian
  private let loss: String
  private let projected: Projected
  private let noise: (scale: Double, weight: DenoisingWeight, isControlled: Bool)?
  private let law: Projection?
  private let sliceCount: Int
  private let batch: Int
  private let isEnergy: Bool
  private let hasSkip: Bool

  /// Dimensions in which the closed form is computed at most.
  static let dimensionLimit = 64

  /// The closed form for a trial.
  ///
  /// - Throws: where none is known: data that are not normal, a network with hidden layers, another loss,
  ///   more than 64 dimensions.
  init(_ trial: SettingValue) throws(MetricAbsence) {
    guard trial["data.type"] == .text("gaussian") else {
      throw MetricAbsence("no closed form is known for data other than gaussian")
    }
    guard trial.has("training.batch") else {
      throw MetricAbsence("nothing is trained by minibatches")
    }
    loss = trial.text("loss.type")
    // The mean over the noise by quadrature leaves less variance than a draw does.
    guard let projected = Self.projections[loss],
      trial["noise_expectation.type"] != .text(NoiseExpectation.gaussHermiteName)
    else { throw MetricAbsence("no closed form is known for this loss") }
    self.projected = projected
    switch trial.text("model.type") {
    case "score-mlp" where trial["model.hidden"] == .list([]): isEnergy = false
    case "energy-mlp" where trial["model.hidden"] == .list([]): isEnergy = true
    default:
      throw MetricAbsence(
        "a closed form is known for score-mlp and energy-mlp with model.hidden [] alone")
    }
    guard trial.integer("dimension") <= Self.dimensionLimit else {
      throw MetricAbsence(
        "the closed form is computed in \(Self.dimensionLimit) dimensions at most")
    }
    hasSkip = trial.boolean("model.skip")
    data = Gaussian(trial["data"] ?? .null, dimension: trial.integer("dimension"))
    if trial.has("weighting") {
      let isControlled = trial.has("control_variate") && trial.boolean("control_variate")
      noise = (trial.real("sigma"), DenoisingWeight(trial), isControlled)
    } else {
      noise = nil
    }
    law = trial.has("projection") ? trial.choice("projection") : nil
    sliceCount = trial.has("slices") ? trial.integer("slices") : 1
    batch = trial.integer("training.batch")
  }

  private static let projections: [String: Projected] = [
    "esm": .nothing, "ism": .nothing, "ssm": .all, "ssm-vr": .trace, "fd-ssm": .all,
    "fd-ssm-vr": .trace, "dsm": .nothing, "fd-dsm": .all,
  ]

  /// Of the loss, or of its gradient, summed over parameters.
  ///
  /// - Parameters:
  ///   - quantity: which of the two.
  ///   - parameters: those of the model, in its order.
  /// - Complexity: O(d⁴).
  public func variance(
    of quantity: MinibatchVariance.Quantity, at parameters: [[Double]]
  ) -> Double {
    let (a, b) = score(parameters)
    let row = row(a, b)
    // Without directions nothing but their unit length is asked for.
    let moments = DirectionMoments(law ?? .rademacher, dimension: data.dimension)
    let slices = Double(sliceCount)
    let factor = weight * moments.unit / Double(batch)
    if quantity == .loss {
      return factor * (row.lossVariance + row.lossVariance(over: moments, projected) / slices)
    }
    // How the gradient in A and b becomes that in the parameters.
    let copies: Double = isEnergy ? (hasSkip ? 1 : 0) : (hasSkip ? 2 : 1)
    let matrix =
      row.matrixVariance(isSymmetric: isEnergy)
      + row.matrixVariance(over: moments, projected, isSymmetric: isEnergy) / slices
    let offset =
      row.offsetVariance + (projected == .all ? row.offsetVariance(over: moments) / slices : 0)
    return factor * (copies * matrix + offset)
  }

  /// What ``variance(of:at:)`` costs, in operations of a matrix product: products of polynomials in all
  /// variables, one for each element of what varies.
  func work(of quantity: MinibatchVariance.Quantity) -> Double {
    let d = Double(data.dimension)
    let variables = noise == nil ? d : 2 * d
    let isProjected = projected == .all
    let elements = quantity == .gradient ? (isProjected ? 2 : 1) * d * d : isProjected ? d * d : d
    return 200 * elements * variables * variables
  }

  /// The square of what multiplies a loss that is weighted by σ².
  private var weight: Double {
    guard let noise else { return 1 }
    let square = noise.scale * noise.scale
    switch noise.weight {
    case .one: return 1 / (square * square)
    case .sigmaSquared: return 1
    case .sigmaFourth: return square * square
    }
  }

  /// A, row-major with s = A x + b, and b.
  private func score(_ parameters: [[Double]]) -> (a: [Double], b: [Double]) {
    let d = data.dimension
    let skip = hasSkip ? parameters[parameters.count - 1] : nil
    func transposed(_ m: [Double]) -> [Double] { (0..<d * d).map { m[$0 % d * d + $0 / d] } }
    if isEnergy {
      let a = skip.map { zip($0, transposed($0)).map { ($0 + $1) / 2 } }
      return (a ?? [Double](repeating: 0, count: d * d), parameters[0].map { -$0 })
    }
    let a = transposed(parameters[0])
    return (skip.map { zip(a, transposed($0)).map(+) } ?? a, parameters[1])
  }

  /// What a row's loss is made of.
  private func row(_ a: [Double], _ b: [Double]) -> LinearScoreRow {
    let d = data.dimension
    let variables = noise == nil ? d : 2 * d
    let factor = data.covariance.factor(dimension: d)
    let x = (0..<d).map { i in
      GaussianPolynomial(
        linear: (0..<variables).map { $0 < d ? factor[i * d + $0] : 0 }, constant: data.mean[i])
    }
    func applied(_ a: [Double], _ b: [Double], to y: [GaussianPolynomial]) -> [GaussianPolynomial] {
      (0..<d).map { i in
        (0..<d).reduce(GaussianPolynomial(constant: b[i], variables: variables)) {
          $0 + a[i * d + $1] * y[$1]
        }
      }
    }
    guard let noise else {
      guard loss == "esm" else {
        return LinearScoreRow(a: a, identity: 1, r: applied(a, b, to: x), y: x)
      }
      let precision = data.covariance.inverse(dimension: d)
      let pull = (0..<d).map { i in
        (0..<d).reduce(0.0) { $0 + precision[i * d + $1] * data.mean[$1] }
      }
      return LinearScoreRow(
        a: a, identity: 0,
        r: applied(zip(a, precision).map(+), zip(b, pull).map(-), to: x), y: x)
    }
    let sigma = noise.scale
    let e = (0..<d).map { i in
      GaussianPolynomial(linear: (0..<variables).map { $0 == d + i ? 1 : 0 })
    }
    let y = zip(x, e).map { $0 + sigma * $1 }
    let s = applied(a, b, to: y).map { sigma * $0 }
    return LinearScoreRow(
      a: a, identity: 0, r: noise.isControlled ? s : zip(s, e).map(+), y: y, scale: sigma,
      controlled: noise.isControlled ? e : nil)
  }
}

extension Covariance {
  /// A square L with L Lᵀ = Σ, row-major.
  fileprivate func factor(dimension d: Int) -> [Double] {
    let columns = (0..<d).map { j in coloured((0..<d).map { $0 == j ? 1 : 0 }) }
    return (0..<d * d).map { columns[$0 % d][$0 / d] }
  }
}
