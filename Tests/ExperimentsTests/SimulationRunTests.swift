import Expressions
import Randomness
import ScoreMatching
import Testing

@testable import Experiments

// Seen to fail with every block beginning at the same draw.
struct SimulationRunTests {
  /// x ← x/2 + s + z and a count of steps, then x ← x + 1.
  private func simulation(count: Int, steps: Int) -> Simulation {
    Simulation(
      count: count,
      [
        Simulation.Variable("x", [2], initial: .rows((0..<2 * count).map(Double.init))),
        Simulation.Variable("steps"),
      ], streams: ["noise"],
      [
        Simulation.Stage(
          repetitions: steps, scalars: { [ScalarValue("shift", Double($0))] }
        ) { chains in
          let noise = chains.random(.normal, "noise", [2])
          return [
            Assignment("x", chains["x"] / 2 + .scalar("shift") + noise),
            Assignment("steps", chains["steps"] + 1),
          ]
        },
        Simulation.Stage { [Assignment("x", $0["x"] + Tensor.state("offset", [2]))] },
      ])
  }

  private func run(
    _ simulation: Simulation, cores: Int, isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws -> SimulationResult? {
    try SimulationPrograms(simulation, ProgramCache()).run(
      SimulationInputs(
        parameters: [("offset", [1, 2])], keys: [("noise", StreamKey(bits: 9))],
        isStopped: isStopped), idleCores: IdleCores(cores - 1))
  }

  @Test func theSameNumbersComeOutOnAnyNumberOfCores() throws {
    let simulation = simulation(count: 1000, steps: 20)
    #expect(simulation.blockCount == 4 && simulation.blockRows == 250)
    let alone = try #require(try run(simulation, cores: 1))
    let together = try #require(try run(simulation, cores: 3))
    #expect(alone == together)
    #expect(alone["x"]?.count == 2000 && alone["steps"] == [Double](repeating: 20, count: 1000))
  }

  @Test func stagesHandTheirStatesOnAndScalarsFollowTheRepetition() throws {
    // Without noise: x/2 + 0, then x/4 + 1, then + offset.
    let simulation = Simulation(
      count: 3, [Simulation.Variable("x", initial: .rows([4, 8, 12]))],
      [
        Simulation.Stage(repetitions: 2, scalars: { [ScalarValue("shift", Double($0))] }) {
          [Assignment("x", $0["x"] / 2 + .scalar("shift"))]
        }, Simulation.Stage(repetitions: 0) { [Assignment("x", $0["x"] * 100)] },
        Simulation.Stage { [Assignment("x", $0["x"] - 1)] },
      ])
    #expect(try run(simulation, cores: 1) == ["x": [1, 2, 3]])
  }

  @Test func noTwoChainsOrStepsShareTheirDraws() throws {
    let steps = try [1, 2].map { steps in
      let simulation = Simulation(
        count: 600, [Simulation.Variable("x")], streams: ["noise"],
        [
          Simulation.Stage(repetitions: steps) { [Assignment("x", $0.random(.normal, "noise"))] }
        ])
      return try #require(try run(simulation, cores: 1)?["x"])
    }
    #expect(Set(steps[0] + steps[1]).count == 1200)
    let variance = steps[0].reduce(0) { $0 + $1 * $1 } / 600
    #expect((variance - 1).magnitude < 4 * (2.0 / 600).squareRoot())
  }

  @Test func aStopLeavesNoResult() throws {
    #expect(try run(simulation(count: 300, steps: 5), cores: 2, isStopped: { true }) == nil)
  }
}
