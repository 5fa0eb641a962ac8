import Expressions
import Randomness
import Settings

/// Any model with an energy, beside its log normaliser as one more parameter.
///
///     ln p(x; θ, ln Z) = -E(x; θ) - ln Z
///
/// `log_normaliser` is ln Z, the c = -ln Z of other texts; it starts at 0. Nothing makes the density integrate to
/// one but the loss that fits it. Score and energy are those of the model itself.
///
/// Reference: Gutmann & Hyvärinen, JMLR 13 (2012), section 2.1.
public struct SelfNormalisedModel: ScoreModel {
  /// The name of the parameter ln Z.
  public static let parameterName = "log_normaliser"

  /// The model without a normaliser, or whose own is not used.
  public let base: any ScoreModel

  /// A model with its log normaliser as a parameter of its own.
  public init(_ base: any ScoreModel) { self.base = base }

  public var dimension: Int { base.dimension }

  public var parameters: [Parameter] {
    base.parameters + [Parameter(Self.parameterName, [1], initial: .zeros)]
  }

  public var parameterCount: Int { base.parameterCount + 1 }

  public var architecture: String { "\(base.architecture)-normaliser" }

  public var structure: [SettingValue.Member] {
    base.structure + [SettingValue.Member("normaliser", .text("learned"))]
  }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor { base.score(x, own(theta)) }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { base.energy(at: own(theta)) }

  public func logDensity(at theta: [Tensor]) -> EnergyFunction? {
    let logNormaliser = theta[theta.count - 1].reshape([])
    return base.energy(at: own(theta)).map { energy in { -energy($0) - logNormaliser } }
  }

  public func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction? {
    base.noisyScore(at: own(theta))
  }

  public func layers(at theta: [Tensor]) -> LayeredEnergy? { base.layers(at: own(theta)) }

  /// Those of the model; its normaliser is told apart, see ``logNormaliser(of:)``.
  public func values(of target: any Target) -> [[Double]]? { base.values(of: target) }

  /// That of the model's own parameters.
  public func squaredError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)? {
    guard let error = base.squaredError(to: target) else { return nil }
    return { values in error(own(values)) }
  }

  public func example(of target: any Target) -> [[Double]]? { base.example(of: target) }

  public func start(
    from rows: [Double], using generator: inout RandomGenerator
  ) throws(DataError) -> [[Double]] {
    try base.start(from: rows, using: &generator) + [[0]]
  }

  public var derivedNames: [String] { base.derivedNames }

  public func derived(from values: [[Double]]) -> [[Double]] { base.derived(from: own(values)) }

  public func normaliserDefect(at values: [[Double]]) -> String? {
    base.normaliserDefect(at: own(values))
  }

  public func collapse(at values: [[Double]]) -> String? { base.collapse(at: own(values)) }

  /// ln Z at parameters at which the model is the density of the data, a scalar; nil where there are none, or
  /// where it is not known.
  func logNormaliser(of target: any Target) -> Tensor? {
    guard let values = base.example(of: target) else { return nil }
    let theta = zip(values, base.parameters).map { Tensor.literal($0, $1.shape) }
    guard let logDensity = base.logDensity(at: theta), let energy = base.energy(at: theta) else {
      return nil
    }
    let origin = Tensor.zeros([1, dimension])
    return -sum(logDensity(origin) + energy(origin))
  }

  private func own<Value>(_ values: [Value]) -> [Value] { Array(values.dropLast()) }
}
