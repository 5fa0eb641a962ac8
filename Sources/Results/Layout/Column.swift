import HDF5

/// One column of a table: a value for each row.
struct Column {
  enum Values {
    case text([String])
    case number([Double])
    case integer([Int])
    case boolean([Bool])
  }

  var name: String
  var values: Values
  var unit = ""
  var longName = ""
  /// Further attributes of the dataset, for the reader of ours.
  var marks: [(name: String, value: String)] = []

  /// Writes the column with its attributes and names its only axis.
  func write(to group: Group, scale: Dataset? = nil) throws {
    let dataset =
      switch values {
      case .text(let values): try group.write(values, to: name)
      case .number(let values): try group.write(values, to: name)
      case .integer(let values): try Self.write(values, shape: [values.count], to: name, in: group)
      case .boolean(let values): try group.write(values.map { $0 ? 1 : 0 } as [Int8], to: name)
      }
    try describe(dataset)
    if let scale { try dataset.attach(scale, toAxis: 0) }
  }

  /// Writes whole numbers in 32 bits where they fit, which every reader has a type for.
  @discardableResult
  static func write(
    _ values: [Int], shape: [Int], to name: String, in group: Group
  ) throws -> Dataset {
    let narrow = values.compactMap(Int32.init(exactly:))
    return narrow.count == values.count
      ? try group.write(narrow, shape: shape, to: name)
      : try group.write(values.map(Int64.init), shape: shape, to: name)
  }

  private func describe(_ dataset: Dataset) throws {
    if case .boolean = values { try dataset.setAttribute("dtype", to: "bool") }
    if !unit.isEmpty { try dataset.setAttribute("units", to: unit) }
    if !longName.isEmpty { try dataset.setAttribute("long_name", to: longName) }
    for mark in marks {
      try dataset.setAttribute(mark.name, to: mark.value)
    }
  }
}
