import Expressions
import Randomness
import Settings

/// The normal distribution N(μ, Σ).
///
///     ln p(x) = -½ (x - μ)ᵀ Σ⁻¹ (x - μ) - ½ ln det Σ - (d/2) ln 2π,   ∇ ln p(x) = -Σ⁻¹ (x - μ)
public struct Gaussian: Target {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "gaussian", "a normal distribution around 0, in any dimension",
    [
      Setting(
        "covariance",
        .variant([
          Variant("identity", "independent coordinates of equal variance"),
          Variant(
            "equicorrelated", "every pair of coordinates equally correlated",
            [
              Setting(
                "correlation", .real(RealRange(from: 0, to: 1, includesUpper: false)),
                default: .number(0.5), "the correlation of every pair")
            ]),
          Variant(
            "random-spectrum",
            "eigenvalues evenly spaced in their logarithm around 1, random eigenvectors",
            [
              Setting(
                "condition", .real(RealRange(from: 1, to: 1e10)), default: .number(100),
                "largest eigenvalue over the smallest"),
              Targets.seedSetting,
            ]),
        ]), default: .object(["type": .text("identity")]), "the form of the covariance"),
      Setting(
        "scale", .real(.positive), default: .number(1), unit: "data units",
        "standard deviation that multiplies all"),
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  public let dimension: Int
  /// μ.
  public let mean: [Double]
  /// Σ.
  public let covariance: Covariance

  /// A Gaussian with the given mean and covariance.
  public init(mean: [Double], covariance: Covariance) {
    self.mean = mean
    self.covariance = covariance
    dimension = mean.count
  }

  /// The Gaussian that the value of `data` describes.
  public init(_ settings: SettingValue, dimension d: Int) {
    let variance = settings.real("scale") * settings.real("scale")
    let covariance: Covariance
    switch settings.text("covariance.type") {
    case "equicorrelated":
      let correlation = settings.real("covariance.correlation")
      covariance = .uniform(variance: variance * (1 - correlation), shared: variance * correlation)
    case "random-spectrum":
      let condition = settings.real("covariance.condition")
      var generator = Targets.generator(settings["covariance"] ?? .null, "gaussian eigenvectors")
      let basis = Orthogonal.random(d, using: &generator)
      let eigenvalues = (0..<d).map { index in
        d == 1 ? variance : variance * Real.power(condition, Double(index) / Double(d - 1) - 0.5)
      }
      let matrix = Orthogonal.conjugate(eigenvalues, by: basis)
      guard let full = Covariance(matrix, dimension: d) else {
        preconditionFailure("gaussian: condition \(condition) is beyond Double's precision")
      }
      covariance = full
    default:
      covariance = .uniform(variance: variance, shared: 0)
    }
    self.init(mean: [Double](repeating: 0, count: d), covariance: covariance)
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    let centred = self.centred(x)
    let constant =
      (covariance.logDeterminant(dimension: dimension) + Double(dimension) * Real.log(2 * .pi)) / 2
    return -dot(centred, covariance.solve(centred)) / 2 - .fill(constant)
  }

  public func score(_ x: Tensor) -> Tensor { -covariance.solve(centred(x)) }

  public func smoothed(by sigma: Double) -> (any Target)? {
    covariance.adding(sigma * sigma, dimension: dimension).map {
      Gaussian(mean: mean, covariance: $0)
    }
  }

  public var noisyScore: NoisyScoreFunction? {
    let solve = covariance.solveWithNoise
    return { x, sigma in -solve(centred(x), square(sigma).column) }
  }

  public var naturalParameters: NaturalParameters? {
    let precision = covariance.inverse(dimension: dimension)
    let d = dimension
    return NaturalParameters(
      dimension: d,
      linear: { i in mean.indices.reduce(0) { $0 + precision[i * d + $1] * mean[$1] } },
      products: { i, j in i == j ? -precision[i * d + i] / 2 : -precision[i * d + j] })
  }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    (0..<count).flatMap { _ -> [Double] in
      let z = (0..<dimension).map { _ in generator.normal() }
      return zip(mean, covariance.coloured(z)).map(+)
    }
  }

  /// Rotations are refused where making one takes longer than training; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["data.covariance.type"] == .text("random-spectrum"),
      trial.integer("dimension") > rotationLimit
    else { return nil }
    return Refusal(
      ["dimension", "data.covariance.type"],
      because: "random eigenvectors in more than \(rotationLimit) dimensions take too long to draw",
      remedy: "Use identity or equicorrelated, which exist in every dimension.")
  }

  private static let rotationLimit = 512

  private func centred(_ x: Tensor) -> Tensor {
    mean.allSatisfy { $0 == 0 } ? x : x - .literal(mean, [dimension])
  }
}
