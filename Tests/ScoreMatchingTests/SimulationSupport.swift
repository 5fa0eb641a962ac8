import Execution
import Expressions
import Randomness
import Settings

@testable import ScoreMatching

/// What a simulation ends with, block after block on one core.
func ended(_ simulation: Simulation, seed: UInt64 = 1) throws -> SimulationResult {
  let programs = simulation.stages.map { stage in
    Program(
      outputs: [],
      assignments: simulation.assignments(of: stage).map {
        Execution.Assignment($0.state, to: $0.value)
      }, rowCount: simulation.blockRows)
  }
  let rows = simulation.blockRows
  var result: SimulationResult = [:]
  for block in 0..<simulation.blockCount {
    var values: [String: [Double]] = [:]
    for variable in simulation.variables {
      switch variable.initial {
      case .fill(let value):
        values[variable.name] = [Double](repeating: value, count: rows * variable.width)
      case .rows(let all):
        values[variable.name] = (block * rows..<(block + 1) * rows).flatMap { chain in
          all[
            chain % simulation.count * variable.width..<(chain % simulation.count + 1)
              * variable.width]
        }
      }
    }
    var draw = UInt64(block) << 40
    for (stage, program) in zip(simulation.stages, programs) {
      let arena = try Arena<Double>(program)
      for constant in simulation.constants { arena.setState(constant.name, constant.values) }
      for (index, stream) in simulation.streams.enumerated() {
        arena.setKey(stream, StreamKey(bits: seed &* 1000 &+ UInt64(index)))
      }
      for variable in simulation.variables {
        arena.setState(variable.stateName, values[variable.name] ?? [])
      }
      for repetition in 0..<stage.repetitions {
        for scalar in stage.scalars(repetition) { arena.setScalar(scalar.name, scalar.value) }
        arena.run(draw: draw)
        draw += 1
      }
      for variable in simulation.variables
      where program.stateNames.contains(variable.stateName) {
        values[variable.name] = arena.state(variable.stateName)
      }
    }
    for variable in simulation.variables {
      result[variable.name, default: []] += values[variable.name] ?? []
    }
  }
  for variable in simulation.variables {
    result[variable.name] = Array(
      (result[variable.name] ?? []).prefix(simulation.count * variable.width))
  }
  return result
}

/// What a sampler draws from a density, the settings given as in an experiment.
func draws(
  _ sampler: SettingValue, from density: Subject, seed: UInt64 = 1
) throws -> (samples: Samples, sampler: any Sampler) {
  let settings = completed([Samplers.setting], .object(["sampler": sampler]))
  guard let sampler = Samplers.make(settings) else { fatalError("no sampler") }
  var generator = RandomGenerator(StreamKey(bits: seed &* 77))
  let start = try sampler.chains.draw(dimension: density.dimension, train: [], using: &generator)
  let result = try ended(sampler.simulation(of: density, from: start), seed: seed)
  return (Samples(result, of: sampler, dimension: density.dimension), sampler)
}

/// The value of a metric of the given rows and samples.
func value(
  of metric: Metric, _ model: Subject, _ data: MetricData, seed: UInt64 = 1
) throws -> Double {
  switch metric.quantity {
  case .simulations(let simulations):
    let all = try simulations.shared(model, data) + simulations.ofRows(model, data)
    return simulations.reduce(try all.map { try ended($0, seed: seed) })
  case .data(_, let reduce): return try reduce(data)
  case .minibatches, .closedForm: fatalError("the metric is not made of simulations or rows")
  case .mean(let body):
    let x = Tensor.literal(data.heldOut, [data.rowCount, data.dimension])
    return number(body(model, x))
  case .rows(let body, let reduce):
    let x = Tensor.literal(data.heldOut, [data.rowCount, data.dimension])
    return reduce(evaluate(body(model, x)))
  }
}

/// Independent points of a target.
func points(_ target: any Target, _ count: Int, seed: UInt64) -> [Double] {
  var generator = RandomGenerator(StreamKey(bits: seed))
  return target.sample(count, using: &generator)
}

extension [Double] {
  /// The projection of rows of d coordinates on (1, …, 1)/√d.
  func alongDiagonal(_ d: Int) -> [Double] {
    (0..<count / d).map { row in
      self[row * d..<(row + 1) * d].reduce(0, +) / Double(d).squareRoot()
    }
  }
}
