/// What Linux control groups, of version 1 and 2, leave to this process.
///
/// Each group on the way from the process's own up to the root may set a limit, and all of them
/// hold. Inside a container the groups above may be out of sight; the container's own then stands
/// at the mount point.
struct CgroupLimits {
  private let surroundings: Surroundings

  /// The limits that the groups of these surroundings set.
  init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// Cores that all groups allow, rounded up; nil where none sets a limit.
  var cores: Int? {
    let version2 = folders(of: "cpu", in: .version2).compactMap { folder -> Double? in
      let words = (surroundings.file(folder + "/cpu.max") ?? "").split(
        whereSeparator: \.isWhitespace)
      guard words.count == 2 else { return nil }  // "max 100000" or "150000 100000"
      return ratio(Int(words[0]), Int(words[1]))
    }
    let version1 = folders(of: "cpu", in: .version1).compactMap { folder in
      ratio(
        surroundings.number(in: folder + "/cpu.cfs_quota_us"),
        surroundings.number(in: folder + "/cpu.cfs_period_us"))
    }
    return (version1 + version2).min().map { max(Int($0.rounded(.up)), 1) }
  }

  /// Bytes that all groups still allow; nil where none sets a limit.
  ///
  /// Pages of files that were not used lately count as free: the kernel takes them back before it
  /// refuses any.
  var memory: Int? {
    let version2 = folders(of: "memory", in: .version2).flatMap { folder in
      // Above memory.high the kernel slows a group down until it hardly runs.
      ["/memory.max", "/memory.high"].map { limit in
        room(
          surroundings.number(in: folder + limit),
          used: surroundings.number(in: folder + "/memory.current"),
          reclaimable: surroundings.number(after: "inactive_file", in: folder + "/memory.stat"))
      }
    }
    let version1 = folders(of: "memory", in: .version1).map { folder in
      room(
        surroundings.number(in: folder + "/memory.limit_in_bytes"),
        used: surroundings.number(in: folder + "/memory.usage_in_bytes"),
        reclaimable: surroundings.number(after: "total_inactive_file", in: folder + "/memory.stat"))
    }
    return (version1 + version2).compactMap(\.self).min()
  }

  /// Processes of these groups that the kernel has killed for want of memory; nil where no group tells.
  var memoryKills: Int? {
    let version2 = folders(of: "memory", in: .version2).compactMap {
      surroundings.number(after: "oom_kill", in: $0 + "/memory.events")
    }
    let version1 = folders(of: "memory", in: .version1).compactMap {
      surroundings.number(after: "oom_kill", in: $0 + "/memory.oom_control")
    }
    return (version1 + version2).max()
  }

  private func ratio(_ quota: Int?, _ period: Int?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }  // quota -1: no limit
    return Double(quota) / Double(period)
  }

  private func room(_ limit: Int?, used: Int?, reclaimable: Int?) -> Int? {
    // Version 1 says "no limit" by a number near 2⁶³.
    guard let limit, limit < 1 << 60 else { return nil }
    return max(limit - (used ?? 0) + (reclaimable ?? 0), 0)
  }
}

// Where a process's groups stand in the file system.
extension CgroupLimits {
  private enum Version { case version1, version2 }

  /// The folders of a controller's groups: the process's own first, the mount point last.
  private func folders(of controller: String, in version: Version) -> [String] {
    guard let path = path(of: controller, in: version),
      let mount = mount(of: controller, in: version)
    else { return [] }
    var inside = path[...]
    if mount.root != "/" {
      inside = path.hasPrefix(mount.root + "/") ? path.dropFirst(mount.root.count) : ""
    }
    var names = inside.split(separator: "/")
    if names.contains("..") { names = [] }  // a group outside of what this process can see
    return (0...names.count).reversed().map { count in
      ([mount.point[...]] + names.prefix(count)).joined(separator: "/")
    }
  }

  /// The group of this process, from lines such as `4:cpu,cpuacct:/batch/job7` and
  /// `0::/batch/job7`.
  private func path(of controller: String, in version: Version) -> String? {
    for line in (surroundings.file("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isOurs =
        switch version {
        case .version1: fields[1].split(separator: ",").contains(controller[...])
        case .version2: fields[0] == "0" && fields[1].isEmpty
        }
      if isOurs { return String(fields[2]) }
    }
    return nil
  }

  /// Where the hierarchy is mounted, and which of its groups stands there.
  ///
  /// A line of the mount table: `31 23 0:28 ROOT POINT options … - TYPE source OPTIONS`.
  private func mount(
    of controller: String, in version: Version
  ) -> (point: String, root: String)? {
    for line in (surroundings.file("/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
        continue
      }
      let isOurs =
        switch version {
        case .version1:
          fields[dash + 1] == "cgroup"
            && fields[dash + 3].split(separator: ",").contains(controller[...])
        case .version2: fields[dash + 1] == "cgroup2"
        }
      if isOurs { return (String(fields[4]), String(fields[3])) }
    }
    return nil
  }
}
