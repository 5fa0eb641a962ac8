import HDF5

/// Reads an open results file or segment.
enum ResultsReader {
  /// All rows without the heavy parts of their records, and what a finished file says about its
  /// experiment.
  ///
  /// - Throws: `FormatVersionError`, `LayoutError` or `HDF5Error` for a file of another format.
  static func read(
    _ root: Group
  ) throws -> (rows: [RecordRow], experiment: StoredExperiment?) {
    let version = try root.scalarAttribute("format_version", as: String.self)
    guard let version, version.hasPrefix("1.") else {
      throw FormatVersionError(found: version)
    }
    let parameters = try StackGroup.parameters.members(in: root)
    let samples = try StackGroup.samples.members(in: root)
    let rows = try TrialsTable.read(from: root).enumerated().map { index, row in
      var row = row
      row.place.row = index
      if let member = parameters[row.record.id] {
        row.place.parameters = member.place
        row.parameters = member.forms
        row.record.architectureAttributes = member.attributes
      }
      if let member = samples[row.record.id] {
        row.place.samples = member.place
        row.samples = member.forms
      }
      return row
    }
    return (rows, try experiment(root, rows))
  }

  /// Reads heavy parts into the records of some rows.
  ///
  /// - Parameters:
  ///   - contents: the heavy parts.
  ///   - rows: rows that ``read(_:)`` gave for this file, in its order.
  ///   - root: the file.
  static func records(
    _ contents: RecordContents, of rows: [RecordRow], in root: Group
  ) throws -> [TrialRecord] {
    var records = rows.map(\.record)
    if contents.contains(.curves) {
      let curves = try CurveTable.read(
        rows.map(\.place.row), counts: rows.map(\.checkpointCount), from: root)
      for (index, curve) in curves.enumerated() {
        records[index].curves = curve
      }
    }
    if contents.contains(.parameters) {
      let places = rows.map(\.place.parameters)
      for (index, arrays) in try StackGroup.parameters.arrays(of: places, in: root).enumerated() {
        records[index].parameters = arrays
      }
    }
    if contents.contains(.samples) {
      let places = rows.map(\.place.samples)
      for (index, arrays) in try StackGroup.samples.arrays(of: places, in: root).enumerated() {
        records[index].samples = arrays
      }
    }
    return records
  }

  private static func experiment(
    _ root: Group, _ rows: [RecordRow]
  ) throws -> StoredExperiment? {
    guard try root.contains(Layout.experiment) else { return nil }
    let attributes = try root.attributeNames().map { name in
      Attribute(name, try StackAttributes.read(name, of: root))
    }
    return StoredExperiment(
      name: try root.scalarAttribute("name") ?? "",
      title: try root.scalarAttribute("title") ?? "",
      source: try root.dataset(Layout.experiment).read(as: String.self).first ?? "",
      context: try context(root),
      planDigest: try root.scalarAttribute("plan_sha256") ?? "",
      axes: try GridCube.axes(of: root),
      waiting: rows.filter(\.isWaiting).map { row in
        ExperimentDescription.PlannedTrial(
          id: row.record.id, axes: row.record.axes, settings: row.record.settings)
      },
      attributes: attributes)
  }
}

extension ResultsReader {
  private static func context(_ root: Group) throws -> ExperimentContext {
    var context = ExperimentContext()
    let experiment = try root.dataset(Layout.experiment)
    if try experiment.hasAttribute("set") {
      context.set = try experiment.attribute("set", as: String.self)
    }
    guard try root.contains(Layout.includedFiles) else { return context }
    let texts = try root.dataset(Layout.includedFiles)
    context.includedFiles = zip(
      try texts.attribute("paths", as: String.self), try texts.read(as: String.self)
    ).map { ExperimentContext.IncludedFile(path: $0, source: $1) }
    return context
  }
}

/// A file that says no version of the format that this one reads.
struct FormatVersionError: Error, Equatable, CustomStringConvertible {
  var found: String?

  var description: String {
    found.map { "format version \($0)" } ?? "an HDF5 file without a format_version"
  }
}
