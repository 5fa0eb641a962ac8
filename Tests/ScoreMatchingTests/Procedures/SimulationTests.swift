// Seen to fail, for want of the check: the missing name taken for no numbers.
import Testing

@testable import ScoreMatching

@Suite struct SimulationTests {
  @Test func aResultHasTheVariablesOfItsSimulationAndNoOthers() async {
    #expect(["x": [1, 2]].values("x") == [1, 2])
    await #expect(processExitsWith: .failure) {
      _ = (["x": [1, 2]] as SimulationResult).values("y")
    }
  }
}
