import Execution
import Expressions
import Kernels
import Randomness
import ScoreMatching

/// What estimates Fisher scores from simulations: a solve, or a network that is trained.
struct FisherScoreEstimation: Sendable {
  let matching: FisherScoreMatching
  let simulator: any Simulator
  /// The network, where the estimator is one, and the key of its initial weights.
  let network: FisherScoreNetwork?
  let weights: StreamKey
  let programs: ProgramCache
  /// Called now and then; what it throws gives the estimate up.
  let checkpoint: @Sendable () throws -> Void

  /// The score around a point, from simulations there.
  func score(
    around center: [Double], simulations count: Int, using generator: inout RandomGenerator
  ) throws -> FisherScore {
    try score(
      from: matching.simulate(
        simulator, around: center, count: count, using: &generator, checkpoint: checkpoint))
  }

  /// The score that simulations give.
  func score(from simulations: LocalSimulations) throws -> FisherScore {
    switch matching.estimator {
    case .linear(let features, let ridge):
      let linear = try LinearFisherScore(simulations, features: features, ridge: ridge)
      return FisherScore { linear($0) }
    case .network:
      guard let network else { preconditionFailure("fisher score: the estimator has no network") }
      return try trained(network, on: simulations)
    }
  }

  private func trained(
    _ network: FisherScoreNetwork, on simulations: LocalSimulations
  ) throws -> FisherScore {
    let (d, sigma) = (simulations.dimension, matching.sigma)
    let step = network.step(rowCount: simulations.count)
    let arena = try Arena<Double>(step.program(simulations.count, programs))
    let standard = Standardisation(of: simulations.rows, dimension: d)
    arena.bind(
      FisherScoreNetwork.dataName, to: try RowData(standard(simulations.rows), columns: d))
    arena.bind(
      FisherScoreNetwork.targetName,
      to: try RowData(
        simulations.targets.map { sigma * $0 }, columns: simulations.parameterCount))
    var generator = RandomGenerator(weights)
    for parameter in network.parameters {
      let count = parameter.shape.reduce(1, *)
      arena.setState(parameter.name, parameter.initial.draw(count, using: &generator))
    }
    for moment in step.states.dropFirst(network.parameters.count) {
      let count = moment.shape.reduce(1, *)
      arena.setState(moment.name, [Double](repeating: 0, count: count))
    }
    for number in 1...network.stepCount {
      try checkpoint()
      for scalar in network.scalars(at: number) { arena.setScalar(scalar.name, scalar.value) }
      arena.run()
    }
    let values = network.parameters.map { ($0.name, arena.state($0.name)) }
    let programs = programs
    return FisherScore { rows in
      let count = rows.count / d
      let arena = try Arena<Double>(network.program(rowCount: count, programs))
      arena.bind(FisherScoreNetwork.dataName, to: try RowData(standard(rows), columns: d))
      for (name, numbers) in values { arena.setState(name, numbers) }
      arena.run()
      return arena.output(FisherScoreNetwork.outputName).map { $0 / sigma }
    }
  }
}

extension Step {
  /// Its program over so many rows.
  func program(_ rowCount: Int, _ programs: ProgramCache) -> Program {
    programs.program(
      outputs: programOutputs, assignments: programAssignments, rowCount: rowCount)
  }
}

extension FisherScoreNetwork {
  /// The program of its value at so many rows.
  func program(rowCount: Int, _ programs: ProgramCache) -> Program {
    programs.program(
      outputs: [(Self.outputName, output(rowCount: rowCount))], rowCount: rowCount)
  }
}
