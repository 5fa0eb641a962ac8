import Expressions
import Settings

/// A restricted Boltzmann machine: visible and hidden bits, coupled across alone; the hidden ones summed out.
///
///     E(x; W, b, c) = -bᵀx - Σⱼ ln(1 + exp(cⱼ + (xᵀW)ⱼ))
///
/// Its parameters are `weights` W [d, h], normal with standard deviation `initial_scale` at the start, since at 0 no
/// gradient tells one hidden unit from another, `visible_biases` b [d] and `hidden_biases` c [h], which start at 0.
/// The normaliser is a sum over the states of the smaller side, where that has at most ``BinaryStates/limit`` units:
/// over the hidden states with the visible bits summed out, or the reverse.
///
/// Reference: Marlin, Swersky, Chen & de Freitas, AISTATS 2010, eqs. (1) to (3).
public struct RestrictedBoltzmannMachine: ScoreModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "rbm",
    "restricted Boltzmann machine: bits and hidden bits, normalised by enumeration to 20 of either",
    [
      Setting(
        "hidden_units", .integer(1...100_000), default: .number(10), "number of hidden units"),
      Setting(
        "initial_scale", .real(.positive), default: .number(0.01),
        "standard deviation of the weights before training"),
    ])

  public let dimension: Int
  /// The number of hidden units, h.
  public let hidden: Int
  private let initialScale: Double

  /// The model that its settings describe, on so many bits.
  public init(_ settings: SettingValue, dimension: Int) {
    self.init(
      hidden: settings.integer("hidden_units"), initialScale: settings.real("initial_scale"),
      dimension: dimension)
  }

  /// The model on so many bits.
  public init(hidden: Int, initialScale: Double, dimension: Int) {
    self.hidden = hidden
    self.initialScale = initialScale
    self.dimension = dimension
  }

  public var parameters: [Parameter] {
    [
      Parameter(
        "weights", [dimension, hidden], initial: .normal(standardDeviation: initialScale)),
      Parameter("visible_biases", [dimension], initial: .zeros),
      Parameter("hidden_biases", [hidden], initial: .zeros),
    ]
  }

  public var structure: [SettingValue.Member] {
    [
      SettingValue.Member("model", .text("rbm")),
      SettingValue.Member("hidden_units", .number(Double(hidden))),
      SettingValue.Member("dimension", .number(Double(dimension))),
    ]
  }

  public var architecture: String { "rbm-\(dimension)-\(hidden)" }

  /// The free energy, [..., d] → [...].
  public func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    -dot(x, theta[1]) - sum(softplus(matmul(x, theta[0]) + theta[2]), axes: [-1])
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  /// Known where one side has so few units that their states are enumerated.
  public func logDensity(at theta: [Tensor]) -> EnergyFunction? {
    guard min(dimension, hidden) <= BinaryStates.limit else { return nil }
    return { x in -energy(x, theta) - logNormaliser(theta) }
  }

  /// Minus the gradient of the free energy's formula, which says nothing of bits: the protocol asks for it.
  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    -gradient(of: { sum(energy($0, theta)) }, at: x)
  }

  private func logNormaliser(_ theta: [Tensor]) -> Tensor {
    guard hidden < dimension else {
      return BinaryStates.logNormaliser(of: { energy($0, theta) }, units: dimension)
    }
    // The two sides are alike.
    let turned = [transpose(theta[0]), theta[2], theta[1]]
    return BinaryStates.logNormaliser(of: { energy($0, turned) }, units: hidden)
  }
}
