import Planning
import Results

extension Plan {
  /// Plans the experiment that a results file holds, once more.
  ///
  /// - Parameters:
  ///   - stored: what the file says about its experiment.
  ///   - path: the file, for diagnostics.
  public init(_ stored: StoredExperiment, in path: String) throws(InvalidExperiment) {
    let context = stored.context
    try self.init(
      reading: Array(stored.source.utf8), named: "\(path)/experiment", catalogue: .scoreSweep,
      including: IncludableFiles(
        context.includedFiles.map { IncludedFile(path: $0.path, source: $0.source) }),
      amendments: Amendments(set: context.set))
  }

  /// Where a trial of the plan stands on each of its axes.
  public func place(of trial: Trial) -> [AxisEntry] {
    zip(axes, trial.axisValues).map { AxisEntry($0.name, AxisValue($1, on: $0)) }
  }

  /// What a results file says otherwise than the plan that its own experiment gives; empty where both agree.
  public func differences(from file: Inspection) -> [String] {
    var found: [String] = []
    if let digest = file.experiment?.planDigest, digest != self.digest {
      found.append("/: plan_sha256 is \(digest), and the experiment's plan has \(self.digest)")
    }
    let ids = trials.map(\.id.description)
    if ids != file.planned.map(\.id) {
      let known = Set(file.planned.map(\.id))
      let missing = ids.filter { !known.contains($0) }
      found.append(
        missing.isEmpty
          ? "/trials: the planned rows are not the \(ids.count) trials of the plan, in its order"
          : "/trials: \(missing.count) of the plan's \(ids.count) trials have no row: "
            + missing.prefix(3).joined(separator: ", "))
    } else if let row = trials.indices.first(where: {
      trials[$0].settings.canonicalJSON != file.planned[$0].settings
    }) {
      found.append("/trials/settings: row \(row) has not the settings of its trial \(ids[row])")
    }
    return found
  }
}
