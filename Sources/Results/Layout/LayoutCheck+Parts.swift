import HDF5

extension LayoutCheck {
  mutating func checkGrid(_ root: Group) throws {
    guard try root.contains(Layout.grid) else { return }
    let group = try root.group(Layout.grid)
    let axes = try group.attribute("axes", as: String.self)
    var shape: [Int] = []
    for name in axes {
      let axis = try group.dataset(name)
      expect(
        try axis.isScale(), axis.path, "an axis of the grid is a dimension scale, and this is none")
      shape.append(axis.shape.first ?? 0)
    }
    guard try group.contains(Layout.trial) else { return }
    let index = try group.dataset(Layout.trial)
    expect(index.shape == shape, index.path, "its shape is \(index.shape), not \(shape)")
    let trials = try index.read(as: Int64.self)
    let isKnown = trials.allSatisfy { $0 == -1 || ids.indices.contains(Int($0)) }
    expect(isKnown, index.path, "a cell names a row that /trials has not")
    guard isKnown else { return }
    let table = try root.group(Layout.trials)
    for name in try group.attribute("metrics", as: String.self) {
      let cube = try group.dataset(Layout.metricColumn(name, axes: axes))
      expect(cube.shape == shape, cube.path, "its shape is \(cube.shape), not \(shape)")
      try checkScaled(cube)
      let tableAxes = try table.attribute("axes", as: String.self)
      let column = try table.dataset(Layout.metricColumn(name, axes: tableAxes))
        .read(as: Double.self)
      let values = try cube.read(as: Double.self)
      let differing = trials.indices.first { cell in
        let trial = Int(trials[cell])
        let expected = column.indices.contains(trial) ? column[trial] : .absent
        return cell >= values.count || values[cell].bitPattern != expected.bitPattern
      }
      if let differing {
        expect(false, cube.path, "cell \(differing) differs from its trial's value in /trials")
      }
    }
  }

  mutating func checkCurves(_ root: Group) throws {
    let most = checkpoints.max() ?? 0
    guard try root.contains(Layout.curves) else {
      expect(most == 0, "/curves", "it is missing, and trials have checkpoints")
      return
    }
    let group = try root.group(Layout.curves)
    try checkScale(group, count: ids.count)
    for name in ["step", "training_loss", "validation_loss", "gradient_norm"] {
      let dataset = try group.dataset(name)
      expect(
        dataset.shape == [ids.count, Int(most)], dataset.path,
        "its shape is \(dataset.shape), not [\(ids.count), \(most)]")
      try checkWords(dataset)
      if dataset.shape.count == 2 { try checkScaled(dataset) }
    }
    let steps = try group.dataset("step")
    guard steps.shape == [ids.count, Int(most)], most > 0 else { return }
    for (row, values) in cut(try steps.read(as: Double.self), ids.count).enumerated() {
      let count = values.firstIndex(where: \.isNaN) ?? values.count
      expect(
        count == checkpoints[row] && values[count...].allSatisfy(\.isNaN), steps.path,
        "row \(row) has \(count) points where /trials/checkpoints has \(checkpoints[row])")
    }
  }

  mutating func checkStacks(_ name: String, in root: Group) throws {
    guard try root.contains(name) else { return }
    let group = try root.group(name)
    for name in try group.attribute("stacks", as: String.self) {
      let stack = try group.group(name)
      let rows = try stack.dataset(Layout.trial).read(as: Int64.self)
      let own = try stack.dataset(Layout.id).read(as: String.self)
      expect(own.count == rows.count, stack.path, "\(own.count) ids for \(rows.count) trials")
      for (row, id) in zip(rows, own) where !ids.indices.contains(Int(row)) || ids[Int(row)] != id {
        expect(false, stack.path, "the trial \(id) does not stand in row \(row) of /trials")
        break
      }
      try checkScale(stack, count: rows.count)
      for array in try stack.attribute("array_names", as: String.self) {
        let dataset = try stack.dataset(array)
        expect(
          dataset.shape.first == rows.count, dataset.path,
          "its shape is \(dataset.shape), not one row for each of \(rows.count) trials")
        expect(
          dataset.elementType == .float32 || dataset.elementType == .float64, dataset.path,
          "arrays are float32 or float64, and this is \(dataset.elementType.rawValue)")
        try checkScaled(dataset)
      }
    }
  }
}
