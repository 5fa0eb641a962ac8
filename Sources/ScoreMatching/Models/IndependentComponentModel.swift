import Expressions
import Settings

/// Models data as independent sources of a known law, mixed: independent component analysis.
///
///     ln p(x; W) = Σᵢ ln p(wᵢᵀ x) + ln |det W|,   s(x; W) = Wᵀ ψ(W x),   ψ = (ln p)′
///
/// W [d, d] is the unmixing matrix `unmixing`, one source a row. The energy, -Σᵢ ln p(wᵢᵀ x) but for the
/// constants of the source's law, is 0 at 0 and leaves ln |det W| out: the normaliser is what is estimated
/// where a loss does without it.
///
/// The law of Laplacian sources has a jump in its score. Losses that take the score's derivative, in x or in
/// W, are refused unless `smoothing` gives the κ of ``SourceLaw/smoothedLaplace(_:)``, which is a density of
/// its own: energy, score and normaliser agree.
///
/// At the start the elements of W are normal with variance 1/d. It is identifiable up to the order and the
/// signs of its rows, so that the loss has d! 2ᵈ equal minima.
///
/// Reference: Hyvärinen, JMLR 6 (2005), section 3.3; Gutmann & Hyvärinen, AISTATS 2010, section 3.
public struct IndependentComponentModel: ScoreModel {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "ica", "independent sources of a known law, by their unmixing matrix; normalised",
    [
      Setting(
        "sources",
        .variant([
          Variant(SourceLaw.logisticName, "logistic sources"),
          Variant(
            SourceLaw.laplaceName, "Laplacian sources",
            [
              Setting(
                "smoothing", .optional(.real(.positive)), default: .null,
                "k of tanh(k s) in the place of the sign of a source s, in its standard deviations; null for "
                  + "the sign itself, which has no derivative")
            ]),
        ]), default: .object(["type": .text(SourceLaw.logisticName)]), "the law of each source")
    ])

  public let dimension: Int
  /// The law of each source.
  public let law: SourceLaw

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    self.init(law: Self.law(settings), dimension: dimension)
  }

  /// The model with sources of a law.
  public init(law: SourceLaw, dimension: Int) {
    (self.law, self.dimension) = (law, dimension)
  }

  private static func law(_ settings: SettingValue) -> SourceLaw {
    settings.has("sources.smoothing")
      ? .smoothedLaplace(settings.real("sources.smoothing"))
      : SourceLaw(named: settings.text("sources.type"))
  }

  public var parameters: [Parameter] {
    let deviation = (1 / Double(dimension)).squareRoot()
    return [
      Parameter(
        "unmixing", [dimension, dimension], initial: .normal(standardDeviation: deviation))
    ]
  }

  public var structure: [SettingValue.Member] {
    let smoothing: [SettingValue.Member] =
      if case .smoothedLaplace(let kappa) = law { [.init("smoothing", .number(kappa))] } else { [] }
    return [
      SettingValue.Member("model", .text("ica")),
      SettingValue.Member("dimension", .number(Double(dimension))),
      SettingValue.Member("sources", .text(lawName)),
    ] + smoothing
  }

  public var architecture: String {
    let smoothing =
      if case .smoothedLaplace(let kappa) = law { "-\(SettingValue.canonicalNumber(kappa))" } else {
        ""
      }
    return "ica-\(dimension)-\(lawName)\(smoothing)"
  }

  private var lawName: String {
    law == .logistic ? SourceLaw.logisticName : SourceLaw.laplaceName
  }

  /// The normalised log density, [..., d] → [...].
  public func logDensity(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    logAbsoluteDeterminant(theta[0]) + .fill(Double(dimension) * law.logPeak) - energy(x, theta)
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  public func logDensity(at theta: [Tensor]) -> EnergyFunction? { { logDensity($0, theta) } }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    matmul(law.score(matmul(x, transpose(theta[0]))), theta[0])
  }

  private func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    sum(law.energy(matmul(x, transpose(theta[0]))), axes: [-1])
  }

  /// ‖W - A⁻¹‖², the least over all orders and signs of W's rows.
  ///
  /// - Complexity: d³ comparisons and multiplications.
  public func squaredError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)? {
    guard let truth = target as? IndependentComponents,
      (truth.law == .logistic) == (law == .logistic)
    else { return nil }
    let d = dimension
    return { values in
      let costs = (0..<d * d).map { pair -> Double in
        let (i, j) = (pair / d, pair % d)
        func distance(_ sign: Double) -> Double {
          (0..<d).reduce(0) { sum, k in
            let difference = values[0][i * d + k] - sign * truth.unmixing[j * d + k]
            return sum + difference * difference
          }
        }
        return min(distance(1), distance(-1))
      }
      guard costs.allSatisfy(\.isFinite) else { return .nan }
      let matching = LeastCost.matching(costs, count: d)
      return matching.indices.reduce(0) { $0 + costs[$1 * d + matching[$1]] }
    }
  }

  /// A⁻¹, of data with sources of the same law.
  public func example(of target: any Target) -> [[Double]]? {
    guard let truth = target as? IndependentComponents, truth.law == law else { return nil }
    return [truth.unmixing]
  }

  /// How far W A is from a matrix with one element in each row.
  ///
  ///     Σᵢ (Σⱼ (W A)ᵢⱼ² / maxⱼ (W A)ᵢⱼ² - 1)
  ///
  /// - Parameter target: the distribution of the data.
  /// - Returns: nil for data of another kind; of the sources' law, and of scales, it does not depend.
  func unmixingError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)? {
    guard let truth = target as? IndependentComponents else { return nil }
    let d = dimension
    return { values in
      (0..<d).reduce(0) { total, i in
        let squares = (0..<d).map { j -> Double in
          let element = (0..<d).reduce(0) {
            $0 + values[0][i * d + $1] * truth.mixing[$1 * d + j]
          }
          return element * element
        }
        return total + squares.reduce(0, +) / (squares.max() ?? 1) - 1
      }
    }
  }

  /// Losses that take the derivative of a score with jumps, or stop by it.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["model.type"] == .text(declaration.name),
      law(trial["model"] ?? .null).hasJump
    else { return nil }
    let remedy = "Give model.sources a smoothing, 10 for instance, or use ml or nce."
    if !takesNoScore.contains(where: { trial["loss.type"] == .text($0) }) {
      return Refusal(
        ["loss", "model.sources"],
        because: "the score of Laplacian sources jumps, and the loss takes its derivative",
        remedy: remedy)
    }
    let metric = "training.early_stopping.metric"
    guard trial[metric] == .text("validation_implicit_score_matching") else { return nil }
    return Refusal(
      [metric, "model.sources"],
      because: "the score of Laplacian sources jumps, and the trace of its derivative misses that",
      remedy: "Stop by validation_loss, or give model.sources a smoothing.")
  }

  /// Losses of energies and densities.
  private static let takesNoScore = [
    LikelihoodObjective.name, ContrastiveObjective.name, FiniteDifferenceSlicedObjective.name,
    FiniteDifferenceDenoisingObjective.name,
  ]

  /// Whether the score that a trial ends with has jumps.
  static func hasJumps(_ trial: SettingValue) -> Bool {
    if trial["model.type"] == .text(declaration.name) {
      return law(trial["model"] ?? .null).hasJump
    }
    return trial["loss.type"] == .text(Losses.exactName)
      && trial["data.type"] == .text(IndependentComponents.declaration.name)
      && trial["data.sources"] == .text(SourceLaw.laplaceName)
  }
}
