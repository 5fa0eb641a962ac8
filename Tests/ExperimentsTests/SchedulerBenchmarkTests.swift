import Experiments
import Testing

struct SchedulerBenchmarkTests {
  @Test(arguments: [(1, false), (64, false), (64, true)])
  func itRunsToItsEndAndGivesATime(workers: Int, isMemoryBound: Bool) throws {
    let microseconds = try SchedulerBenchmark.microsecondsPerTrial(
      workers: workers, items: 5000, isMemoryBound: isMemoryBound)
    #expect(microseconds > 0 && microseconds.isFinite)
  }
}
