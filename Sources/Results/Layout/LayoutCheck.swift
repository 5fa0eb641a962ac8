import HDF5

/// Checks an open results file against the format, part by part.
///
/// A reader of ours asks for less: it takes what it needs and is content. The check asks what other programs
/// rely on: every column with its length, type, units and dimension scale, identities that are unique,
/// cubes that agree with the table.
struct LayoutCheck {
  private(set) var problems: [String] = []
  /// The identities of the rows of /trials.
  private(set) var ids: [String] = []
  /// The points of each trial in /curves.
  private(set) var checkpoints: [Int64] = []

  /// What a file breaks of the format's rules; empty for a good one.
  static func problems(in root: Group) -> [String] {
    var check = LayoutCheck()
    check.attempt("/") { try $0.checkRoot(root) }
    check.attempt("/trials") { try $0.checkTrials(root.group(Layout.trials)) }
    check.attempt("/grid") { try $0.checkGrid(root) }
    check.attempt("/curves") { try $0.checkCurves(root) }
    for name in [Layout.parameters, Layout.samples] {
      check.attempt("/" + name) { try $0.checkStacks(name, in: root) }
    }
    // Every number once, so that a chunk whose checksum is wrong is found.
    check.attempt("/") { _ in
      let (rows, _) = try ResultsReader.read(root)
      for start in stride(from: 0, to: rows.count, by: 256) {
        let batch = Array(rows[start..<min(start + 256, rows.count)])
        _ = try ResultsReader.records(.everything, of: batch, in: root)
      }
    }
    return check.problems
  }

  private mutating func attempt(_ path: String, _ body: (inout LayoutCheck) throws -> Void) {
    do {
      try body(&self)
    } catch let error as HDF5Error {
      problems.append(error.description)
    } catch let error as LayoutError {
      if !problems.contains(error.description) { problems.append(error.description) }
    } catch let error as FormatVersionError {
      if !problems.contains(where: { $0.contains("format_version") }) {
        problems.append(error.description)
      }
    } catch {
      problems.append("\(path): \(error)")
    }
  }

  mutating func expect(_ condition: Bool, _ path: String, _ words: String) {
    if !condition { problems.append("\(path): \(words)") }
  }

  private mutating func checkRoot(_ root: Group) throws {
    let version = try root.scalarAttribute("format_version", as: String.self)
    expect(
      version?.hasPrefix("1.") == true, "/",
      "the attribute format_version is \(version ?? "missing"), not 1.x")
    let conventions = try root.scalarAttribute("Conventions", as: String.self)
    expect(
      conventions?.contains("ScoreSweep-1.") == true, "/",
      "the attribute Conventions is \(conventions ?? "missing"), without ScoreSweep-1.x")
    guard try root.contains(Layout.experiment) else { return }
    for name in ["name", "title", "plan_sha256", "hdf5_version", "created"] {
      let text = try root.scalarAttribute(name, as: String.self)
      expect(text != nil, "/", "the attribute \(name) is missing")
    }
    let digest = try root.scalarAttribute("plan_sha256", as: String.self) ?? ""
    expect(
      digest.utf8.count == 64 && digest.allSatisfy(\.isHexDigit), "/",
      "the attribute plan_sha256 is no SHA-256")
    expect(
      try root.contains(Layout.grid), "/",
      "a file with /experiment has a group /grid, and this has none"
    )
  }

  private mutating func checkTrials(_ group: Group) throws {
    ids = try group.dataset(Layout.id).read(as: String.self)
    let isHex = ids.map { id in
      id.utf8.count == 32 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
    if let row = isHex.firstIndex(of: false) {
      expect(false, "/trials/id", "row \(row) is no 32 lowercase hexadecimal digits")
    }
    var seen: [String: Int] = [:]
    for (row, id) in ids.enumerated() {
      if let earlier = seen.updateValue(row, forKey: id) {
        expect(false, "/trials/id", "rows \(earlier) and \(row) are both \(id)")
      }
    }
    try checkScale(group, count: ids.count)
    try checkColumns(group)
    let statuses = try group.dataset("status").read(as: String.self)
    let known = Set(Status.allCases.map(\.rawValue) + [Layout.waiting])
    if let row = statuses.firstIndex(where: { !known.contains($0) }) {
      expect(false, "/trials/status", "row \(row) is \"\(statuses[row])\", no known status")
    }
    checkpoints = try group.dataset("checkpoints").read(as: Int64.self)
    expect(
      checkpoints.allSatisfy { $0 >= 0 }, "/trials/checkpoints", "a trial has fewer than none")
  }

  private mutating func checkColumns(_ group: Group) throws {
    let columns = try group.attribute("column-order", as: String.self)
    let axes = try group.attribute("axes", as: String.self)
    let metrics = try group.attribute("metrics", as: String.self)
    let fixed = Layout.recordColumns.filter { $0 != Layout.trial && $0 != "planned" }
    for name in fixed + axes + metrics where !columns.contains(name) {
      expect(false, group.path, "column-order does not list \(name)")
    }
    for name in columns {
      guard try group.contains(name) else {
        expect(false, group.path, "the column \(name) is missing")
        continue
      }
      let dataset = try group.dataset(name)
      expect(
        dataset.shape == [ids.count], dataset.path,
        "its shape is \(dataset.shape), not [\(ids.count)]")
      try checkWords(dataset)
      if metrics.contains(name) {
        expect(
          dataset.elementType == .float64, dataset.path, "a metric is float64, and this is none")
      }
      if dataset.shape.count == 1 { try checkScaled(dataset) }
    }
  }

  /// The scale `trial` of a group that has a row for each of so many trials.
  mutating func checkScale(_ group: Group, count: Int) throws {
    let scale = try group.dataset(Layout.trial)
    expect(try scale.isScale(), scale.path, "it is no dimension scale")
    expect(scale.shape == [count], scale.path, "its shape is \(scale.shape), not [\(count)]")
  }

  /// Every axis of a dataset has one scale.
  mutating func checkScaled(_ dataset: Dataset) throws {
    for axis in dataset.shape.indices {
      let count = try dataset.scaleCount(ofAxis: axis)
      expect(count == 1, dataset.path, "axis \(axis) has \(count) dimension scales, not one")
    }
  }

  /// What a reader labels its axes with.
  mutating func checkWords(_ dataset: Dataset) throws {
    expect(
      try dataset.hasAttribute("long_name"), dataset.path, "the attribute long_name is missing")
  }
}
