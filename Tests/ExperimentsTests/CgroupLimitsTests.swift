import Testing

@testable import Experiments

// Seen to fail: with the process's own group alone asked, and not those above it.
struct CgroupLimitsTests {
  private func cores(_ files: [String: String]) -> Int? { CgroupLimits(Surroundings(files)).cores }
  private func memory(_ files: [String: String]) -> Int? {
    CgroupLimits(Surroundings(files)).memory
  }

  @Test func theTightestOfNestedGroupsHolds() {
    let files = Surroundings.version2([
      "/job/step/cpu.max": "max 100000\n", "/job/cpu.max": "350000 100000\n",
      "/cpu.max": "800000 100000\n",
    ])
    #expect(cores(files) == 4)
    #expect(cores(files.merging(["/sys/fs/cgroup/job/step/cpu.max": "20000 50000"]) { $1 }) == 1)
  }

  @Test(arguments: [
    ("max 100000", nil), ("100000 100000", 1), ("100001 100000", 2), ("5000 100000", 1),
    ("400000 100000", 4), ("", nil), ("100000", nil), ("x 100000", nil), ("100000 0", nil),
    ("-1 100000", nil), ("1 2 3", nil),
  ])
  func aQuotaIsRoundedUpToWholeCores(quota: String, expected: Int?) {
    #expect(cores(Surroundings.version2(["/job/cpu.max": quota])) == expected)
  }

  @Test func quotasOfVersionOneAreReadFromTheControllersOwnMount() {
    let quota = "/cpu,cpuacct/job/cpu.cfs_quota_us"
    let period = "/cpu,cpuacct/job/cpu.cfs_period_us"
    #expect(cores(Surroundings.version1([quota: "150000\n", period: "100000\n"])) == 2)
    #expect(cores(Surroundings.version1([quota: "-1\n", period: "100000\n"])) == nil)
    #expect(cores(Surroundings.version1([quota: "150000\n"])) == nil)
  }

  @Test func aContainersOwnGroupStandsAtTheMountPoint() {
    // The group's path is the host's; only its own folder is mounted.
    let mounted = Surroundings.version2(
      ["/cpu.max": "200000 100000"], group: "/docker/abc", root: "/docker/abc")
    #expect(cores(mounted) == 2)
    let below = Surroundings.version2(
      ["/step/cpu.max": "100000 100000", "/cpu.max": "max 100000"], group: "/docker/abc/step",
      root: "/docker/abc")
    #expect(cores(below) == 1)
    // The mount shows the host's root, but the folders on the way are out of sight.
    #expect(cores(Surroundings.version2(["/cpu.max": "300000 100000"], group: "/far/away")) == 3)
    // A name space of groups that this process was moved out of.
    #expect(cores(Surroundings.version2(["/cpu.max": "300000 100000"], group: "/../../x")) == 3)
  }

  @Test func memoryThatTheKernelGivesBackIsFree() {
    let stat = "anon 5000\nfile 3000\ninactive_file 2000\nactive_file 1000\n"
    let job = ["/job/memory.max": "10000", "/job/memory.current": "8000", "/job/memory.stat": stat]
    #expect(memory(Surroundings.version2(job)) == 4000)
    let step = ["/job/step/memory.max": "3000", "/job/step/memory.current": "500"]
    #expect(memory(Surroundings.version2(job.merging(step) { $1 })) == 2500)
    let high = ["/job/step/memory.max": "max", "/job/step/memory.high": "700"]
    #expect(memory(Surroundings.version2(job.merging(high) { $1 })) == 700)
  }

  @Test func aGroupBeyondItsLimitHasNothingLeft() {
    let full = ["/job/memory.max": "1000", "/job/memory.current": "1200"]
    #expect(memory(Surroundings.version2(full)) == 0)
  }

  @Test func memoryOfVersionOneHasAHugeNumberForNoLimit() {
    let stat = "inactive_file 7\ntotal_inactive_file 300\n"
    let job = [
      "/memory/job/memory.limit_in_bytes": "5000\n", "/memory/job/memory.usage_in_bytes": "4000\n",
      "/memory/job/memory.stat": stat,
      "/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/memory/memory.usage_in_bytes": "99999999\n",
    ]
    #expect(memory(Surroundings.version1(job)) == 1300)
    let unlimited = ["/memory/job/memory.limit_in_bytes": "9223372036854771712"]
    #expect(memory(Surroundings.version1(unlimited)) == nil)
  }

  @Test func missingAndMalformedFilesSetNoLimit() {
    #expect(cores([:]) == nil && memory([:]) == nil)
    #expect(cores(Surroundings.version2([:])) == nil && memory(Surroundings.version2([:])) == nil)
    var files = Surroundings.version2(["/job/cpu.max": "100000 100000", "/job/memory.max": "lots"])
    #expect(memory(files) == nil)
    files["/proc/self/mountinfo"] = "31 23 0:28 / /sys/fs/cgroup -\n- cgroup2\n\n31"
    #expect(cores(files) == nil)
    files["/proc/self/mountinfo"] = nil
    #expect(cores(files) == nil)
    for groups in ["", "0", "0::", "::\n:", "x:y"] {
      files["/proc/self/cgroup"] = groups
      #expect(cores(files) == nil)
    }
  }
}
