import Expressions

/// Chains that a number of steps moves: a sampler, an ordinary differential equation, a weighted sum
/// over draws.
///
/// Every chain has the same variables (a position, a momentum, a weight), each with a value of its
/// own. The stages run one after the other, each a step that is repeated. Chains are moved in blocks of
/// a constant number of rows, so that memory and cache do not grow with their number; a step may
/// average over the chains of its block and over no others. What is simulated depends on the
/// description, on the parameters and on the keys of the random streams alone, never on who runs the
/// blocks.
public struct Simulation {
  /// A variable of each chain.
  public struct Variable: Sendable {
    /// What a variable holds before the first step.
    public enum Initial: Sendable {
      /// The same number everywhere.
      case fill(Double)
      /// The numbers of every chain, row-major, [count, …].
      case rows([Double])
    }

    /// Its name, by which ``Chains`` has it.
    public let name: String
    /// The extents of one chain's value; a number has none.
    public let shape: Shape
    /// What it holds before the first step.
    public let initial: Initial

    /// A variable of the given name, shape and first value.
    public init(_ name: String, _ shape: Shape = [], initial: Initial = .fill(0)) {
      self.name = name
      self.shape = shape
      self.initial = initial
    }

    /// The numbers of one chain.
    public var width: Int { shape.reduce(1, *) }
    /// The name of the state that holds it, apart from the names of model parameters.
    public var stateName: String { "chain.\(name)" }
  }

  /// Numbers that every step reads and none assigns.
  public struct Constant: Sendable {
    /// The name of the state that holds them.
    public let name: String
    /// Their extents.
    public let shape: Shape
    /// The numbers, row-major.
    public let values: [Double]

    /// Constants of the given name, shape and numbers.
    public init(_ name: String, _ shape: Shape, _ values: [Double]) {
      precondition(
        values.count == shape.reduce(1, *), "constant \(name): \(values.count) for \(shape)")
      self.name = "constant.\(name)"
      self.shape = shape
      self.values = values
    }

    /// The numbers as an expression.
    public var tensor: Tensor { .state(name, shape) }
  }

  /// A step and how often it is repeated.
  public struct Stage {
    /// How often.
    public let repetitions: Int
    /// The scalar inputs of the step at a repetition, counted from 0.
    public let scalars: @Sendable (Int) -> [ScalarValue]
    let step: (Chains) -> [Assignment]

    /// Repetitions of a step.
    ///
    /// - Parameters:
    ///   - repetitions: how often.
    ///   - scalars: the scalar inputs at a repetition, counted from 0.
    ///   - step: the variables that are assigned, by name, and their values, [rows, …]; all are
    ///     computed from the values before the step.
    public init(
      repetitions: Int = 1, scalars: @escaping @Sendable (Int) -> [ScalarValue] = { _ in [] },
      step: @escaping (Chains) -> [Assignment]
    ) {
      self.repetitions = repetitions
      self.scalars = scalars
      self.step = step
    }
  }

  /// The chains of a block, as the expressions of a step see them.
  public struct Chains {
    /// Chains in the block.
    public let rowCount: Int
    let variables: [Variable]

    /// The values of a variable, [rows, …]; a name that the simulation has not stops the process.
    public subscript(name: String) -> Tensor {
      guard let variable = variables.first(where: { $0.name == name }) else {
        preconditionFailure("simulation: no variable \(name)")
      }
      return .state(variable.stateName, [rowCount] + variable.shape)
    }

    /// Independent random numbers, drawn anew at every step, [rows, …].
    public func random(
      _ law: RandomLeaf.Law, _ stream: String, _ shape: Shape = []
    ) -> Tensor {
      .random(law, stream: stream, [rowCount] + shape, rowAxis: 0)
    }
  }

  /// Chains that are moved together at most, where a simulation does not say otherwise.
  public static let blockLimit = 256

  /// The number of chains.
  public let count: Int
  /// What each chain keeps.
  public let variables: [Variable]
  /// What all chains read.
  public let constants: [Constant]
  /// The random streams that steps draw from.
  public let streams: [String]
  /// What happens, in order.
  public let stages: [Stage]
  /// Chains that are moved together at most.
  public let blockLimit: Int

  /// A simulation of so many chains.
  ///
  /// - Parameter blockLimit: the chains of a block at most: fewer where a step holds much for each.
  public init(
    count: Int, _ variables: [Variable], constants: [Constant] = [], streams: [String] = [],
    blockLimit: Int = Self.blockLimit, _ stages: [Stage]
  ) {
    precondition(count > 0 && blockLimit > 0, "simulation: \(count) chains")
    for case .rows(let values) in variables.map(\.initial) {
      precondition(
        values.count % count == 0, "simulation: \(values.count) first values for \(count) chains")
    }
    self.count = count
    self.variables = variables
    self.constants = constants
    self.blockLimit = blockLimit
    self.streams = streams
    self.stages = stages
  }

  /// Blocks of chains: as few as the limit allows.
  public var blockCount: Int { (count + blockLimit - 1) / blockLimit }

  /// Chains in a block, the same in each; the last one is filled up with chains that nobody reads.
  public var blockRows: Int { (count + blockCount - 1) / blockCount }

  /// Steps of each chain.
  public var stepCount: Int { stages.reduce(0) { $0 + $1.repetitions } }

  /// The states that a stage's step assigns and their values, for one block.
  public func assignments(of stage: Stage) -> [(state: Tensor, value: Tensor)] {
    let chains = Chains(rowCount: blockRows, variables: variables)
    return stage.step(chains).map { (chains[$0.state], $0.value) }
  }
}

/// What the chains of a simulation hold in the end, by the variables' names, row-major.
public typealias SimulationResult = [String: [Double]]

extension SimulationResult {
  /// What the chains hold in a variable; a name that the simulation has not stops the process.
  func values(_ name: String) -> [Double] {
    guard let values = self[name] else {
      preconditionFailure("simulation: no variable \(name) in its result")
    }
    return values
  }
}
