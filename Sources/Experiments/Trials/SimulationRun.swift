import Dispatch
import Execution
import Expressions
import Kernels
import Randomness
import ScoreMatching
import Synchronization

/// A simulation's steps, compiled; blocks of chains run in it, on any core.
struct SimulationPrograms: Sendable {
  struct Stage: Sendable {
    /// Its place among the distinct programs.
    var program: Int
    var repetitions: Int
    var scalars: @Sendable (Int) -> [ScalarValue]
  }

  /// The distinct programs: stages that repeat one step share it, and its memory.
  private(set) var programs: [Program] = []
  private(set) var stages: [Stage] = []
  let variables: [Simulation.Variable]
  let constants: [Simulation.Constant]
  let count: Int
  let blockRows: Int
  let blockCount: Int

  init(_ simulation: Simulation, _ cache: ProgramCache) {
    variables = simulation.variables
    constants = simulation.constants
    (count, blockRows) = (simulation.count, simulation.blockRows)
    blockCount = simulation.blockCount
    var places: [[Digest]: Int] = [:]  // looked up only
    for stage in simulation.stages where stage.repetitions > 0 {
      let assignments = simulation.assignments(of: stage)
      let key = assignments.flatMap { [$0.state.digest, $0.value.digest] }
      let place = places[key] ?? programs.count
      if place == programs.count {
        places[key] = place
        programs.append(
          cache.program(
            outputs: [],
            assignments: assignments.map { Execution.Assignment($0.state, to: $0.value) },
            rowCount: blockRows))
      }
      stages.append(
        Stage(program: place, repetitions: stage.repetitions, scalars: stage.scalars))
    }
  }

  /// Cores that it can keep busy.
  var usefulCores: Int { min(blockCount, 8) }

  /// Cost of all its steps, in Double.
  var work: Double {
    Double(blockCount)
      * stages.reduce(0) { $0 + Double($1.repetitions) * programs[$1.program].work }
  }

  /// Bytes that it takes beside the chains' first values, on as many cores as it can use.
  var bytes: Int {
    let width = variables.reduce(0) { $0 + $1.width }
    let arenas = programs.reduce(0) { $0 + $1.arenaBytes(Double.self) }
    // A block's values while it runs, those of all chains while they are put together.
    return usefulCores * arenas + 3 * blockCount * blockRows * width * MemoryLayout<Double>.stride
  }
}

/// What a simulation was run with.
struct SimulationInputs: Sendable {
  /// The parameters of the model that is simulated.
  var parameters: [(name: String, values: [Double])] = []
  /// The key of each random stream.
  var keys: [(stream: String, key: StreamKey)] = []
  /// Asked at every step; true abandons it.
  var isStopped: @Sendable () -> Bool = { false }
  /// Where blocks note how far they are; nil where none goes on later.
  var progress: SimulationProgress?
}

/// Where the blocks of one simulation of a trial note how far they are.
struct SimulationProgress: Sendable {
  private let name: String
  private let trial: TrialProgress

  init(name: String, of trial: TrialProgress) {
    self.name = name
    self.trial = trial
  }

  /// How far a block is; nil where it has not begun.
  func block(_ block: Int) -> BlockState? { trial.block(block, of: name) }

  /// Notes how far a block is.
  func note(_ state: BlockState, of block: Int) {
    trial.note { $0.simulations[name, default: [:]][block] = state }
  }

  /// Notes how far a block is and keeps it, where the last time is long enough ago.
  func keepNowAndThen(_ state: () -> BlockState, of block: Int) {
    trial.keepNowAndThen { $0.simulations[name, default: [:]][block] = state() }
  }
}

extension SimulationPrograms {
  /// Moves all chains through all stages, in Double; nil where it was stopped.
  ///
  /// Step k of block b draws number 2⁴⁰ b + k of its random streams, so the numbers are the same whoever
  /// runs the block.
  func run(_ inputs: SimulationInputs, idleCores: IdleCores) throws -> SimulationResult? {
    var workers = [try SimulationWorker(self, inputs)]
    var blocks: [[[Double]]] = []
    while blocks.count < blockCount {
      // A block at a time: borrowed cores go back as soon as they are asked for elsewhere.
      let wanted = min(usefulCores, blockCount - blocks.count) - 1
      let borrowed = idleCores.borrow(upTo: wanted)
      defer { idleCores.giveBack(borrowed) }
      while workers.count < 1 + borrowed, let worker = try? SimulationWorker(self, inputs) {
        workers.append(worker)
      }
      let (first, cores) = (blocks.count, min(workers.count, 1 + borrowed))
      let ends = Mutex([[[Double]]?](repeating: nil, count: cores))
      let running = workers
      let one: @Sendable (Int) -> Void = { core in
        let end = run(first + core, in: running[core].arenas, inputs)
        ends.withLock { $0[core] = end }
      }
      if cores == 1 {
        one(0)
      } else {
        DispatchQueue.concurrentPerform(iterations: cores, execute: one)
      }
      for end in ends.withLock({ $0 }) {
        guard let end else { return nil }
        blocks.append(end)
      }
    }
    var result: SimulationResult = [:]
    for (place, variable) in variables.enumerated() {
      result[variable.name] = Array(blocks.flatMap { $0[place] }.prefix(count * variable.width))
    }
    return result
  }

  /// One block through all stages: the variables' last values; nil where it was stopped.
  private func run(
    _ block: Int, in arenas: [Arena<Double>], _ inputs: SimulationInputs
  ) -> [[Double]]? {
    let earlier = inputs.progress?.block(block)
    var values = earlier?.values.map(\.wrappedValue) ?? variables.map { first($0, of: block) }
    var step = earlier?.draw ?? UInt64(block) << 40
    var current: Int?
    func state(_ stage: Int, _ repetition: Int) -> BlockState {
      leave()
      return BlockState(
        stage: stage, repetition: repetition, draw: step,
        values: values.map { Exact(wrappedValue: $0) })
    }
    func leave() {
      guard let current else { return }
      for (place, variable) in variables.enumerated()
      where arenas[current].program.stateNames.contains(variable.stateName) {
        values[place] = arenas[current].state(variable.stateName)
      }
    }
    for number in (earlier?.stage ?? 0)..<stages.count {
      let stage = stages[number]
      let arena = arenas[stage.program]
      if current != stage.program {
        leave()
        for (variable, numbers) in zip(variables, values) {
          arena.setState(variable.stateName, numbers)
        }
        current = stage.program
      }
      for repetition
        in (number == earlier?.stage ? earlier?.repetition ?? 0 : 0)..<stage.repetitions
      {
        if inputs.isStopped() {
          inputs.progress?.note(state(number, repetition), of: block)
          return nil
        }
        inputs.progress?.keepNowAndThen({ state(number, repetition) }, of: block)
        for scalar in stage.scalars(repetition) { arena.setScalar(scalar.name, scalar.value) }
        arena.run(draw: step)
        step += 1
      }
    }
    inputs.progress?.note(state(stages.count, 0), of: block)
    leave()
    return values
  }

  /// What a variable holds at first in one block; chains beyond the last begin like the first ones.
  private func first(_ variable: Simulation.Variable, of block: Int) -> [Double] {
    let width = variable.width
    switch variable.initial {
    case .fill(let value):
      return [Double](repeating: value, count: blockRows * width)
    case .rows(let rows):
      return (block * blockRows..<(block + 1) * blockRows).flatMap { chain in
        rows[chain % count * width..<(chain % count + 1) * width]
      }
    }
  }
}

/// The memory that blocks run in, one after the other.
///
/// Sendable although it is written: one core at a time has it.
private final class SimulationWorker: @unchecked Sendable {
  let arenas: [Arena<Double>]

  init(_ programs: SimulationPrograms, _ inputs: SimulationInputs) throws {
    arenas = try programs.programs.map { program in
      let arena = try Arena<Double>(program)
      for (name, values) in inputs.parameters { arena.setState(name, values) }
      for constant in programs.constants { arena.setState(constant.name, constant.values) }
      for (stream, key) in inputs.keys { arena.setKey(stream, key) }
      return arena
    }
  }
}
