import Expressions
import Settings

/// A small network as a Fisher score, fitted to simulations by full-batch Adam.
///
///     S(x) = f((x - m)/s)/σ,   f minimises ½E‖f - ε‖²,   ε = (θ - θₜ)/σ
///
/// m and s are mean and standard deviation of the simulated observations: what goes in and comes out of f is of
/// the size of 1 whatever σ is. That loss is J of ``FisherScoreMatching`` times σ², up to a constant.
///
/// Reference: Khoo et al., "Direct Fisher score estimation for likelihood maximization", 2025.
public struct FisherScoreNetwork: Sendable {
  /// What an experiment says of it.
  public struct Design: Sendable, Hashable {
    let hidden: [Int]
    let activation: Activation
    let stepCount: Int
    let learningRate: Double

    init(_ settings: SettingValue) {
      hidden = settings.integers("hidden")
      activation = settings.choice("activation")
      stepCount = settings.integer("steps")
      learningRate = settings.real("learning_rate")
    }
  }

  static let settings = [
    Setting(
      "hidden", .list(of: .integer(1...1024), count: 0...8),
      default: .list([.number(16), .number(16)]), "widths of the hidden layers"),
    Setting(
      "activation", .choice(Activation.choices), default: .text("relu"),
      "nonlinearity after each hidden layer"),
    Setting(
      "steps", .integer(1...1_000_000), default: .number(200), unit: "steps",
      "steps of Adam over all simulations"),
    Optimizers.learningRate(1e-2),
  ]

  /// The input that carries the standardised observations.
  public static let dataName = "x"
  /// The input that carries ε.
  public static let targetName = "target"
  /// The output that carries f.
  public static let outputName = "score"

  private let network: Perceptron
  private let design: Design
  private let optimizer: Adam
  private let dimension: Int
  private let parameterCount: Int

  /// The network of a simulator with d coordinates and p parameters.
  public init(_ design: Design, dimension d: Int, parameterCount p: Int) {
    self.design = design
    (dimension, parameterCount) = (d, p)
    network = Perceptron(
      .object([
        "hidden": .list(design.hidden.map { .number(Double($0)) }),
        "activation": .text(design.activation.rawValue), "initialisation": .text("he"),
        "residual": .boolean(false),
      ]), inputs: d, outputs: p)
    optimizer = Adam(
      .object([
        "learning_rate": .number(design.learningRate), "beta1": .number(0.9),
        "beta2": .number(0.999), "epsilon": .number(1e-8),
        "schedule": .object(["type": .text("constant"), "warmup": .number(0)]),
      ]))
  }

  /// Steps of its training.
  public var stepCount: Int { design.stepCount }

  /// Its weights and biases.
  public var parameters: [Parameter] { network.parameters }

  /// One step of Adam on ½E‖f - ε‖² over so many simulations, with the output `loss`.
  public func step(rowCount n: Int) -> Step {
    let z = Tensor.rows(Self.dataName, [n, dimension])
    let epsilon = Tensor.rows(Self.targetName, [n, parameterCount])
    let (loss, gradients) = valueAndGradients(
      of: { theta in
        let residual = network(z, theta) - epsilon
        return mean(dot(residual, residual)) / 2
      }, at: parameters.map(\.state))
    return Step(
      states: parameters.map { StateVariable($0.name, $0.shape, initial: .parameter($0.name)) }
        + optimizer.stateVariables(for: parameters),
      assignments: optimizer.update(parameters, gradients: gradients),
      outputs: [Step.Output(name: "loss", value: loss)], evaluated: parameters.map(\.name))
  }

  /// The scalar inputs of ``step(rowCount:)`` at a step, counted from 1.
  public func scalars(at step: Int) -> [ScalarValue] {
    optimizer.scalars(at: step, of: design.stepCount)
  }

  /// f at so many standardised observations, [n, p].
  public func output(rowCount n: Int) -> Tensor {
    network(.rows(Self.dataName, [n, dimension]), parameters.map(\.state))
  }
}

/// How observations are standardised for a network: mean and 1 over standard deviation of each coordinate.
public struct Standardisation: Sendable, Hashable {
  private let mean: [Double]
  private let scale: [Double]

  /// That of rows, row-major; a coordinate with a single value is left as wide as it is.
  public init(of rows: [Double], dimension d: Int) {
    let mean = Moments.mean(of: rows, dimension: d)
    var squares = [Double](repeating: 0, count: d)
    for place in rows.indices {
      let difference = rows[place] - mean[place % d]
      squares[place % d] += difference * difference
    }
    let n = Double(max(rows.count / d, 1))
    self.mean = mean
    scale = squares.map { $0 > 0 ? 1 / ($0 / n).squareRoot() : 1 }
  }

  /// Rows with mean 0 and variance 1.
  public func callAsFunction(_ rows: [Double]) -> [Double] {
    rows.indices.map { (rows[$0] - mean[$0 % mean.count]) * scale[$0 % mean.count] }
  }
}
