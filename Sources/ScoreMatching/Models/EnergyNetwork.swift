import Expressions
import Settings

/// Models the energy E = -log p + const; its score -∇E is conservative by construction.
///
///     E(x; θ) = network(x) (- ½ x A xᵀ)
///
/// With the optional quadratic part the score gains x ½(A + Aᵀ), the symmetric counterpart of the
/// linear part of a ``ScoreNetwork``: `skip.weight` A [d, d] starts at -I, the energy of N(0, I),
/// and is free in sign, so that a Gaussian is fitted exactly (A = -Σ⁻¹).
public struct EnergyNetwork: ScoreModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "energy-mlp", "a multilayer perceptron that is the energy; the score is minus its gradient",
    Perceptron.settings)

  public let dimension: Int
  /// The network, d → 1.
  public let network: Perceptron
  /// Whether a quadratic part stands beside the network.
  public let hasSkip: Bool

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    self.dimension = dimension
    network = Perceptron(settings, inputs: dimension, outputs: 1)
    hasSkip = settings.boolean("skip")
  }

  /// The network's parameters, then the quadratic part's. The last bias moves the energy and no
  /// score; it stays, so that the energy is one perceptron as others write it.
  public var parameters: [Parameter] {
    let own = network.parameters
    guard hasSkip else { return own }
    return own + [Parameter("skip.weight", [dimension, dimension], initial: .diagonal(-1))]
  }

  public var structure: [SettingValue.Member] {
    network.structure("energy-mlp", skip: hasSkip, dimension)
  }

  public var architecture: String { "energy-mlp-\(network.label)\(hasSkip ? "-skip" : "")" }

  /// The energy up to a constant, [..., d] → [...].
  public func energy(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let output = network(x, theta)
    let e = output.reshape(Array(output.shape.dropLast()))
    return hasSkip ? e - dot(x, matmul(x, theta[theta.count - 1])) / 2 : e
  }

  public func energy(at theta: [Tensor]) -> EnergyFunction? { { energy($0, theta) } }

  public func layers(at theta: [Tensor]) -> LayeredEnergy? {
    guard !network.isResidual else { return nil }
    let count = network.widths.count - 1
    return LayeredEnergy(
      weights: (0..<count).map { theta[2 * $0] }, biases: (0..<count).map { theta[2 * $0 + 1] },
      activation: network.activation, quadratic: hasSkip ? theta[theta.count - 1] : nil)
  }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    -gradient(of: { sum(energy($0, theta)) }, at: x)  // rows are independent
  }
}
