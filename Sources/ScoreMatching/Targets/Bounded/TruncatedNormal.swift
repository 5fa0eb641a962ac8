import Expressions
import Randomness
import Settings

/// A normal distribution conditioned on a half-space of every coordinate, or on a box.
///
///     p(x) ∝ exp(-½ (x - μ1)ᵀ Σ⁻¹ (x - μ1)),   lower ≤ xᵢ ≤ upper,   Σ = σ²((1 - ρ) I + ρ 1 1ᵀ)
///
/// The score is that of the normal distribution; what truncation changes is the normaliser, and that
/// the density does not vanish at the boundary. Given the factor f of x = μ1 + σ(√ρ f 1 + √(1 - ρ) z)
/// the coordinates are independent, so that draws and normaliser are exact in any dimension: f has a
/// log-concave law on the line, drawn by rejection, and the normaliser is one integral over it.
public struct TruncatedNormal: Target {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "truncated-normal", "a normal distribution cut off at bounds, in any dimension",
    [
      Setting(
        "mean", .real(.any), default: .number(0), unit: "data units",
        "every coordinate's mean before truncation"),
      Setting(
        "scale", .real(.positive), default: .number(1), unit: "data units",
        "every coordinate's standard deviation before truncation"),
      Setting(
        "correlation", .real(RealRange(from: 0, to: 1, includesUpper: false)), default: .number(0),
        "the correlation of every pair before truncation"),
      Setting(
        "lower", .optional(.real(.any)), default: .number(0), unit: "data units",
        "the least value of a coordinate, null for none"),
      Setting(
        "upper", .optional(.real(.any)), default: .null, unit: "data units",
        "the greatest value of a coordinate, null for none"),
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  public let dimension: Int
  public let support: Support
  /// Of every coordinate, before truncation.
  public let mean: Double
  /// Standard deviation of every coordinate, before truncation.
  public let scale: Double
  /// Of every pair, before truncation.
  public let correlation: Double

  private let covariance: Covariance
  /// What the coordinates share; nil where they are independent.
  private let factor: CommonFactor?

  /// The distribution that the value of `data` describes.
  public init(_ settings: SettingValue, dimension: Int) {
    guard let support = Support(settings) else {
      preconditionFailure("truncated-normal: nothing lies between its bounds")
    }
    self.init(
      mean: settings.real("mean"), scale: settings.real("scale"),
      correlation: settings.real("correlation"), support: support, dimension: dimension)
  }

  /// A normal distribution on a support.
  public init(
    mean: Double, scale: Double, correlation: Double = 0, support: Support, dimension: Int
  ) {
    self.dimension = dimension
    self.support = support
    self.mean = mean
    self.scale = scale
    self.correlation = correlation
    let variance = scale * scale
    covariance = .uniform(variance: variance * (1 - correlation), shared: variance * correlation)
    let law: @Sendable (Double) -> TruncatedNormalLaw = { f in
      TruncatedNormalLaw(
        mean: mean + scale * correlation.squareRoot() * f,
        scale: scale * (1 - correlation).squareRoot(), support: support)
    }
    factor = correlation == 0 ? nil : CommonFactor(dimension: dimension, given: law)
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    let d = Double(dimension)
    let centred = x - .fill(mean)
    let constant =
      (covariance.logDeterminant(dimension: dimension) + d * Real.log(2 * .pi)) / 2 + logMass
    return -dot(centred, covariance.solve(centred)) / 2 - .fill(constant) + support.logIndicator(x)
  }

  public func score(_ x: Tensor) -> Tensor { -covariance.solve(x - .fill(mean)) }

  public func smoothed(by sigma: Double) -> (any Target)? { nil }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    let independent = TruncatedNormalLaw(mean: mean, scale: scale, support: support)
    return (0..<count).flatMap { _ -> [Double] in
      let law = factor?.draw(using: &generator) ?? independent
      return (0..<dimension).map { _ in law.sample(using: &generator) }
    }
  }

  /// ln P(lower ≤ x ≤ upper) of the normal distribution.
  var logMass: Double {
    factor?.logMass
      ?? Double(dimension) * TruncatedNormalLaw(mean: mean, scale: scale, support: support).logMass
  }

  public var naturalParameters: NaturalParameters? {
    // Truncation changes the normaliser alone.
    Gaussian(mean: [Double](repeating: mean, count: dimension), covariance: covariance)
      .naturalParameters
  }

  /// Bounds that leave nothing, nothing out, or what is too far out; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["data.type"] == .text("truncated-normal") else { return nil }
    let (lower, upper) = (trial.has("data.lower"), trial.has("data.upper"))
    if !lower, !upper {
      return Refusal(
        ["data.lower", "data.upper"], because: "a normal distribution without bounds is a gaussian",
        remedy: "Give a bound, or use data of type gaussian.")
    }
    guard let support = Support(trial["data"] ?? .null) else {
      return Refusal(
        ["data.lower", "data.upper"], because: "no numbers lie between the bounds",
        remedy: "Give an upper bound above the lower one.")
    }
    let mean = trial.real("data.mean")
    let distance = max(support.lower - mean, mean - support.upper) / trial.real("data.scale")
    guard distance > farthestBound else { return nil }
    return Refusal(
      ["data.mean", support.lower > mean ? "data.lower" : "data.upper"],
      because: "the bounds leave out all that lies within 10000 scales of the mean, and of log "
        + "densities so far out rounding leaves too little",
      remedy: "Give bounds nearer to the mean, or exponential data, which the tail is like.")
  }

  /// In scales from the mean; the log density of a point there is -5e7.
  private static let farthestBound = 1e4
}

/// The factor that equally correlated coordinates share, given that all of them are inside.
///
///     p(f) ∝ exp(-½f²) m(f)ᵈ,   m(f) = P(one coordinate inside | f)
private struct CommonFactor: Sendable {
  let dimension: Int
  /// The law of each coordinate, given the factor.
  let given: @Sendable (Double) -> TruncatedNormalLaw
  let mode: Double
  /// ln of the density at the mode, normalised.
  let peak: Double
  /// ln E[m(f)ᵈ].
  let logMass: Double

  init(dimension: Int, given: @escaping @Sendable (Double) -> TruncatedNormalLaw) {
    self.dimension = dimension
    self.given = given
    let weight = { (f: Double) in -f * f / 2 + Double(dimension) * given(f).logMass }
    // Log-concave: the mode is between ends from which the density falls outwards.
    var (low, high) = (-8.0, 8.0)
    while weight(low) > weight(low / 2) { low *= 2 }
    while weight(high) > weight(high / 2) { high *= 2 }
    while high - low > 1e-9 * max(1, low.magnitude) {
      let third = (high - low) / 3
      if weight(low + third) < weight(high - third) { low += third } else { high -= third }
    }
    mode = (low + high) / 2
    // Smooth, and at a distance t from the mode it has fallen by t²/2 at least: over ±9 the trapezoidal
    // rule is exact to rounding.
    let (top, centre) = (weight(mode), mode)
    let step = Self.width(weight, at: mode) / 16
    let count = Int(9 / step)
    let total = (-count...count).reduce(0.0) {
      $0 + Real.exp(weight(centre + step * Double($1)) - top)
    }
    peak = -Real.log(total * step)
    logMass = top - peak - Real.log(2 * .pi) / 2
  }

  /// The distance from the mode over which the density falls by a factor e^½, on the side where it falls
  /// faster.
  private static func width(_ weight: (Double) -> Double, at mode: Double) -> Double {
    let top = weight(mode)
    func fall(_ sign: Double) -> Double {
      var (low, high) = (0.0, 1.0)  // the curvature is at least that of N(0, 1)
      for _ in 0..<50 {
        let middle = (low + high) / 2
        if weight(mode + sign * middle) > top - 0.5 { low = middle } else { high = middle }
      }
      return high
    }
    return min(fall(1), fall(-1))
  }

  /// The law of the coordinates at a drawn factor.
  ///
  /// Reference: Devroye, "Non-Uniform Random Variate Generation" (1986), section VII.2.3.
  func draw(using generator: inout RandomGenerator) -> TruncatedNormalLaw {
    // A log-concave p with mode m is below p(m) min(1, exp(1 - p(m)|f - m|)); a height a little lower
    // widens the envelope, so that an error of the integral does not matter.
    let height = Real.exp(peak) * 0.999
    while true {
      // The envelope has half its mass in |t| ≤ 1 and half in an exponential tail.
      let t =
        generator.uniform() < 0.5
        ? generator.uniform() : 1 - Real.log(generator.uniform())
      let f = mode + (generator.uniform() < 0.5 ? t : -t) / height
      let top = -mode * mode / 2 + Double(dimension) * given(mode).logMass
      let ratio = -f * f / 2 + Double(dimension) * given(f).logMass - top
      if Real.log(generator.uniform()) + min(0, 1 - t) <= ratio { return given(f) }
    }
  }
}
