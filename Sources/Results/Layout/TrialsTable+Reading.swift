import HDF5

extension TrialsTable {
  /// Reads the table: every row without the heavy parts of its record.
  static func read(from root: Group) throws -> [RecordRow] {
    let group = try root.group(Layout.trials)
    let ids = try group.dataset(Layout.id).read(as: String.self)
    let columns = try Columns(group, count: ids.count)
    return try ids.indices.map { try columns.row($0, id: ids[$0]) }
  }

  /// The axes of the table with what their columns say, their values left out.
  static func axes(of root: Group) throws -> [AxisDescription] {
    let group = try root.group(Layout.trials)
    return try group.attribute("axes", as: String.self).map { column in
      try axis(of: group.dataset(column), values: [])
    }
  }

  /// An axis as its column or coordinate describes it.
  static func axis(of dataset: Dataset, values: [AxisValue]) throws -> AxisDescription {
    let name = try dataset.scalarAttribute("axis", as: String.self) ?? ""
    let longName = try dataset.scalarAttribute("long_name", as: String.self) ?? ""
    return AxisDescription(
      name, values, unit: try dataset.scalarAttribute("units", as: String.self) ?? "1",
      longName: longName == name ? "" : longName)
  }

  /// All columns in memory.
  private struct Columns {
    let text: [String: [String]]
    let integer: [String: [Int64]]
    let seconds: [Double]
    let secondsPerStep: [Double]
    let planned: [Int8]
    let axes: [(name: String, values: [AxisValue?])]
    let metrics: [(metric: Metric, values: [Double])]

    init(_ group: Group, count: Int) throws {
      text = try Self.columns(
        ["status", "message", "seed", "settings", "architecture"], of: group, count)
      integer = try Self.columns(["steps", "parameter_count", "checkpoints"], of: group, count)
      seconds = try Self.column("seconds", of: group, count)
      secondsPerStep = try Self.column("seconds_per_step", of: group, count)
      planned =
        try group.contains("planned")
        ? try Self.column("planned", of: group, count) : [Int8](repeating: 1, count: count)
      axes = try group.attribute("axes", as: String.self).map { name in
        let dataset = try group.dataset(name)
        let values = try AxisColumn.values(of: dataset)
        try Self.check(values.count == count, dataset.path)
        return (try TrialsTable.axis(of: dataset, values: []).name, values)
      }
      metrics = try group.attribute("metrics", as: String.self).map { name in
        let dataset = try group.dataset(name)
        let metric = Metric(
          try dataset.scalarAttribute("metric", as: String.self) ?? name, .absent,
          unit: try dataset.scalarAttribute("units", as: String.self) ?? "",
          longName: try dataset.scalarAttribute("long_name", as: String.self) ?? "")
        return (metric, try Self.column(name, of: group, count))
      }
    }

    func row(_ index: Int, id: String) throws -> RecordRow {
      let word = text["status"]?[index] ?? ""
      let status = Status(rawValue: word)
      guard status != nil || word == Layout.waiting else {
        throw LayoutError(path: "/trials/status", reason: "\(word) is no status that is known")
      }
      let record = TrialRecord(
        id: id, axes: axes.map { AxisEntry($0.name, $0.values[index]) },
        settings: text["settings"]?[index] ?? "",
        outcome: Outcome(status ?? .failed, message: text["message"]?[index] ?? ""),
        metrics: metrics.compactMap { column in
          guard !column.values[index].isAbsent else { return nil }
          var metric = column.metric
          metric.value = column.values[index]
          return metric
        },
        steps: Int(integer["steps"]?[index] ?? 0), seconds: seconds[index],
        secondsPerStep: secondsPerStep[index],
        parameterCount: Int(integer["parameter_count"]?[index] ?? 0),
        seed: text["seed"]?[index] ?? "", architecture: text["architecture"]?[index] ?? "")
      var row = RecordRow(record)
      row.isWaiting = status == nil
      row.isPlanned = planned[index] != 0
      row.checkpointCount = Int(integer["checkpoints"]?[index] ?? 0)
      return row
    }

    private static func columns<Scalar: HDF5Scalar>(
      _ names: [String], of group: Group, _ count: Int
    ) throws -> [String: [Scalar]] {
      try Dictionary(
        uniqueKeysWithValues: names.map { ($0, try column($0, of: group, count)) })
    }

    private static func column<Scalar: HDF5Scalar>(
      _ name: String, of group: Group, _ count: Int
    ) throws -> [Scalar] {
      let dataset = try group.dataset(name)
      try check(dataset.shape == [count], dataset.path)
      return try dataset.read()
    }

    private static func check(_ condition: Bool, _ path: String) throws {
      guard condition else {
        throw LayoutError(path: path, reason: "the column has not one value for each trial")
      }
    }
  }
}
