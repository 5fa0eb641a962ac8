import Foundation

/// How many cores this process may use.
public enum Cores {
  /// The cores of the process's affinity mask, no more than a Slurm step was given.
  ///
  /// The affinity mask is what `taskset` and container limits leave; the machine's own count is not asked.
  public static var available: Int {
    var cores = affinity
    if let text = ProcessInfo.processInfo.environment["SLURM_CPUS_PER_TASK"], let given = Int(text),
      given > 0
    {
      cores = min(cores, given)
    }
    return max(cores, 1)
  }

  /// The cores that the kernel lets this process run on, counted from a list such as `0-3,8`.
  private static var affinity: Int {
    let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n") {
      guard line.hasPrefix("Cpus_allowed_list:") else { continue }
      return line.drop { $0 != "\t" }.dropFirst().split(separator: ",").reduce(0) { count, range in
        let ends = range.split(separator: "-").compactMap { Int($0) }
        return count + ((ends.last ?? 0) - (ends.first ?? 0) + 1)
      }
    }
    return ProcessInfo.processInfo.activeProcessorCount
  }
}
