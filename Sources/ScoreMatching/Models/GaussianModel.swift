import Expressions
import Settings

/// Models a normal density with every mean and every covariance.
///
///     ln p(x; θ) = -½ ‖(x - μ) L‖² + Σᵢ ln |Lᵢᵢ| - (d/2) ln 2π,   s(x; θ) = -(x - μ) L Lᵀ
///
/// The precision P = L Lᵀ is given by its lower-triangular factor, `precision.factor` L [d, d], so that P
/// is symmetric and positive definite whatever a gradient step makes of L, and ln det P needs no
/// factorisation. What L holds above its diagonal is not used and stays 0. The other ways are worse:
/// under the natural parameters P μ and P score matching is a quadratic, but a step may leave the positive
/// definite matrices; with exp(aᵢᵢ) for Lᵢᵢ score matching has a false minimum at aᵢᵢ = -∞, where a
/// line search can end.
///
/// Seen through noise it is N(μ, P⁻¹ + σ²I). With P = Σₖ pₖ uₖ uₖᵀ, decomposed once the parameters are final,
///
///     s(x, σ) = -Σₖ pₖ/(1 + σ² pₖ) uₖ uₖᵀ (x - μ)
///
/// so a noise scale costs two products with [d, d]. That is for measuring and sampling: it has no derivative
/// in L, and a loss of many noise levels does not train this model. A Gaussian that was itself fitted to
/// noisy data (`dsm`, `fd-dsm`) is of the data with that noise, and has one scale.
///
/// At the start μ = 0 and P = I. Data far from that take many iterations: standardise them.
public struct GaussianModel: ScoreModel {
  /// Its name in an experiment file; it has no settings.
  public static let declaration = Variant(
    "gaussian", "a normal density with full covariance, by its mean and precision; normalised")

  public let dimension: Int
  /// Whether the loss that it is fitted by adds noise to the data.
  var isOfNoisyData = false

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) { self.init(dimension: dimension) }

  /// The model on points of the given dimension.
  public init(dimension: Int) { self.dimension = dimension }

  public var parameters: [Parameter] {
    [
      Parameter("mean", [dimension], initial: .zeros),
      Parameter("precision.factor", [dimension, dimension], initial: .diagonal(1)),
    ]
  }

  /// d numbers of the mean and d(d + 1)/2 of the factor.
  public var parameterCount: Int { dimension + dimension * (dimension + 1) / 2 }

  public var structure: [SettingValue.Member] {
    [
      SettingValue.Member("model", .text("gaussian")),
      SettingValue.Member("dimension", .number(Double(dimension))),
    ]
  }

  public var architecture: String { "gaussian-model-\(dimension)" }

  /// The normalised log density, [..., d] → [...].
  public func logDensity(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let constant = Double(dimension) / 2 * Real.log(2 * .pi)
    return -energy(x, theta) + sum(log(square(einsum("aa->a", theta[1])))) / 2
      - .fill(constant)
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  public func logDensity(at theta: [Tensor]) -> EnergyFunction? { { logDensity($0, theta) } }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let factor = factor(theta[1])
    return -matmul(matmul(x - theta[0], factor), transpose(factor))
  }

  public func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction? {
    guard !isOfNoisyData else { return nil }
    let vectors = Tensor.state(derivedNames[0], [dimension, dimension])
    let values = Tensor.state(derivedNames[1], [dimension])
    return { x, sigma in
      let turned = matmul(x - theta[0], transpose(vectors))
      return -matmul(turned * (values / (1 + values * square(sigma).column)), vectors)
    }
  }

  /// The eigenvectors of P, one a row, and its eigenvalues.
  public var derivedNames: [String] { ["precision.eigenvectors", "precision.eigenvalues"] }

  /// - Complexity: about 25 d³ multiplications.
  public func derived(from values: [[Double]]) -> [[Double]] {
    let eigen = SymmetricEigen(precision(values[1]), count: dimension)
    return [eigen.vectors.flatMap { $0 }, eigen.values]
  }

  /// ‖μ̂ - μ‖² + ‖P̂ - P‖², the latter over all d² elements, so that no sign of L's columns matters.
  public func squaredError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)? {
    guard let truth = target as? Gaussian else { return nil }
    let exact = truth.covariance.inverse(dimension: dimension)
    return { values in
      zip(values[0] + precision(values[1]), truth.mean + exact)
        .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
  }

  /// Its mean, and the factor of its precision whose diagonal is positive.
  public func example(of target: any Target) -> [[Double]]? {
    guard let truth = target as? Gaussian,
      let factor = Cholesky(truth.covariance.inverse(dimension: dimension), count: dimension)
    else { return nil }
    return [truth.mean, factor.lower]
  }

  /// Rows in fewer dimensions: the precision across them grows without bound.
  public func collapse(at values: [[Double]]) -> String? {
    let diagonal = (0..<dimension).map { values[1][$0 * dimension + $0].magnitude }
    let (least, most) = (diagonal.min() ?? 1, diagonal.max() ?? 1)
    guard most > 1e4 * least || most > 1e8 else { return nil }
    return
      "the precision grows without bound across a subspace that the training rows lie in, or nearly "
      + "so; use more rows, drop columns that depend on others, or add noise"
  }

  /// P, row-major.
  private func precision(_ l: [Double]) -> [Double] {
    let d = dimension
    var result = [Double](repeating: 0, count: d * d)
    for i in 0..<d {
      for j in 0...i {
        var sum = 0.0
        for k in 0...j { sum += l[i * d + k] * l[j * d + k] }
        (result[i * d + j], result[j * d + i]) = (sum, sum)
      }
    }
    return result
  }

  private func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let z = matmul(x - theta[0], factor(theta[1]))
    return dot(z, z) / 2
  }

  /// L, its upper part cut off.
  private func factor(_ l: Tensor) -> Tensor {
    let d = dimension
    return l * .literal((0..<d * d).map { $0 / d >= $0 % d ? 1 : 0 }, [d, d])
  }
}
