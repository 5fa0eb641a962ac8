import Expressions
import Randomness
import Settings

/// A mixture of normals of one width: p = Σₖ wₖ N(μₖ, scale² I), in any dimension.
///
/// The means are drawn from N(0, spread² I) by the target's own seed, or given one by one.
public struct GaussianMixture: Target {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "gaussian-mixture", "normals of one width around random or given means",
    [
      Setting("components", .integer(1...4096), default: .number(8), "number of normals"),
      Setting(
        "spread", .real(.nonNegative), default: .number(3), unit: "data units",
        "standard deviation of the means"),
      Setting(
        "scale", .real(.positive), default: .number(1), unit: "data units",
        "standard deviation of each normal"),
      Setting(
        "means", .optional(.list(of: .list(of: .real(.any), count: 1...4096), count: 1...4096)),
        default: .null, "the means one by one, in the place of components and spread"),
      Setting(
        "weights", .optional(.list(of: .real(.positive), count: 1...4096)), default: .null,
        "the weight of each normal, equal where absent; normalised"),
      TwoNormals.setting, Targets.seedSetting,
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  let mixture: NodeMixture
  let cumulativeWeights: [Double]

  /// The mixture that the value of `data` describes.
  public init(_ settings: SettingValue, dimension: Int) {
    let means: [Double]
    if let two = TwoNormals.means(settings, dimension: dimension) {
      means = two
    } else if settings.has("means") {
      means = settings.list("means").flatMap { SettingValue.object(["m": $0]).reals("m") }
    } else {
      var generator = Targets.generator(settings, "gaussian-mixture means")
      let spread = settings.real("spread")
      means = (0..<settings.integer("components") * dimension).map { _ in
        spread * generator.normal()
      }
    }
    let count = means.count / dimension
    let weights =
      settings.has("weights")
      ? settings.reals("weights") : [Double](repeating: 1, count: count)
    self.init(means: means, weights: weights, scale: settings.real("scale"), dimension: dimension)
  }

  /// A mixture with the given means [K, d], weights [K] and standard deviation.
  public init(means: [Double], weights: [Double], scale: Double, dimension: Int) {
    self.init(
      NodeMixture(nodes: means, weights: weights, variance: scale * scale, dimension: dimension),
      cumulativeWeights: weights.cumulativeFractions)
  }

  private init(_ mixture: NodeMixture, cumulativeWeights: [Double]) {
    self.mixture = mixture
    self.cumulativeWeights = cumulativeWeights
  }

  public var dimension: Int { mixture.dimension }

  public func logDensity(_ x: Tensor) -> Tensor { mixture.logDensity(x) }

  public func score(_ x: Tensor) -> Tensor { mixture.score(x) }

  public func smoothed(by sigma: Double) -> (any Target)? {
    GaussianMixture(mixture.smoothed(by: sigma), cumulativeWeights: cumulativeWeights)
  }

  public var noisyScore: NoisyScoreFunction? {
    { x, sigma in mixture.score(x, noiseVariance: square(sigma).column) }
  }

  public var noisyDivergence: NoisyDivergenceFunction? {
    { x, sigma in mixture.scoreAndDivergence(x, noiseVariance: square(sigma).column) }
  }

  public var width: Int { mixture.logWeights.count }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    let scale = mixture.variance.squareRoot()
    return (0..<count).flatMap { _ -> [Double] in
      let k = cumulativeWeights.firstIndex(above: generator.uniform())
      return (0..<dimension).map { mixture.nodes[k * dimension + $0] + scale * generator.normal() }
    }
  }

  /// Why given means or weights do not fit, nil where they do.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["data.type"] == .text("gaussian-mixture") else { return nil }
    if let refusal = TwoNormals.refusal(trial, of: "data") { return refusal }
    let componentCount =
      trial.has("data.offset")
      ? 2
      : trial.has("data.means") ? trial.list("data.means").count : trial.integer("data.components")
    let dimension = trial.integer("dimension")
    if trial.has("data.means"),
      trial.list("data.means").contains(where: { mean in
        if case .list(let coordinates) = mean { coordinates.count != dimension } else { true }
      })
    {
      return Refusal(
        ["data.means", "dimension"], because: "a mean has not \(dimension) coordinates",
        remedy: "Give every mean as many coordinates as dimension says.")
    }
    if trial.has("data.weights"), trial.list("data.weights").count != componentCount {
      return Refusal(
        ["data.weights", "data.components"],
        because: "\(trial.list("data.weights").count) weights stand for \(componentCount) normals",
        remedy: "Give one weight for each normal, or leave the weights out.")
    }
    return nil
  }
}

extension [Double] {
  /// The partial sums divided by the total; the last is 1.
  var cumulativeFractions: [Double] {
    let total = reduce(0, +)
    var sum = 0.0
    var result = map { weight -> Double in
      sum += weight
      return sum / total
    }
    if !result.isEmpty { result[result.count - 1] = 1 }
    return result
  }

  /// The first index whose element is above `value`, the elements ascending; the last one at most.
  func firstIndex(above value: Double) -> Int {
    var (lower, upper) = (0, count - 1)
    while lower < upper {
      let middle = (lower + upper) / 2
      if self[middle] > value { upper = middle } else { lower = middle + 1 }
    }
    return lower
  }
}
