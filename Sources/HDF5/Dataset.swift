import CHDF5

/// An array in a file.
public struct Dataset: AttributeHolder {
  /// The path inside the file.
  public let path: String
  /// The extents, row-major; empty for a scalar.
  public let shape: [Int]
  /// What the elements are.
  public let elementType: ElementType
  /// The open dataset.
  public let identity: ObjectIdentity

  /// Takes over a dataset that libhdf5 just opened or created.
  init(_ handle: Handle, path: String) throws(HDF5Error) {
    let type = try Handle(.type, "open dataset", path) { H5Dget_type(handle.id) }
    let space = try Handle(.space, "open dataset", path) { H5Dget_space(handle.id) }
    self.path = path
    shape = try Dataspace(space, path: path).shape
    elementType = try ElementType(of: type, path: path)
    identity = ObjectIdentity(handle)
  }

  /// Bytes that the file keeps for the elements, compressed where they are; 0 where none was written.
  public var storedByteCount: Int {
    Int(clamping: Library.exclusively { H5Dget_storage_size(identity.id) })
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

extension Dataset {
  /// All elements, row-major, converted to the asked type where libhdf5 can.
  public func read<Scalar: HDF5Scalar>(
    as type: Scalar.Type = Scalar.self
  ) throws(HDF5Error) -> [Scalar] {
    let space = try Dataspace(shape: shape)
    return try read(memory: space, file: space)
  }

  /// The elements of some rows, indices of the first axis.
  ///
  /// - Precondition: the dataset has rows, and these are among them.
  public func read<Scalar: HDF5Scalar>(
    rows: Range<Int>, as type: Scalar.Type = Scalar.self
  ) throws(HDF5Error) -> [Scalar] {
    let (memory, file) = try spaces(rows: rows)
    return try read(memory: memory, file: file)
  }

  /// Writes all elements, row-major.
  ///
  /// - Precondition: as many values as the dataset has elements.
  public func write<Scalar: HDF5Scalar>(_ values: [Scalar]) throws(HDF5Error) {
    let space = try Dataspace(shape: shape)
    try write(values, memory: space, file: space)
  }

  /// Writes the elements of some rows, indices of the first axis.
  ///
  /// - Precondition: the dataset has these rows, and there are as many values as they hold.
  public func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], rows: Range<Int>
  ) throws(HDF5Error) {
    let (memory, file) = try spaces(rows: rows)
    try write(values, memory: memory, file: file)
  }

  /// The selection of some rows, and the shape that they have in memory.
  private func spaces(
    rows: Range<Int>
  ) throws(HDF5Error) -> (memory: Dataspace, file: Dataspace) {
    precondition(
      !shape.isEmpty && rows.upperBound <= shape[0], "\(path): rows \(rows) of shape \(shape)")
    let file = try Dataspace(shape: shape)
    try file.select(rows: rows, path: path)
    return (try Dataspace(shape: [rows.count] + shape.dropFirst()), file)
  }

  private func read<Scalar: HDF5Scalar>(
    memory: Dataspace, file: Dataspace
  ) throws(HDF5Error) -> [Scalar] {
    let type = try Scalar.elementType.memoryType()
    return try Scalar.makeElements(count: memory.count) { address throws(HDF5Error) in
      guard memory.count > 0 else { return }
      try checked("read", path, keeping: type, memory.handle, file.handle) {
        H5Dread(
          identity.id, type.id, memory.handle.id, file.handle.id, chdf5_default(), address)
      }
    }
  }

  private func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], memory: Dataspace, file: Dataspace
  ) throws(HDF5Error) {
    precondition(
      values.count == memory.count,
      "\(path): \(values.count) values where \(memory.shape) are written")
    guard !values.isEmpty else { return }
    let type = try Scalar.elementType.memoryType()
    try Scalar.withElements(of: values) { address throws(HDF5Error) in
      try checked("write", path, keeping: type, memory.handle, file.handle) {
        H5Dwrite(
          identity.id, type.id, memory.handle.id, file.handle.id, chdf5_default(), address)
      }
    }
  }
}
