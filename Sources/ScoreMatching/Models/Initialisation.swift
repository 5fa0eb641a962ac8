import Settings

/// How wide the initial law of a layer is, given how many numbers come in and go out.
public enum Initialisation: String, Sendable, Hashable, CaseIterable {
  /// Weights uniform with variance 2/(in + out), biases 0 (Glorot & Bengio 2010).
  case glorot
  /// Weights normal with variance 1/in, biases 0 (LeCun et al. 1998).
  case lecun
  /// Weights normal with variance 2/in, biases 0 (He et al. 2015).
  case he
  /// Weights and biases uniform within ±1/√in: what PyTorch's linear layer does.
  case fanIn = "fan-in"

  /// The law of a weight of shape [inputs, outputs].
  public func weight(_ inputs: Int, _ outputs: Int) -> InitialLaw {
    switch self {
    case .glorot: .uniform(bound: (6 / Double(inputs + outputs)).squareRoot())
    case .lecun: .normal(standardDeviation: (1 / Double(inputs)).squareRoot())
    case .he: .normal(standardDeviation: (2 / Double(inputs)).squareRoot())
    case .fanIn: .uniform(bound: (1 / Double(inputs)).squareRoot())
    }
  }

  /// The law of the bias of a layer with this many inputs.
  public func bias(_ inputs: Int) -> InitialLaw {
    switch self {
    case .glorot, .lecun, .he: .zeros
    case .fanIn: .uniform(bound: (1 / Double(inputs)).squareRoot())
    }
  }

  static let choices = [
    Choice("glorot", "weights uniform, variance 2/(in + out); biases 0"),
    Choice("lecun", "weights normal, variance 1/in; biases 0"),
    Choice("he", "weights normal, variance 2/in; biases 0"),
    Choice("fan-in", "weights and biases uniform within 1/sqrt(in), as PyTorch's linear layer"),
  ]
}
