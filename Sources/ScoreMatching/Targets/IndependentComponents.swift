import Expressions
import Randomness
import Settings

/// Independent sources, mixed: the data of independent component analysis.
///
///     x = A s,   ln p(x) = Σᵢ ln p(sᵢ) - ln |det A|,   ∇ ln p(x) = A⁻ᵀ ψ(s),   s = A⁻¹ x,   ψ = (ln p)′
///
/// A = Uᵀ diag(σ) V with random rotations U and V and ln σₖ even between ± ½ ln c, so that its condition number is
/// below c in any number of dimensions; its inverse is known without a division of matrices. A is identifiable up
/// to the order and the signs of the sources. With noise added the density has no closed form.
///
/// Reference: Hyvärinen, JMLR 6 (2005), section 3.3.
public struct IndependentComponents: Target {
  /// Its name in an experiment file and its settings.
  public static let declaration = Variant(
    "ica", "independent sources of variance 1, mixed by a random matrix, in any dimension",
    [
      Setting(
        "sources",
        .choice([
          Choice(SourceLaw.logisticName, "logistic sources"),
          Choice(SourceLaw.laplaceName, "Laplacian sources, whose score jumps at 0"),
        ]), default: .text(SourceLaw.logisticName), "the law of each source"),
      Setting(
        "condition", .real(RealRange(from: 1, to: 1e10)), default: .number(10),
        "the condition number that the mixing matrix stays below"),
      Targets.seedSetting,
      Setting(
        "mixing",
        .choice([
          Choice("shared", "one matrix, that of target_seed"),
          Choice(perRepeat, "each repeat has another, that of target_seed and the repeat"),
        ]), default: .text("shared"), "whether all repeats mix the sources alike"),
    ] + Targets.counts, neighbours: [Targets.dimensionSetting])

  public let dimension: Int
  /// The law of the sources.
  public let law: SourceLaw
  /// A, row-major.
  public let mixing: [Double]
  /// A⁻¹, row-major.
  public let unmixing: [Double]
  /// ln |det A⁻¹|.
  public let logDeterminant: Double

  private static let perRepeat = "per-repeat"

  /// The distribution that the value of `data` describes.
  ///
  /// - Parameter repetition: the trial's `repeat`, which a matrix of its own may depend on.
  public init(_ settings: SettingValue, dimension d: Int, repetition: Int) {
    let isShared = settings.text("mixing") != Self.perRepeat
    var generator = Targets.generator(
      settings, isShared ? "mixing matrix" : "mixing matrix of repeat \(repetition)")
    let left = Orthogonal.random(d, using: &generator)
    let right = Orthogonal.random(d, using: &generator)
    let range = Real.log(settings.real("condition"))
    let logs = (0..<d).map { _ in range * (generator.uniform() - 0.5) }
    func product(_ a: [Double], _ logs: [Double], _ b: [Double]) -> [Double] {
      let scales = logs.map { Real.exp($0) }
      return (0..<d * d).map { place in
        (0..<d).reduce(0) { $0 + a[$1 * d + place / d] * scales[$1] * b[$1 * d + place % d] }
      }
    }
    dimension = d
    law = SourceLaw(named: settings.text("sources"))
    mixing = product(left, logs, right)
    unmixing = product(right, logs.map { -$0 }, left)
    logDeterminant = -logs.reduce(0, +)
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    .fill(Double(dimension) * law.logPeak + logDeterminant)
      - sum(law.energy(sources(x)), axes: [-1])
  }

  public func score(_ x: Tensor) -> Tensor { matmul(law.score(sources(x)), inverse) }

  public func smoothed(by sigma: Double) -> (any Target)? { nil }

  public func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
    (0..<count).flatMap { _ -> [Double] in
      let s = (0..<dimension).map { _ in law.draw(using: &generator) }
      return (0..<dimension).map { i in
        (0..<dimension).reduce(0) { $0 + mixing[i * dimension + $1] * s[$1] }
      }
    }
  }

  /// Matrices are refused where making one takes longer than training; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["data.type"] == .text(declaration.name), trial.integer("dimension") > limit else {
      return nil
    }
    return Refusal(
      ["dimension", "data.type"],
      because: "a random mixing matrix in more than \(limit) dimensions takes too long to draw",
      remedy: "Use \(limit) dimensions or fewer.")
  }

  private static let limit = 512

  private var inverse: Tensor { .literal(unmixing, [dimension, dimension]) }

  /// A⁻¹ x.
  private func sources(_ x: Tensor) -> Tensor { matmul(x, transpose(inverse)) }
}
