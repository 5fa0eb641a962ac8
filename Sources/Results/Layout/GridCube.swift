import HDF5

/// The group /grid: the metrics as one cube, labelled by the values of the axes.
enum GridCube {
  /// Cells above which no cube is written: its axes then stand alone, and /trials has all results.
  static let largestCellCount = 1 << 24

  /// Writes the axes and the cubes.
  ///
  /// - Parameters:
  ///   - description: the axes, and which trial answers for a cell.
  ///   - rows: the rows of the file, those of the plan first and in its order.
  ///   - root: the file.
  static func write(
    _ description: ExperimentDescription, _ rows: [RecordRow], to root: Group
  ) throws {
    let axes = description.axes
    let group = try root.createGroup(Layout.grid)
    let names = axes.map { Layout.axisColumn($0.name) }
    try group.setAttribute("axes", to: names)
    let scales = try zip(axes, names).map { axis, name in
      try AxisColumn.column(axis, named: name, axis.values.map { $0 }).write(to: group)
      let scale = try group.dataset(name)
      try scale.makeScale(named: name)
      return scale
    }
    let shape = axes.map(\.values.count)
    guard !shape.isEmpty, !shape.contains(0) else { return }
    guard let count = cellCount(shape) else {
      try group.setAttribute(
        "comment", to: "the cube of all axes has too many cells to be written: see /trials")
      return
    }
    try writeCubes(description, rows, shape: shape, count: count, names, scales, to: group)
  }

  /// The number of cells, nil when it is too large.
  private static func cellCount(_ shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= largestCellCount else { return nil }
      count = product
    }
    return count
  }

  private static func writeCubes(
    _ description: ExperimentDescription, _ rows: [RecordRow], shape: [Int], count: Int,
    _ names: [String], _ scales: [Dataset], to group: Group
  ) throws {
    let trials = cells(shape, count, description.cell).map { trial in
      trial >= 0 && !rows[trial].isWaiting ? trial : -1
    }
    let index = try group.write(trials.map { Int32($0) }, shape: shape, to: Layout.trial)
    try describe(index, "", "row of the cell's trial in /trials, -1 where none has run", scales)
    let metrics = mergedOrder(rows.map { $0.record.metrics.map(\.name) })
    for name in metrics {
      let column = rows.map { row in row.record.metrics.first { $0.name == name } }
      let known = column.compactMap { $0 }
      let values = trials.map { $0 < 0 ? .absent : column[$0]?.value ?? .absent }
      let cube = try group.write(
        values, shape: shape, to: Layout.metricColumn(name, axes: names))
      try describe(
        cube, Metric.commonUnit(of: known), known.first?.longName ?? "", scales)
    }
    try group.setAttribute("metrics", to: metrics)
  }

  /// The trial of each cell, row-major.
  private static func cells(
    _ shape: [Int], _ count: Int, _ cell: ([Int]) -> Int
  ) -> [Int] {
    var indices = [Int](repeating: 0, count: shape.count)
    return (0..<count).map { _ in
      let trial = cell(indices)
      for axis in shape.indices.reversed() {
        indices[axis] += 1
        if indices[axis] < shape[axis] { break }
        indices[axis] = 0
      }
      return trial
    }
  }

  private static func describe(
    _ cube: Dataset, _ unit: String, _ longName: String, _ scales: [Dataset]
  ) throws {
    if !unit.isEmpty { try cube.setAttribute("units", to: unit) }
    if !longName.isEmpty { try cube.setAttribute("long_name", to: longName) }
    for (axis, scale) in scales.enumerated() {
      try cube.attach(scale, toAxis: axis)
    }
  }

  /// The axes with their values in the order of the plan.
  static func axes(of root: Group) throws -> [AxisDescription] {
    let group = try root.group(Layout.grid)
    return try group.attribute("axes", as: String.self).map { name in
      let dataset = try group.dataset(name)
      let values = try AxisColumn.values(of: dataset).compactMap { $0 }
      return try TrialsTable.axis(of: dataset, values: values)
    }
  }
}
