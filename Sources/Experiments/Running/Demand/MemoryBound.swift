/// How memory, and not the number of cores, bounds the trials under way.
public struct MemoryBound: Sendable, Equatable {
  /// Trials that were asked for at once, no more than there are.
  public let jobs: Int
  /// How many of the largest trials fit together, at least 1: a trial may always run alone.
  public let fitting: Int
  /// What the largest trial takes.
  public let largestBytes: Int
  /// What there is for all.
  public let budgetBytes: Int

  /// The bound on trials of these sizes; nil where the largest ones fit together on all cores.
  init?(_ bytes: [Int], budget: Int, jobs: Int) {
    let largest = bytes.sorted(by: >).prefix(jobs)
    var (fitting, sum) = (0, 0)
    for size in largest {
      sum += size
      guard sum <= budget else { break }
      fitting += 1
    }
    guard fitting < largest.count, let first = largest.first else { return nil }
    self.jobs = largest.count
    self.fitting = max(fitting, 1)
    largestBytes = first
    budgetBytes = budget
  }
}
