import Expressions
import Settings

/// Models a mixture of normals, each with a width of its own; what is not learned is known.
///
///     p(x; θ) = Σₖ wₖ N(x; μₖ, τₖ² I),   w = softmax(ℓ),   τₖ = exp(tₖ)
///
/// Of K logits K - 1 are parameters, `weights.logits`, and the last is 0, so that different
/// parameters are different weights. `means` [K, d] are drawn from N(0, spread² I) unless they are
/// given or start at training rows; `log_scales` [K] start at the logarithm of the given scale, logits at the given weights.
public struct MixtureModel: ScoreModel {
  /// A part of the parameters that is learned or known.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    case weights
    case means
    case scales
  }

  public let dimension: Int
  /// The number of normals, K.
  public let componentCount: Int
  /// What is learned.
  public let learned: Set<Part>
  /// The means that are given, row-major, [K, d]; nil where they are drawn.
  public let givenMeans: [Double]?
  /// ln wₖ of the given weights less the last, K - 1 numbers; zeros for equal weights.
  let logits: [Double]
  /// Whether means that are learned start at rows of the training data.
  let startsAtRows: Bool
  private let logScale: Double
  private let spread: Double

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    self.dimension = dimension
    let means = Self.means(settings, dimension: dimension)
    givenMeans = means
    let count = means.map { $0.count / dimension } ?? settings.integer("components")
    componentCount = count
    learned = Set(
      settings.list("learn").compactMap {
        if case .text(let name) = $0 { Part(rawValue: name) } else { nil }
      })
    let weights =
      settings.has("weights")
      ? settings.reals("weights") : [Double](repeating: 1, count: count)
    let last = weights.last ?? 1
    logits = weights.dropLast().map { Real.log($0 / last) }
    logScale = Real.log(settings.real("scale"))
    spread = settings.real("spread")
    startsAtRows = settings["start"] == .text("rows")
  }

  /// The parameters that are learned; the weight of a single normal is none.
  public var parameters: [Parameter] {
    var result: [Parameter] = []
    if learned.contains(.weights), componentCount > 1 {
      result.append(
        Parameter("weights.logits", [componentCount - 1], initial: .values(logits)))
    }
    if learned.contains(.means) {
      result.append(
        Parameter(
          "means", [componentCount, dimension],
          initial: givenMeans.map(InitialLaw.values) ?? .normal(standardDeviation: spread)))
    }
    if learned.contains(.scales) {
      result.append(Parameter("log_scales", [componentCount], initial: .values(knownLogScales)))
    }
    return result
  }

  /// What is known stands here, row-major: it is needed beside the parameters.
  public var structure: [SettingValue.Member] {
    [
      SettingValue.Member("model", .text("mixture")),
      SettingValue.Member("dimension", .number(Double(dimension))),
      SettingValue.Member("components", .number(Double(componentCount))),
    ] + known
  }

  private var known: [SettingValue.Member] {
    let values: [(part: Part, name: String, numbers: [Double])] = [
      (.scales, "known_log_scales", knownLogScales), (.weights, "known_logits", logits),
      (.means, "known_means", givenMeans ?? []),
    ]
    return values.filter { !learned.contains($0.part) }.map { value in
      SettingValue.Member(value.name, .list(value.numbers.map { .number($0) }))
    }
  }

  /// Models that know different numbers are different architectures, told apart by a digest.
  public var architecture: String {
    let parts = Part.allCases.filter(learned.contains).map(\.rawValue)
    var name = ["mixture", "\(dimension)", "\(componentCount)"] + parts
    if !known.isEmpty {
      var hash = SHA256()
      hash.update(SettingValue.object(known).canonicalJSON)
      name += [hash.finalize().prefix(4).map { String($0, radix: 16) }.joined()]
    }
    return name.joined(separator: "-")
  }

  /// The normalised log density, [..., d] → [...].
  public func logDensity(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    logSumExp(exponents(x, theta, variances: exp(2 * logScales(theta))))
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { -logDensity($0, theta) } }

  public func logDensity(at theta: [Tensor]) -> EnergyFunction? { { logDensity($0, theta) } }

  /// The mixture seen through noise has the same weights and means, and τₖ² + σ² for τₖ².
  public func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction? {
    { x, sigma in
      let variances = exp(2 * logScales(theta)) + square(sigma).expanded(at: sigma.rank)
      return gradient(of: { sum(logSumExp(exponents($0, theta, variances: variances))) }, at: x)
    }
  }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    gradient(of: { sum(logDensity($0, theta)) }, at: x)  // rows are independent
  }

  /// ln wₖ, [K]; where the logits have leading axes, so has it.
  public func logWeights(_ theta: [Tensor]) -> Tensor {
    let free = value("weights.logits", theta) ?? .literal(logits, [componentCount - 1])
    let all = free.padded(axis: -1, before: 0, after: 1)
    return all - logSumExp(all).expanded(at: all.rank - 1)
  }

  /// ln (wₖ N(x; μₖ, vₖ I)) at each point, [..., d] → [..., K].
  ///
  /// - Parameter variances: vₖ, [K], or with leading axes that broadcast against those of x.
  private func exponents(_ x: Tensor, _ theta: [Tensor], variances: Tensor) -> Tensor {
    let means = value("means", theta) ?? .literal(givenMeans ?? [], [componentCount, dimension])
    let squares = dot(x, x).expanded(at: x.rank - 1) + dot(means, means)
    let distances = squares - 2 * matmul(x, transpose(means))  // ‖x - μₖ‖²
    let half = Double(dimension) / 2
    return logWeights(theta) - distances / (2 * variances)
      - .fill(half) * (log(variances) + .fill(Real.log(2 * .pi)))
  }

  /// ln τₖ, [K].
  private func logScales(_ theta: [Tensor]) -> Tensor {
    value("log_scales", theta) ?? .literal(knownLogScales, [componentCount])
  }

  var knownLogScales: [Double] { [Double](repeating: logScale, count: componentCount) }

  private func value(_ name: String, _ theta: [Tensor]) -> Tensor? {
    parameters.firstIndex { $0.name == name }.map { theta[$0] }
  }
}
