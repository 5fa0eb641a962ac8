import Expressions
import Randomness
import Settings

/// A score ∇ₓ log p as a function of points: it acts on the last axis, with any leading axes.
public typealias ScoreFunction = (Tensor) -> Tensor

/// An energy -log p + const as a function of points: [..., d] → [...].
public typealias EnergyFunction = (Tensor) -> Tensor

/// A family of score functions s(x; θ) with named parameters.
public protocol ScoreModel: Sendable {
  /// The number of coordinates of a point, d.
  var dimension: Int { get }

  /// The parameters in the order in which ``score(_:_:)`` takes them.
  var parameters: [Parameter] { get }

  /// The number of learned numbers, those that a form leaves unused left out.
  var parameterCount: Int { get }

  /// What fixes the shapes of the parameters, as a name: `score-mlp-8-64-64-8-softplus`.
  var architecture: String { get }

  /// The model's score.
  ///
  /// - Parameters:
  ///   - x: points, [..., d].
  ///   - theta: the parameters' values, of the shapes that ``parameters`` gives.
  /// - Returns: s(x; θ), [..., d].
  func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor

  /// What is needed beside the parameters to rebuild the model: the same for all models of one
  /// ``architecture``.
  var structure: [SettingValue.Member] { get }

  /// The parameters' values at which the model is a density, each row-major; nil where it is not in
  /// the family, or where several values are the same score.
  func values(of target: any Target) -> [[Double]]?

  /// The squared distance of parameters' values from those at which the model is a density, where
  /// ``values(of:)`` cannot say it: several values are the same density. Nil where it is not in the family.
  func squaredError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)?

  /// Values of the parameters at which the model is a density, one of them where several are; nil where it
  /// is not in the family, or where none are known.
  func example(of target: any Target) -> [[Double]]?

  /// The parameters that training starts from, each row-major.
  ///
  /// - Parameters:
  ///   - rows: the training data, row-major, for models that start from them.
  ///   - generator: where chance comes from; a second call goes on with it.
  func start(
    from rows: [Double], using generator: inout RandomGenerator
  ) throws(DataError) -> [[Double]]

  /// The names of numbers that follow from the parameters and are kept as state beside them while the
  /// model is measured; training never asks for them.
  var derivedNames: [String] { get }

  /// Those numbers at values of the parameters, each row-major.
  func derived(from values: [[Double]]) -> [[Double]]

  /// Why the density has no finite normaliser at these values, a clause; nil where it has one or where
  /// nothing is known.
  func normaliserDefect(at values: [[Double]]) -> String?

  /// How the density has degenerated at these values, a clause with what to do; nil where it has not. It
  /// is asked of fits that did not converge.
  func collapse(at values: [[Double]]) -> String?

  /// The energy whose score is ``score(_:_:)``, at fixed parameters; nil for a model without one.
  func energy(at theta: [Tensor]) -> EnergyFunction?

  /// The normalised log density at fixed parameters, [..., d] → [...]; nil where the normaliser is not
  /// known.
  func logDensity(at theta: [Tensor]) -> ((Tensor) -> Tensor)?

  /// The score at any noise scale, at fixed parameters; nil for a model of one density.
  func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction?

  /// The layers of that energy, at fixed parameters; nil for a model that is no perceptron.
  func layers(at theta: [Tensor]) -> LayeredEnergy?
}

extension ScoreModel {
  /// Every number of every parameter.
  public var parameterCount: Int { storedCount }

  /// How many numbers its parameters have, those that a form leaves unused too.
  public var storedCount: Int { parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  /// The parameters as state that a step may assign, each under its own name.
  public var states: [Tensor] {
    parameters.map { .state($0.name, $0.shape) }
  }

  /// No energy: a free-form score is the gradient of nothing.
  public func energy(at theta: [Tensor]) -> EnergyFunction? { nil }

  /// None: many networks are the same score.
  public func values(of target: any Target) -> [[Double]]? { nil }

  /// Those of ``values(of:)``.
  public func example(of target: any Target) -> [[Double]]? { values(of: target) }

  /// None.
  public func squaredError(to target: any Target) -> (@Sendable ([[Double]]) -> Double)? { nil }

  /// A draw of the initial laws, whatever the rows.
  public func start(
    from rows: [Double], using generator: inout RandomGenerator
  ) throws(DataError) -> [[Double]] {
    initialValues(using: &generator)
  }

  /// None.
  public var derivedNames: [String] { [] }

  /// None.
  public func derived(from values: [[Double]]) -> [[Double]] { [] }

  /// Nothing is known.
  public func normaliserDefect(at values: [[Double]]) -> String? { nil }

  /// It has not.
  public func collapse(at values: [[Double]]) -> String? { nil }

  /// No normaliser.
  public func logDensity(at theta: [Tensor]) -> ((Tensor) -> Tensor)? { nil }

  /// One density.
  public func noisyScore(at theta: [Tensor]) -> NoisyScoreFunction? { nil }

  /// No layers.
  public func layers(at theta: [Tensor]) -> LayeredEnergy? { nil }

  /// The score function at fixed parameters.
  public func score(at theta: [Tensor]) -> ScoreFunction {
    { x in score(x, theta) }
  }

  /// One draw of all parameters from their initial laws, each row-major.
  public func initialValues(using generator: inout RandomGenerator) -> [[Double]] {
    parameters.map { parameter in
      parameter.initial.draw(parameter.shape.reduce(1, *), using: &generator)
    }
  }
}
