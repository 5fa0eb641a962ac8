import HDF5

extension StackGroup {
  /// What a file says about a trial's arrays without their numbers.
  struct Member {
    var place: RecordRow.StackPlace
    var forms: [ArrayForm]
    var attributes: [Attribute]
  }

  /// The trials that have arrays in a file, by identity.
  func members(in root: Group) throws -> [String: Member] {
    guard try root.contains(name) else { return [:] }
    let group = try root.group(name)
    var members: [String: Member] = [:]
    for name in try group.attribute("stacks", as: String.self) {
      let stack = try group.group(name)
      let ids = try stack.dataset(Layout.id).read(as: String.self)
      let forms = try stack.attribute("array_names", as: String.self).map { array in
        let dataset = try stack.dataset(array)
        guard dataset.shape.first == ids.count else {
          throw LayoutError(path: dataset.path, reason: "not one row for each trial of the stack")
        }
        return ArrayForm(
          name: array, shape: Array(dataset.shape.dropFirst()), type: dataset.elementType)
      }
      let attributes = try StackAttributes.read(from: stack, rowCount: ids.count)
      for (row, id) in ids.enumerated() {
        members[id] = Member(
          place: .init(stack: name, row: row), forms: forms, attributes: attributes[row])
      }
    }
    return members
  }

  /// Reads the arrays of some rows; none for a row that has no place.
  func arrays(of places: [RecordRow.StackPlace?], in root: Group) throws -> [[NamedArray]] {
    var arrays = [[NamedArray]](repeating: [], count: places.count)
    var members: [String: [Int]] = [:]
    for (index, place) in places.enumerated() {
      if let place { members[place.stack, default: []].append(index) }
    }
    for stack in members.keys.sorted() {
      let indices = (members[stack] ?? []).sorted {
        (places[$0]?.row ?? 0) < (places[$1]?.row ?? 0)
      }
      let read = try Self.arrays(
        indices.compactMap { places[$0]?.row }, of: root.group(name).group(stack))
      for (index, values) in zip(indices, read) {
        arrays[index] = values
      }
    }
    return arrays
  }

  /// Reads the arrays of some rows of one stack, ascending.
  private static func arrays(_ rows: [Int], of stack: Group) throws -> [[NamedArray]] {
    var arrays = [[NamedArray]](repeating: [], count: rows.count)
    for name in try stack.attribute("array_names", as: String.self) {
      let dataset = try stack.dataset(name)
      let shape = Array(dataset.shape.dropFirst())
      let rowBytes = ArrayForm(name: name, shape: shape, type: dataset.elementType).byteCount
      var next = 0
      for run in contiguousRuns(rows, atMost: max(1, batchBytes / max(rowBytes, 1))) {
        for values in try values(run, of: dataset) {
          arrays[next].append(NamedArray(name, shape: shape, values: values))
          next += 1
        }
      }
    }
    return arrays
  }

  private static func values(
    _ rows: Range<Int>, of dataset: Dataset
  ) throws -> [NamedArray.Values] {
    if dataset.elementType == .float32 {
      return cut(try dataset.read(rows: rows, as: Float.self), rows.count).map { .float32($0) }
    }
    return cut(try dataset.read(rows: rows, as: Double.self), rows.count).map { .float64($0) }
  }
}
