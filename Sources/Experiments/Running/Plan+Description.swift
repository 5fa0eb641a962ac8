import Planning
import Results

extension Plan {
  /// What the results file says about this plan.
  public func description(provenance: [(name: String, value: String)]) -> ExperimentDescription {
    let axisValues = axes.map { axis in axis.values.compactMap { AxisValue($0, on: axis) } }
    let cells = PlanCells(self)
    return ExperimentDescription(
      name: experiment.name, title: experiment.title, source: experiment.source,
      context: ExperimentContext(
        includedFiles: experiment.includedFiles.map {
          ExperimentContext.IncludedFile(path: $0.path, source: $0.source)
        }, set: experiment.amendments.set),
      planDigest: digest,
      axes: zip(axes, axisValues).map {
        AxisDescription($0.name, $1, unit: $0.unit ?? "1", longName: $0.summary)
      },
      trials: trials.map { trial in
        ExperimentDescription.PlannedTrial(
          id: trial.id.description,
          axes: zip(axes, trial.axisValues).map { AxisEntry($0.name, AxisValue($1, on: $0)) },
          settings: trial.settings.canonicalJSON)
      }, provenance: provenance, cell: { cells?.trial(at: $0) ?? -1 })
  }
}
