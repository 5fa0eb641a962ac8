import HDF5

/// The group /trials: one column for each fact, one row for each trial.
enum TrialsTable {
  /// Writes the table.
  ///
  /// - Parameters:
  ///   - rows: the rows in their order.
  ///   - axes: what is known of the axes; an axis that only records name is added.
  ///   - root: the file.
  static func write(_ rows: [RecordRow], axes: [AxisDescription], to root: Group) throws {
    let group = try root.createGroup(Layout.trials)
    let scale = try writeTrialScale(Array(rows.indices), to: group)
    let columns = leadingColumns(rows)
    let axisColumns = axisColumns(rows, axes)
    let metricColumns = metricColumns(rows, axes: axisColumns.map(\.name))
    let trailing = trailingColumns(rows)
    for column in columns + axisColumns + metricColumns + trailing {
      try column.write(to: group, scale: scale)
    }
    try group.setAttribute("axes", to: axisColumns.map(\.name))
    try group.setAttribute("metrics", to: metricColumns.map(\.name))
    try group.setAttribute(
      "column-order", to: (columns + axisColumns + metricColumns + trailing).map(\.name))
  }

  /// Writes the dimension scale `trial`: row numbers of /trials.
  static func writeTrialScale(_ rows: [Int], to group: Group) throws -> Dataset {
    let scale = try group.write(rows.map { Int32($0) }, to: Layout.trial)
    try scale.makeScale(named: Layout.trial)
    try scale.setAttribute("long_name", to: "row of the trial in /trials")
    return scale
  }

  private static func leadingColumns(_ rows: [RecordRow]) -> [Column] {
    [
      text("id", "identity of the trial", rows.map(\.record.id)),
      text(
        "status", "how the trial ended",
        rows.map { $0.isWaiting ? Layout.waiting : $0.record.outcome.status.rawValue }),
      text("message", "what there is to say about the outcome", rows.map(\.record.outcome.message)),
    ]
  }

  private static func trailingColumns(_ rows: [RecordRow]) -> [Column] {
    var columns = [
      integer("steps", "optimiser steps taken", rows.map(\.record.steps)),
      Column(
        name: "seconds", values: .number(rows.map(\.record.seconds)), unit: "s",
        longName: "wall-clock time of the trial"),
      Column(
        name: "seconds_per_step", values: .number(rows.map(\.record.secondsPerStep)), unit: "s",
        longName: "median wall-clock time of one step"),
      integer("parameter_count", "learned parameters", rows.map(\.record.parameterCount)),
      text("seed", "seed of the trial, hexadecimal", rows.map(\.record.seed)),
      text("settings", "settings of the trial as JSON", rows.map(\.record.settings)),
      text("architecture", "group of the trial under /parameters", rows.map(\.record.architecture)),
      integer("checkpoints", "points of the trial in /curves", rows.map(\.checkpointCount)),
    ]
    columns.append(
      Column(
        name: "planned", values: .boolean(rows.map(\.isPlanned)),
        longName: "whether the experiment asks for the trial; others are left from before an edit"))
    return columns
  }

  private static func text(_ name: String, _ longName: String, _ values: [String]) -> Column {
    Column(name: name, values: .text(values), longName: longName)
  }

  private static func integer(_ name: String, _ longName: String, _ values: [Int]) -> Column {
    Column(name: name, values: .integer(values), unit: "1", longName: longName)
  }

  private static func axisColumns(_ rows: [RecordRow], _ axes: [AxisDescription]) -> [Column] {
    let names = mergedOrder([axes.map(\.name)] + rows.map { $0.record.axes.map(\.name) })
    return names.map { name in
      let axis = axes.first { $0.name == name } ?? AxisDescription(name, [])
      return AxisColumn.column(
        axis, named: Layout.axisColumn(name), rows.map { $0.record.axis(name) })
    }
  }

  /// A metric's long name is that of the first record that has it, its unit that of all.
  private static func metricColumns(_ rows: [RecordRow], axes: [String]) -> [Column] {
    let names = mergedOrder(rows.map { $0.record.metrics.map(\.name) })
    return names.map { name in
      let metrics = rows.map { row in row.record.metrics.first { $0.name == name } }
      let known = metrics.compactMap { $0 }
      return Column(
        name: Layout.metricColumn(name, axes: axes),
        values: .number(metrics.map { $0?.value ?? .absent }), unit: Metric.commonUnit(of: known),
        longName: known.first?.longName ?? "", marks: [("metric", name)])
    }
  }
}
