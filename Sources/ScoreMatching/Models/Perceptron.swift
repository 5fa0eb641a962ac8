import Expressions
import Settings

/// A multilayer perceptron acting on the last axis, [..., inputs] → [..., outputs].
///
///     h₀ = x,  hₖ₊₁ = φ(hₖ Wₖ + bₖ),  y = h_L W_L + b_L
///
/// A residual one has hidden layers of one width and adds to each what it comes from:
/// hₖ₊₁ = hₖ + φ(hₖ Wₖ + bₖ) for k ≥ 1 (He, Zhang, Ren & Sun, CVPR 2016, eq. (1),
/// arXiv:1512.03385).
///
/// Its parameters are `layer0.weight` [inputs, h₁], `layer0.bias` [h₁], `layer1.weight`, …
public struct Perceptron: Sendable, Hashable {
  /// Extents from the input to the output: [inputs, hidden…, outputs].
  public let widths: [Int]
  /// The nonlinearity after every layer but the last.
  public let activation: Activation
  /// The initial laws of weights and biases.
  public let initialisation: Initialisation
  /// Whether each hidden layer behind the first is added to what it comes from.
  public let isResidual: Bool

  /// A perceptron with the model's own settings (`hidden`, `activation`, `initialisation`,
  /// `residual`).
  public init(_ settings: SettingValue, inputs: Int, outputs: Int) {
    widths = [inputs] + settings.integers("hidden") + [outputs]
    activation = settings.choice("activation")
    initialisation = settings.choice("initialisation")
    isResidual = settings.boolean("residual")
  }

  /// Weight and bias of each layer, first layer first.
  public var parameters: [Parameter] {
    (0..<widths.count - 1).flatMap { layer -> [Parameter] in
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      return [
        Parameter(
          "layer\(layer).weight", [inputs, outputs],
          initial: initialisation.weight(inputs, outputs)),
        Parameter("layer\(layer).bias", [outputs], initial: initialisation.bias(inputs)),
      ]
    }
  }

  /// The network's value, given weight and bias of each layer in turn.
  ///
  /// - Parameters:
  ///   - x: points, [..., inputs].
  ///   - theta: weight and bias of each layer; further tensors behind them are left alone.
  ///   - shifts: what is added before the nonlinearity of each hidden layer, [..., hₖ]; empty for
  ///     nothing.
  public func callAsFunction(
    _ x: Tensor, _ theta: [Tensor], shifts: [Tensor] = []
  ) -> Tensor {
    let layerCount = widths.count - 1
    precondition(
      theta.count >= 2 * layerCount, "perceptron: \(theta.count) parameters, \(layerCount) layers")
    return (0..<layerCount).reduce(x) { h, layer in
      let affine = matmul(h, theta[2 * layer]) + theta[2 * layer + 1]
      if layer == layerCount - 1 { return affine }
      let bent = activation(shifts.isEmpty ? affine : affine + shifts[layer])
      return isResidual && layer > 0 ? h + bent : bent
    }
  }

  /// The widths and the activation, as they stand in an architecture's name.
  public var label: String {
    widths.map(String.init).joined(separator: "-") + "-" + activation.rawValue
      + (isResidual ? "-residual" : "")
  }

  /// Residual networks whose layers cannot be added; nil for all else.
  static func refusal(_ trial: SettingValue) -> Refusal? {
    guard trial["model.residual"] == .boolean(true) else { return nil }
    let hidden = trial.integers("model.hidden")
    if hidden.count < 2 {
      return Refusal(
        ["model.residual", "model.hidden"],
        because: "a residual network adds a hidden layer to the one before it",
        remedy: "Give hidden two layers or more, or leave residual out.")
    }
    guard Set(hidden).count > 1 else { return nil }
    return Refusal(
      ["model.residual", "model.hidden"],
      because: "layers of different widths cannot be added",
      remedy: "Give all hidden layers one width.")
  }

  /// What a model of this name that is built on it needs to be rebuilt.
  func structure(_ model: String, skip: Bool, _ dimension: Int) -> [SettingValue.Member] {
    [
      SettingValue.Member("model", .text(model)),
      SettingValue.Member(
        "hidden", .list(widths.dropFirst().dropLast().map { .number(Double($0)) })),
      SettingValue.Member("activation", .text(activation.rawValue)),
      SettingValue.Member("residual", .boolean(isResidual)),
      SettingValue.Member("skip", .boolean(skip)),
      SettingValue.Member("dimension", .number(Double(dimension))),
    ]
  }

  /// The settings of every model built on a perceptron.
  static let settings: [Setting] =
    network() + [
      Setting(
        "skip", .boolean, default: .boolean(false),
        "a linear part beside the network: the score gains x A, A = -I at the start")
    ]

  /// The settings of the network itself, with the nonlinearity that it has unless told otherwise.
  static func network(activation: Activation = .softplus) -> [Setting] {
    [
      Setting(
        "hidden", .list(of: .integer(1...8192), count: 0...16),
        default: .list([.number(64), .number(64)]), "widths of the hidden layers"),
      Setting(
        "activation", .choice(Activation.choices), default: .text(activation.rawValue),
        "nonlinearity after each hidden layer"),
      Setting(
        "initialisation", .choice(Initialisation.choices), default: .text("lecun"),
        "law of the initial weights and biases"),
      Setting(
        "residual", .boolean, default: .boolean(false),
        "each hidden layer behind the first is added to what it comes from; one width for all"),
    ]
  }
}
