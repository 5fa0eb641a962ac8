import Foundation
import HDF5

/// Writes the whole of a results file, or of a segment of one.
enum ResultsWriter {
  /// Writes rows and, in a finished file, what they belong to.
  ///
  /// - Parameters:
  ///   - rows: the rows in their order, those of the plan first.
  ///   - description: the experiment; nil for a segment, which has neither /experiment nor /grid.
  ///   - root: the file.
  ///   - provider: gives the heavy parts of rows.
  static func write(
    _ rows: [RecordRow], _ description: ExperimentDescription?, to root: Group,
    from provider: RecordProvider
  ) throws {
    try root.setAttribute("Conventions", to: Layout.conventions)
    try root.setAttribute("format_version", to: Layout.formatVersion)
    if let description { try write(description, to: root) }
    try TrialsTable.write(rows, axes: description?.axes ?? [], to: root)
    if let description { try GridCube.write(description, rows, to: root) }
    try CurveTable.write(rows, to: root, from: provider)
    try StackGroup.parameters.write(rows, to: root, from: provider)
    try StackGroup.samples.write(rows, to: root, from: provider)
  }

  private static func write(_ description: ExperimentDescription, to root: Group) throws {
    var attributes = [
      ("name", description.name), ("title", description.title),
      ("plan_sha256", description.planDigest),
    ]
    let names = description.provenance.map(\.name)
    let own = [("hdf5_version", Library.version), ("created", now())]
    attributes += own.filter { !names.contains($0.0) }
    attributes += description.provenance.map { ($0.name, $0.value) }
    for (name, value) in attributes {
      guard try !root.hasAttribute(name) else { continue }
      try root.setAttribute(name, to: value)
    }
    try root.write(description.source, to: Layout.experiment)
    let context = description.context
    if !context.set.isEmpty {
      try root.dataset(Layout.experiment).setAttribute("set", to: context.set)
    }
    guard !context.includedFiles.isEmpty else { return }
    let files = context.includedFiles
    let texts = try root.write(
      files.map(\.source), shape: [files.count], to: Layout.includedFiles)
    try texts.setAttribute("paths", to: files.map(\.path))
    try texts.setAttribute("long_name", to: "the files that the experiment includes, verbatim")
  }

  /// The time in UTC, to the second: `2026-01-31T12:00:00Z`.
  private static func now() -> String {
    Date.now.formatted(.iso8601)
  }
}
