import Foundation

/// What it costs to hand out trials and take their results, without any trial.
public enum SchedulerBenchmark {
  /// Times a run of empty items.
  ///
  /// Results are counted and not kept: sealing them is not a part of it.
  ///
  /// - Parameters:
  ///   - workers: items under way at once.
  ///   - items: how many items to run.
  ///   - isMemoryBound: whether each item takes half of the budget, so that all workers but two
  ///     wait.
  /// - Returns: microseconds of CPU time an item, of all threads together, the kernel's part
  ///   included.
  public static func microsecondsPerTrial(
    workers: Int, items: Int, isMemoryBound: Bool = false
  ) throws -> Double {
    precondition(items > 0, "scheduler benchmark: \(items) items")
    let runner = ParallelRunner(jobs: workers)
    let before = processorSeconds
    try runner.run(
      Array(0..<items), budget: isMemoryBound ? 2 : .max, weight: { _ in 1 }, work: { $0 },
      deliver: { _, _ in })
    return (processorSeconds - before) / Double(items) * 1e6
  }

  /// CPU time of the process so far, user and system.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
