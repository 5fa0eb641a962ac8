import HDF5

/// The group /curves: training as [trial, checkpoint], padded with NaN.
enum CurveTable {
  private static let columns: [(name: String, longName: String)] = [
    ("step", "optimiser step of the checkpoint"),
    ("training_loss", "training loss"),
    ("validation_loss", "validation loss"),
    ("gradient_norm", "norm of the gradient"),
  ]
  /// About the bytes of curves held in memory at once.
  private static let batchBytes = 32 << 20

  /// Writes the curves; nothing where no row has any.
  static func write(_ rows: [RecordRow], to root: Group, from provider: RecordProvider) throws {
    let width = rows.map(\.checkpointCount).max() ?? 0
    guard width > 0 else { return }
    let group = try root.createGroup(Layout.curves)
    let trial = try TrialsTable.writeTrialScale(Array(rows.indices), to: group)
    let checkpoint = try group.write((0..<width).map { Int32($0) }, to: Layout.checkpoint)
    try checkpoint.makeScale(named: Layout.checkpoint)
    try checkpoint.setAttribute("long_name", to: "number of the checkpoint")
    let datasets = try columns.map { column in
      let dataset = try group.createDataset(
        column.name, shape: [rows.count, width], of: .float64)
      try dataset.setAttribute("units", to: "1")
      try dataset.setAttribute("long_name", to: column.longName)
      try dataset.attach(trial, toAxis: 0)
      try dataset.attach(checkpoint, toAxis: 1)
      return dataset
    }
    let batch = max(1, batchBytes / (width * columns.count * 8))
    for start in stride(from: 0, to: rows.count, by: batch) {
      let range = start..<min(start + batch, rows.count)
      let curves = try provider(Array(range), .curves).map(\.curves)
      for (dataset, values) in zip(datasets, padded(curves, width)) {
        try dataset.write(values, rows: range)
      }
    }
  }

  private static func padded(_ curves: [[CurvePoint]], _ width: Int) -> [[Double]] {
    let parts: [(CurvePoint) -> Double] = [
      { Double($0.step) }, \.trainingLoss, \.validationLoss, \.gradientNorm,
    ]
    return parts.map { part in
      curves.flatMap { curve in
        curve.map(part) + [Double](repeating: .absent, count: width - curve.count)
      }
    }
  }

  /// Reads the curves of some rows.
  ///
  /// - Parameters:
  ///   - rows: which rows, in ascending order.
  ///   - counts: how many checkpoints each of them has.
  ///   - root: the file.
  static func read(_ rows: [Int], counts: [Int], from root: Group) throws -> [[CurvePoint]] {
    guard try root.contains(Layout.curves) else { return rows.map { _ in [] } }
    let group = try root.group(Layout.curves)
    let datasets = try columns.map { try group.dataset($0.name) }
    var curves: [[CurvePoint]] = []
    let width = datasets[0].shape.last ?? 0
    let batch = max(1, batchBytes / max(width * columns.count * 8, 1))
    for run in contiguousRuns(rows, atMost: batch) {
      let values = try datasets.map { try $0.read(rows: run, as: Double.self) }
      for row in 0..<run.count {
        let count = counts[curves.count]
        guard count <= width else {
          throw LayoutError(path: group.path, reason: "a trial has more checkpoints than it holds")
        }
        curves.append(
          (0..<count).map { point in
            let index = row * width + point
            return CurvePoint(
              step: Int(exactly: values[0][index]) ?? 0, trainingLoss: values[1][index],
              validationLoss: values[2][index], gradientNorm: values[3][index])
          })
      }
    }
    return curves
  }
}

/// Cuts an ascending list of rows into ranges of neighbours.
func contiguousRuns(_ rows: [Int], atMost limit: Int) -> [Range<Int>] {
  var runs: [Range<Int>] = []
  for row in rows {
    if let last = runs.last, last.upperBound == row, last.count < limit {
      runs[runs.count - 1] = last.lowerBound..<(row + 1)
    } else {
      runs.append(row..<(row + 1))
    }
  }
  return runs
}
