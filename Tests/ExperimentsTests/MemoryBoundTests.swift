import Testing

@testable import Experiments

struct MemoryBoundTests {
  @Test func memoryBoundsARunWhoseLargestTrialsDoNotFitTogether() throws {
    #expect(MemoryBound([5, 1, 5, 1], budget: 12, jobs: 4) == nil)
    #expect(MemoryBound([5, 1, 5, 1], budget: 10, jobs: 2) == nil)
    let bound = try #require(MemoryBound([5, 1, 5, 1], budget: 11, jobs: 8))
    #expect(bound.jobs == 4 && bound.fitting == 3)
    #expect(bound.largestBytes == 5 && bound.budgetBytes == 11)
  }

  @Test func aTrialThatDoesNotFitAloneIsRunAlone() throws {
    let bound = try #require(MemoryBound([20, 1], budget: 11, jobs: 2))
    #expect(bound.fitting == 1 && bound.largestBytes == 20)
    #expect(MemoryBound([], budget: 0, jobs: 2) == nil)
  }
}
