import HDF5

/// The attributes of an architecture beside its stacked arrays.
///
/// One that all trials of the stack share is an attribute of the group; one that differs (the
/// normalisation of each trial's own data, say) is a dataset with a row for each trial.
enum StackAttributes {
  static let names = "attribute_names"
  /// Attributes above this do not fit into an object header, which holds 64 KiB.
  private static let largestAttribute = 4096

  /// Writes the attributes of all trials of a stack.
  static func write(
    _ attributes: [[Attribute]], _ forms: [Stack.AttributeForm], to group: Group, scale: Dataset
  ) throws {
    try group.setAttribute(names, to: forms.map(\.name))
    for (index, form) in forms.enumerated() {
      let values = attributes.map { $0[index].value }
      if let first = values.first, (form.count ?? 1) <= largestAttribute,
        values.allSatisfy({ $0 == first })
      {
        try write(first, form.name, to: group)
      } else {
        try writeStacked(values, form, to: group, scale: scale)
      }
    }
  }

  private static func write(_ value: AttributeValue, _ name: String, to group: Group) throws {
    switch value {
    case .text(let text): try group.setAttribute(name, to: text)
    case .number(let number): try group.setAttribute(name, to: number)
    case .integer(let integer): try group.setAttribute(name, to: Int64(integer))
    case .boolean(let flag): try group.setAttribute(name, to: Int8(flag ? 1 : 0))
    case .texts(let texts): try group.setAttribute(name, to: texts)
    case .numbers(let numbers): try group.setAttribute(name, to: numbers)
    case .integers(let integers): try group.setAttribute(name, to: integers.map(Int64.init))
    }
  }

  private static func writeStacked(
    _ values: [AttributeValue], _ form: Stack.AttributeForm, to group: Group, scale: Dataset
  ) throws {
    let shape = [values.count] + (form.count.map { [$0] } ?? [])
    let dataset =
      switch form.kind {
      case .text: try group.write(values.flatMap(\.texts), shape: shape, to: form.name)
      case .number: try group.write(values.flatMap(\.numbers), shape: shape, to: form.name)
      case .integer:
        try group.write(values.flatMap(\.integers).map(Int64.init), shape: shape, to: form.name)
      case .boolean:
        try group.write(values.flatMap(\.integers).map(Int8.init), shape: shape, to: form.name)
      }
    if form.kind == .boolean { try dataset.setAttribute("dtype", to: "bool") }
    try dataset.attach(scale, toAxis: 0)
    if let count = form.count {
      let dimension = try DimensionWithoutValues.write("\(form.name).axis1", count, to: group)
      try dataset.attach(dimension, toAxis: 1)
    }
  }

  /// Reads the attributes of all trials of a stack.
  static func read(from group: Group, rowCount: Int) throws -> [[Attribute]] {
    var attributes = [[Attribute]](repeating: [], count: rowCount)
    guard try group.hasAttribute(names) else { return attributes }
    for name in try group.attribute(names, as: String.self) {
      if try group.hasAttribute(name) {
        let value = try read(name, of: group)
        for row in attributes.indices {
          attributes[row].append(Attribute(name, value))
        }
      } else {
        let values = try stacked(group.dataset(name), rowCount)
        for row in attributes.indices {
          attributes[row].append(Attribute(name, values[row]))
        }
      }
    }
    return attributes
  }

  /// Reads one attribute of any object.
  static func read(_ name: String, of holder: some AttributeHolder) throws -> AttributeValue {
    let (type, shape) = try holder.attributeForm(name)
    let isScalar = shape.isEmpty
    switch type {
    case .string:
      let texts = try holder.attribute(name, as: String.self)
      return isScalar ? .text(texts[0]) : .texts(texts)
    case .float32, .float64:
      let numbers = try holder.attribute(name, as: Double.self)
      return isScalar ? .number(numbers[0]) : .numbers(numbers)
    case .int8 where isScalar:
      return .boolean(try holder.attribute(name, as: Int8.self)[0] != 0)
    case .int8, .int32, .int64:
      let integers = try holder.attribute(name, as: Int64.self).map { Int($0) }
      return isScalar ? .integer(integers[0]) : .integers(integers)
    }
  }

  private static func stacked(_ dataset: Dataset, _ rowCount: Int) throws -> [AttributeValue] {
    guard let rows = dataset.shape.first, rows == rowCount else {
      throw LayoutError(path: dataset.path, reason: "not one row for each trial of the stack")
    }
    let isScalar = dataset.shape.count == 1
    switch dataset.elementType {
    case .string:
      let texts = try dataset.read(as: String.self)
      return isScalar ? texts.map { .text($0) } : cut(texts, rowCount).map { .texts($0) }
    case .float32, .float64:
      let numbers = try dataset.read(as: Double.self)
      return isScalar ? numbers.map { .number($0) } : cut(numbers, rowCount).map { .numbers($0) }
    case .int8:
      return try dataset.read(as: Int8.self).map { .boolean($0 != 0) }
    case .int32, .int64:
      let integers = try dataset.read(as: Int64.self).map { Int($0) }
      return isScalar
        ? integers.map { .integer($0) } : cut(integers, rowCount).map { .integers($0) }
    }
  }
}

/// Cuts a row-major array into its rows.
func cut<Element>(_ values: [Element], _ rowCount: Int) -> [[Element]] {
  let width = rowCount == 0 ? 0 : values.count / rowCount
  return (0..<rowCount).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
}

extension AttributeValue {
  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .texts(let texts): texts
    default: []
    }
  }

  fileprivate var numbers: [Double] {
    switch self {
    case .number(let number): [number]
    case .numbers(let numbers): numbers
    default: []
    }
  }

  fileprivate var integers: [Int] {
    switch self {
    case .integer(let integer): [integer]
    case .boolean(let flag): [flag ? 1 : 0]
    case .integers(let integers): integers
    default: []
    }
  }
}
