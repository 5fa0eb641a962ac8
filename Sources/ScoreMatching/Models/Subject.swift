import Expressions

/// The score of a density seen through noise, ∇ log (p * N(0, σ²I)), as a function of points and σ.
///
/// It acts on the last axis of x [..., d], with any leading axes; σ is a scalar, or has an extent of x or
/// 1 for each of its leading axes. Points of a kernel x_t = a x + s ε have the score f(x_t/a, s/a)/a.
public typealias NoisyScoreFunction = (_ x: Tensor, _ sigma: Tensor) -> Tensor

/// The score of a density seen through noise and its divergence: [..., d] and [...].
public typealias NoisyDivergenceFunction = (_ x: Tensor, _ sigma: Tensor) -> (
  score: Tensor, divergence: Tensor
)

/// What losses, samplers and metrics may ask of a density: a model at given parameters, or a target.
public struct Subject {
  /// The number of coordinates of a point, d.
  public let dimension: Int
  /// ∇ log p, [..., d] → [..., d].
  public let score: ScoreFunction
  /// -log p up to a constant, [..., d] → [...]; nil for a score that is the gradient of nothing.
  public let energy: EnergyFunction?
  /// The normalised log density, [..., d] → [...]; nil where the normaliser is not known.
  public let logDensity: ((Tensor) -> Tensor)?
  /// The score at any noise scale; nil for a density that is known at one alone.
  public let noisyScore: NoisyScoreFunction?
  /// The score at any noise scale beside its divergence; nil where derivatives have to give it.
  public let noisyDivergence: NoisyDivergenceFunction?
  /// How many numbers the score holds for each point while it is evaluated, about; 0 for no more than a
  /// few times the coordinates, or what is not known.
  public let width: Int
  /// The same with noise of at least some scale, cheaper; nil where nothing is.
  public let coarsened: ((_ sigma: Double) -> Subject)?
  /// The layers of the energy; nil for what is no perceptron.
  public let layers: LayeredEnergy?
  /// Why there is no normaliser at values of the parameters, a clause; nil where nothing is known.
  public let normaliserDefect: ([[Double]]) -> String?

  /// A density by what is known of it.
  public init(
    dimension: Int, score: @escaping ScoreFunction, energy: EnergyFunction? = nil,
    logDensity: ((Tensor) -> Tensor)? = nil, noisyScore: NoisyScoreFunction? = nil,
    noisyDivergence: NoisyDivergenceFunction? = nil, width: Int = 0,
    coarsened: ((_ sigma: Double) -> Subject)? = nil,
    layers: LayeredEnergy? = nil, normaliserDefect: @escaping ([[Double]]) -> String? = { _ in nil }
  ) {
    self.dimension = dimension
    self.score = score
    self.energy = energy ?? logDensity.map { logDensity in { -logDensity($0) } }
    self.logDensity = logDensity
    self.noisyScore = noisyScore
    self.noisyDivergence = noisyDivergence
    self.width = width
    self.coarsened = coarsened
    self.layers = layers
    self.normaliserDefect = normaliserDefect
  }

  /// The score at a noise scale; of a density that is known at one alone, the score there is.
  func score(atScale sigma: Double) -> ScoreFunction {
    guard let noisyScore else { return score }
    return { noisyScore($0, .fill(sigma)) }
  }
}

extension ScoreModel {
  /// The model at these parameters.
  public func subject(at theta: [Tensor]) -> Subject {
    Subject(
      dimension: dimension, score: score(at: theta), energy: energy(at: theta),
      logDensity: logDensity(at: theta), noisyScore: noisyScore(at: theta),
      layers: layers(at: theta), normaliserDefect: normaliserDefect)
  }

  /// The model at the parameters that are kept as state.
  public var subject: Subject { subject(at: states) }
}

extension Target {
  /// The distribution itself.
  public var subject: Subject {
    Subject(
      dimension: dimension, score: score, logDensity: logDensity, noisyScore: noisyScore,
      noisyDivergence: noisyDivergence, width: width,
      coarsened: { self.coarsened(from: $0).subject })
  }
}
