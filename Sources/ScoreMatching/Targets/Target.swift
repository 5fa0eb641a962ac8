import Expressions
import Randomness

/// A distribution with a known density: data can be drawn from it and scores compared with its own.
public protocol Target: Sendable {
  /// The number of coordinates of a point, d.
  var dimension: Int { get }

  /// The normalised log density, [..., d] → [...].
  func logDensity(_ x: Tensor) -> Tensor

  /// The exact score ∇ log p, [..., d] → [..., d].
  func score(_ x: Tensor) -> Tensor

  /// The distribution of a point with noise added, p * N(0, sigma² I), exactly; nil where it has no
  /// closed form.
  func smoothed(by sigma: Double) -> (any Target)?

  /// The score of the distribution with noise added, exactly, for any noise scale; nil where it has no
  /// closed form.
  var noisyScore: NoisyScoreFunction? { get }

  /// ``noisyScore`` beside its divergence in closed form; nil where derivatives have to give it.
  var noisyDivergence: NoisyDivergenceFunction? { get }

  /// A target whose score with noise of at least this scale is the same to rounding and costs less; self
  /// where there is none.
  func coarsened(from sigma: Double) -> any Target

  /// How many numbers the score holds for each point while it is evaluated, about; 0 for no more than a
  /// few times the coordinates.
  var width: Int { get }

  /// Where the density lives: the whole space, or what bounds leave of it.
  var support: Support { get }

  /// The density as a member of exponential families; nil where it is none of those.
  var naturalParameters: NaturalParameters? { get }

  /// Independent points, row-major, [count, d].
  func sample(_ count: Int, using generator: inout RandomGenerator) -> [Double]
}

extension Target {
  public func score(_ x: Tensor) -> Tensor {
    gradient(of: { sum(logDensity($0)) }, at: x)  // rows are independent
  }

  public var noisyScore: NoisyScoreFunction? { nil }

  public var noisyDivergence: NoisyDivergenceFunction? { nil }

  public var width: Int { 0 }

  public func coarsened(from sigma: Double) -> any Target { self }

  public var support: Support { .everywhere }

  public var naturalParameters: NaturalParameters? { nil }
}
