import Testing

@testable import Experiments

// Seen to fail: with the stacks of threads left out where data are limited.
struct MemoryTests {
  private let machine = [
    "/proc/meminfo": "MemTotal:       2000 kB\nMemFree:  10 kB\nMemAvailable:    1000 kB\n",
    "/proc/self/status": "VmSize:\t     400 kB\nVmRSS:\t     100 kB\nVmData:\t     300 kB\n",
  ]

  private func available(
    _ more: [String: String] = [:], _ variables: [String: String] = [:], threads: Int = 0
  ) -> Int? {
    let files = machine.merging(more) { $1 }
    return Memory.available(in: Surroundings(files, variables), threads: threads)
  }

  private func limits(addresses: String, data: String) -> [String: String] {
    [
      "/proc/self/limits": """
      Limit                     Soft Limit           Hard Limit           Units
      Max data size             \(data)            unlimited            bytes
      Max address space         \(addresses)            unlimited            bytes
      """
    ]
  }

  @Test func theMachinesAvailableMemoryIsTheMost() {
    #expect(available() == 1000 << 10)
    let group = Surroundings.version2(["/job/memory.max": "700", "/job/memory.current": "200"])
    #expect(available(group) == 500)
  }

  @Test func slurmGivesMegabytesOfWhichThisProcessHasSome() {
    let large = ["/proc/meminfo": "MemAvailable: 999999999 kB\n"]
    #expect(available(large, ["SLURM_MEM_PER_NODE": "8"]) == (8 << 20) - (100 << 10))
    let perCore = ["SLURM_MEM_PER_CPU": "8", "SLURM_CPUS_PER_TASK": "4"]
    #expect(available(large, perCore) == (32 << 20) - (100 << 10))
    let onNode = ["SLURM_MEM_PER_CPU": "8", "SLURM_CPUS_ON_NODE": "2"]
    #expect(available(large, onNode) == (16 << 20) - (100 << 10))
    // 0 stands for all of the machine.
    #expect(available([:], ["SLURM_MEM_PER_NODE": "0"]) == 1000 << 10)
    let absurd = ["SLURM_MEM_PER_CPU": "\(Int.max)", "SLURM_CPUS_ON_NODE": "\(Int.max)"]
    #expect(available([:], absurd) == 1000 << 10)
  }

  @Test func limitsOfTheProcessCountWhatItHasAlready() {
    #expect(available(limits(addresses: "unlimited", data: "unlimited")) == 1000 << 10)
    #expect(available(limits(addresses: "500000", data: "unlimited")) == 500000 - (400 << 10))
    #expect(available(limits(addresses: "unlimited", data: "400000")) == 400000 - (300 << 10))
    #expect(available(limits(addresses: "1000", data: "unlimited")) == 0)
  }

  @Test func whatThreadsReserveCountsWhereItIsLimited() {
    #expect(available(threads: 64) == 1000 << 10)
    let large = ["/proc/meminfo": "MemAvailable: 999999999 kB\n"]
    func left(_ limits: [String: String], threads: Int) -> Int? {
      available(large.merging(limits) { $1 }, threads: threads)
    }
    let addresses = limits(addresses: "\(200 << 20)", data: "unlimited")
    #expect(left(addresses, threads: 0) == (200 << 20) - (400 << 10))
    #expect(left(addresses, threads: 2) == (200 << 20) - (400 << 10) - 2 * (66 << 20))
    #expect(left(addresses, threads: 4) == 0)
    let data = limits(addresses: "unlimited", data: "\(200 << 20)")
    #expect(left(data, threads: 4) == (200 << 20) - (300 << 10) - 4 * (2 << 20))
    let stacks = data.mapValues { $0 + "\nMax stack size    8388608    unlimited   bytes" }
    #expect(left(stacks, threads: 4) == (200 << 20) - (300 << 10) - 4 * (8 << 20))
  }

  @Test func surroundingsThatSayNothingGiveNoNumber() {
    #expect(Memory.available(in: Surroundings([:])) == nil)
    #expect(Memory.available(in: Surroundings(["/proc/meminfo": "MemAvailable: much kB"])) == nil)
  }

  @Test func thisProcessHasMemoryLeft() {
    #expect(Memory.available(threads: 1) > 1 << 20)
  }
}
