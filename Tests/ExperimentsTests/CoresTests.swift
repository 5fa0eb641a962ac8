import Foundation
import Testing

@testable import Experiments

struct CoresTests {
  @Test func coresAreThoseThatTheProcessMayUse() {
    #expect(Cores.available >= 1 && Cores.available <= ProcessInfo.processInfo.activeProcessorCount)
  }

  @Test(arguments: [
    ("0", 1), ("0-3", 4), ("0-3,8", 5), ("0-3,8,10-11", 7), ("64-127", 64), ("", nil), ("0-", nil),
    ("-3", nil), ("3-1", nil), ("0,,2", nil), ("0-1-2", nil), ("x", nil),
  ])
  func anAffinityListIsCounted(list: String, cores: Int?) {
    #expect(Cores.count(list[...]) == cores)
  }

  @Test func theLeastOfAllLimitsHolds() {
    let status = ["/proc/self/status": "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n"]
    #expect(Cores.available(in: Surroundings(status)) == 8)
    let group = status.merging(Surroundings.version2(["/job/cpu.max": "250000 100000\n"])) { $1 }
    #expect(Cores.available(in: Surroundings(group)) == 3)
    #expect(Cores.available(in: Surroundings(group, ["SLURM_CPUS_PER_TASK": "2"])) == 2)
    #expect(Cores.available(in: Surroundings(group, ["SLURM_CPUS_PER_TASK": "5"])) == 3)
    #expect(Cores.available(in: Surroundings(group, ["SLURM_CPUS_ON_NODE": "1"])) == 1)
    for nonsense in ["", "0", "-2", "four"] {
      #expect(Cores.available(in: Surroundings(status, ["SLURM_CPUS_PER_TASK": nonsense])) == 8)
    }
  }

  @Test func surroundingsThatSayNothingGiveNoNumber() {
    #expect(Cores.available(in: Surroundings([:])) == nil)
    #expect(Cores.available(in: Surroundings(["/proc/self/status": "Cpus_allowed_list:"])) == nil)
  }
}
