import Expressions
import Settings

/// Models the score itself, s(x; θ) = network(x) (+ x A); its Jacobian need not be symmetric.
///
/// The optional linear part, `skip.weight` A [d, d], starts at -I, the score of N(0, I): the
/// network then learns how the data differ from it. (On mixtures in 16 dimensions that left a third
/// of the Fisher divergence that A = 0 at the start left after as many steps.)
public struct ScoreNetwork: ScoreModel {
  /// Its name in an experiment file and the settings it has.
  public static let declaration = Variant(
    "score-mlp", "a multilayer perceptron that is the score; free-form, no likelihood",
    Perceptron.settings)

  public let dimension: Int
  /// The network, d → d.
  public let network: Perceptron
  /// Whether a linear part stands beside the network.
  public let hasSkip: Bool

  /// The model that its settings describe, on points of the given dimension.
  public init(_ settings: SettingValue, dimension: Int) {
    self.dimension = dimension
    network = Perceptron(settings, inputs: dimension, outputs: dimension)
    hasSkip = settings.boolean("skip")
  }

  public var parameters: [Parameter] {
    guard hasSkip else { return network.parameters }
    return network.parameters
      + [Parameter("skip.weight", [dimension, dimension], initial: .diagonal(-1))]
  }

  public var structure: [SettingValue.Member] {
    network.structure("score-mlp", skip: hasSkip, dimension)
  }

  public var architecture: String { "score-mlp-\(network.label)\(hasSkip ? "-skip" : "")" }

  public func score(_ x: Tensor, _ theta: [Tensor]) -> Tensor {
    let s = network(x, theta)
    return hasSkip ? s + matmul(x, theta[theta.count - 1]) : s
  }
}
