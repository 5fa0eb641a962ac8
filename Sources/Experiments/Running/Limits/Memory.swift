import Foundation

/// How much memory this process may take.
public enum Memory {
  /// Bytes that the process may take beside what it has: the least of what the machine has free,
  /// and of what control groups, Slurm and the process's own limits leave; `Int.max` where the
  /// system says nothing.
  ///
  /// - Parameter threads: threads that are still to start; what each reserves counts where
  ///   addresses or data are limited.
  public static func available(threads: Int) -> Int {
    available(in: .process, threads: threads) ?? .max
  }

  /// The same from given surroundings; nil where they say nothing.
  static func available(in surroundings: Surroundings, threads: Int = 0) -> Int? {
    let free = surroundings.number(after: "MemAvailable:", in: "/proc/meminfo").map { $0 << 10 }
    // The C library's choice where stacks may be as large as they like: 2 MB.
    let stack = surroundings.number(after: "Max stack size", in: limits) ?? 2 << 20
    let bounds = [
      free, CgroupLimits(surroundings).memory, slurm(surroundings),
      limit("Max data size", used: "VmData:", surroundings).map { $0 - threads * stack },
      limit("Max address space", used: "VmSize:", surroundings)
        .map { $0 - threads * (stack + addressesOfAHeap) },
    ]
    return bounds.compactMap(\.self).min().map { max($0, 0) }
  }

  private static let limits = "/proc/self/limits"
  /// What the C library reserves for the small blocks of a thread.
  private static let addressesOfAHeap = 64 << 20

  /// What a Slurm job was given on this machine, without what this process has.
  private static func slurm(_ surroundings: Surroundings) -> Int? {
    let cores =
      surroundings.count("SLURM_CPUS_PER_TASK") ?? surroundings.count("SLURM_CPUS_ON_NODE") ?? 1
    let megabytes = [
      surroundings.count("SLURM_MEM_PER_NODE"),
      surroundings.count("SLURM_MEM_PER_CPU").map { $0 * cores },
    ]
    return megabytes.compactMap(\.self).min().map {
      (min($0, 1 << 40) << 20) - used("VmRSS:", surroundings)
    }
  }

  /// What a limit of the process leaves, such as `ulimit -v` sets; nil for `unlimited`.
  private static func limit(
    _ name: String, used kind: String, _ surroundings: Surroundings
  ) -> Int? {
    surroundings.number(after: name, in: limits).map { $0 - used(kind, surroundings) }
  }

  /// What this process has, of a kind that its status counts in kB.
  private static func used(_ kind: String, _ surroundings: Surroundings) -> Int {
    (surroundings.number(after: kind, in: "/proc/self/status") ?? 0) << 10
  }
}

extension Memory {
  /// Makes the process return every large block to the system as soon as it is freed.
  ///
  /// The C library otherwise keeps freed blocks of up to 32 MB in the heap of the thread that had
  /// them, where they count as taken: a trial of a network of a million parameters then took 89 MB
  /// in place of 65.
  static func returnFreedBlocks() {
    #if os(Linux)
      // M_MMAP_THRESHOLD of <malloc.h>, a header that Swift's Glibc module leaves out. Other C
      // libraries have no such function, and no such heaps.
      let threshold: CInt = -3
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let mallopt = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
      _ = mallopt(threshold, 1 << 20)
    #endif
  }
}
