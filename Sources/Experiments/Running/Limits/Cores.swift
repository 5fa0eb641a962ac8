import Foundation

/// How many cores this process may use.
public enum Cores {
  /// The least of the cores of the process's affinity mask, of what its control groups let it use,
  /// and of what a Slurm step was given; at least 1.
  ///
  /// The machine's own count is asked only where the system has no affinity masks.
  public static var available: Int {
    available(in: .process) ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// The same from given surroundings; nil where they say nothing.
  static func available(in surroundings: Surroundings) -> Int? {
    let limits = [
      surroundings.text(after: "Cpus_allowed_list:", in: "/proc/self/status").flatMap(count),
      CgroupLimits(surroundings).cores, surroundings.count("SLURM_CPUS_PER_TASK"),
      // Of the whole job on this machine: the only word there is without --cpus-per-task.
      surroundings.count("SLURM_CPUS_ON_NODE"),
    ]
    return limits.compactMap(\.self).min().map { max($0, 1) }
  }

  /// How many numbers a list such as `0-3,8,10-11` names; nil where it is no such list.
  static func count(_ list: Substring) -> Int? {
    var total = 0
    for range in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first >= 0, first <= last
      else { return nil }
      total += last - first + 1
    }
    return total
  }
}
