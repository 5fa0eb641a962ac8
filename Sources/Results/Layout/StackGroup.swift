import HDF5

/// The groups /parameters and /samples: arrays of trials, stacked as [trial, …].
struct StackGroup {
  /// The group's name in the file.
  let name: String
  /// What of a record stands in it.
  let contents: RecordContents
  let keepsAttributes: Bool
  let forms: @Sendable (RecordRow) -> [ArrayForm]
  let arrays: @Sendable (TrialRecord) -> [NamedArray]

  static let parameters = StackGroup(
    name: Layout.parameters, contents: .parameters, keepsAttributes: true,
    forms: { $0.parameters }, arrays: { $0.parameters })
  static let samples = StackGroup(
    name: Layout.samples, contents: .samples, keepsAttributes: false,
    forms: { $0.samples }, arrays: { $0.samples })

  /// About the bytes of arrays held in memory at once.
  static let batchBytes = 32 << 20

  /// Writes the arrays of all rows; nothing where no row has any.
  func write(_ rows: [RecordRow], to root: Group, from provider: RecordProvider) throws {
    let stacks = Stack.stacks(of: rows, forms, keepsAttributes: keepsAttributes)
    guard !stacks.isEmpty else { return }
    let group = try root.createGroup(name)
    try group.setAttribute("stacks", to: stacks.map(\.name))
    for stack in stacks {
      try write(stack, rows, to: try group.createGroup(stack.name), from: provider)
    }
  }

  private func write(
    _ stack: Stack, _ rows: [RecordRow], to group: Group, from provider: RecordProvider
  ) throws {
    let records = stack.rows.map { rows[$0].record }
    let scale = try TrialsTable.writeTrialScale(stack.rows, to: group)
    try Column(
      name: Layout.id, values: .text(records.map(\.id)), longName: "identity of the trial"
    ).write(to: group, scale: scale)
    try group.setAttribute("architecture", to: stack.form.architecture)
    try group.setAttribute("array_names", to: stack.form.arrays.map(\.name))
    if keepsAttributes {
      try StackAttributes.write(
        records.map(\.architectureAttributes), stack.form.attributes, to: group, scale: scale)
    }
    var dimensions = Dimensions(group)
    let datasets = try stack.form.arrays.map {
      try create($0, rowCount: records.count, in: group, scale: scale, &dimensions)
    }
    let rowBytes = stack.form.arrays.reduce(0) { $0 + $1.byteCount }
    let batch = max(1, Self.batchBytes / max(rowBytes, 1))
    for start in stride(from: 0, to: records.count, by: batch) {
      let range = start..<min(start + batch, records.count)
      let stacked = try provider(Array(stack.rows[range]), contents).map(arrays)
      for (index, dataset) in datasets.enumerated() {
        try write(stacked.map { $0[index].values }, to: dataset, rows: range)
      }
    }
  }

  private func create(
    _ form: ArrayForm, rowCount: Int, in group: Group, scale: Dataset,
    _ dimensions: inout Dimensions
  ) throws -> Dataset {
    let dataset = try group.createDataset(
      form.name, shape: [rowCount] + form.shape, of: form.type)
    try dataset.attach(scale, toAxis: 0)
    let known = Layout.knownArrays[form.name]
    if let longName = known?.longName { try dataset.setAttribute("long_name", to: longName) }
    for (axis, extent) in form.shape.enumerated() {
      let own = "\(form.name).axis\(axis + 1)"
      let name = known.flatMap { $0.axes.indices.contains(axis) ? $0.axes[axis] : nil }
      let dimension = try dimensions.dimension(name ?? own, extent, otherwise: own)
      try dataset.attach(dimension, toAxis: axis + 1)
    }
    return dataset
  }

  private func write(
    _ rows: [NamedArray.Values], to dataset: Dataset, rows range: Range<Int>
  ) throws {
    if dataset.elementType == .float32 {
      let values = rows.flatMap { values -> [Float] in
        if case .float32(let floats) = values { floats } else { [] }
      }
      try dataset.write(values, rows: range)
    } else {
      let values = rows.flatMap { values -> [Double] in
        if case .float64(let doubles) = values { doubles } else { [] }
      }
      try dataset.write(values, rows: range)
    }
  }
}

/// The dimensions of a group's arrays, each written once.
private struct Dimensions {
  private let group: Group
  private var known: [String: (extent: Int, scale: Dataset)] = [:]  // looked up only

  init(_ group: Group) { self.group = group }

  /// The dimension of a name, which several arrays may share; one of another name where that has another
  /// length.
  mutating func dimension(
    _ name: String, _ extent: Int, otherwise other: String
  ) throws -> Dataset {
    if let known = known[name] {
      return known.extent == extent
        ? known.scale : try DimensionWithoutValues.write(other, extent, to: group)
    }
    let scale = try DimensionWithoutValues.write(name, extent, to: group)
    known[name] = (extent, scale)
    return scale
  }
}

/// A dimension that has a name and a length but no coordinates, as netCDF writes it.
enum DimensionWithoutValues {
  static func write(_ name: String, _ count: Int, to group: Group) throws -> Dataset {
    // Readers look for these words, with their full stop: without them it has coordinates, all 0.
    // No element is written, so that the dataset takes no room in the file.
    let dimension = try group.createDataset(
      name, shape: [count], of: .float32, storage: .contiguous)
    let digits = String(count)
    let padding = String(repeating: " ", count: max(0, 10 - digits.count))
    try dimension.makeScale(
      named: "This is a netCDF dimension but not a netCDF variable." + padding + digits)
    return dimension
  }
}
