import Expressions
import Settings

/// A fully visible Boltzmann machine: bits with biases and couplings of pairs.
///
///     -E(x; M, b) = Σ_{i<j} Mᵢⱼ sᵢ sⱼ + Σᵢ bᵢ sᵢ,   s = 2x - 1 (spins) or x (bits)
///
/// Its parameters are `couplings` [d, d], of which the places above the diagonal that the graph has are used and the
/// others stay 0, and `biases` [d]; all start at 0, where the bits are independent coins. The energy is linear in
/// them, so likelihood, pseudo-likelihood and minimum probability flow are convex. The normaliser is a sum over 2^d
/// states, taken where d is at most ``BinaryStates/limit``.
///
/// Reference: Hyvärinen, Computational Statistics & Data Analysis 51 (2007), eq. (13); Ackley, Hinton & Sejnowski,
/// Cognitive Science 9 (1985).
public struct BoltzmannMachine: ScoreModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "boltzmann-machine",
    "bits with biases and coupled pairs, normalised by enumeration to 20 units",
    [
      Setting(
        "graph", .choice(CouplingGraph.choices), default: .text("complete"),
        "which pairs of units are coupled"),
      UnitValues.setting,
    ])

  public let dimension: Int
  /// Which pairs are coupled.
  public let graph: CouplingGraph
  /// How a unit enters the energy.
  public let units: UnitValues

  /// The model that its settings describe, on so many bits.
  public init(_ settings: SettingValue, dimension: Int) {
    self.init(
      graph: settings.choice("graph"), units: settings.choice("units"), dimension: dimension)
  }

  /// The model on so many bits.
  public init(graph: CouplingGraph, units: UnitValues, dimension: Int) {
    self.graph = graph
    self.units = units
    self.dimension = dimension
  }

  public var parameters: [Parameter] {
    [
      Parameter("couplings", [dimension, dimension], initial: .zeros),
      Parameter("biases", [dimension], initial: .zeros),
    ]
  }

  /// One number for each coupled pair and each unit.
  public var parameterCount: Int { graph.pairs(dimension).count + dimension }

  public var structure: [SettingValue.Member] {
    [
      SettingValue.Member("model", .text("boltzmann-machine")),
      SettingValue.Member("graph", .text(graph.rawValue)),
      SettingValue.Member("units", .text(units.rawValue)),
      SettingValue.Member("dimension", .number(Double(dimension))),
    ]
  }

  public var architecture: String {
    "boltzmann-machine-\(dimension)-\(graph.rawValue)-\(units.rawValue)"
  }

  /// The energy, [..., d] → [...].
  public func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let couplings = theta[0] * .literal(graph.mask(dimension), [dimension, dimension])
    let s = units == .spins ? 2 * x - 1 : x
    return -dot(s, matmul(s, couplings)) - dot(s, theta[1])
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  /// Known where there are so few units that their states are enumerated.
  public func logDensity(at theta: [Tensor]) -> EnergyFunction? {
    guard dimension <= BinaryStates.limit else { return nil }
    return { x in
      -energy(x, theta) - BinaryStates.logNormaliser(of: { energy($0, theta) }, units: dimension)
    }
  }

  /// Minus the gradient of the energy's formula, which says nothing of bits: the protocol asks for it.
  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    -gradient(of: { sum(energy($0, theta)) }, at: x)
  }

  /// The machine's own couplings and biases, where the model couples all the pairs that it does.
  public func values(of target: any Target) -> [[Double]]? {
    guard let machine = target as? BoltzmannData, units == .spins, machine.dimension == dimension,
      zip(machine.couplings, graph.mask(dimension)).allSatisfy({ $0 == 0 || $1 == 1 })
    else { return nil }
    return [machine.couplings, machine.biases]
  }
}
