@testable import Experiments

// Machines that do not exist, for tests of limits.

extension Surroundings {
  /// Surroundings of these files and variables alone.
  init(_ files: [String: String], _ variables: [String: String] = [:]) {
    self.init(file: { files[$0] }, variable: { variables[$0] })
  }

  /// The files of a process in group `/job/step` of version 2, `groups` by their paths in the hierarchy.
  static func version2(
    _ groups: [String: String], group: String = "/job/step", root: String = "/"
  ) -> [String: String] {
    var files = [
      "/proc/self/cgroup": "0::\(group)\n",
      "/proc/self/mountinfo": """
      22 27 0:21 / /proc rw,relatime - proc proc rw
      31 23 0:28 \(root) /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate
      """,
    ]
    for (path, contents) in groups { files["/sys/fs/cgroup" + path] = contents }
    return files
  }

  /// The files of a process in groups of version 1, `groups` by their paths below `/sys/fs/cgroup`.
  static func version1(
    _ groups: [String: String], group: String = "/job/step", root: String = "/"
  ) -> [String: String] {
    var files = [
      "/proc/self/cgroup": "5:memory:\(group)\n3:cpu,cpuacct:\(group)\n0::/\n",
      "/proc/self/mountinfo": """
      30 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
      31 30 0:29 \(root) /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
      32 30 0:30 \(root) /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      33 30 0:31 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
      """,
    ]
    for (path, contents) in groups { files["/sys/fs/cgroup" + path] = contents }
    return files
  }
}
