import CHDF5

/// A file object that carries attributes: a group or a dataset.
public protocol AttributeHolder {
  /// The object's path inside its file.
  var path: String { get }
  /// The object as libhdf5 knows it.
  var identity: ObjectIdentity { get }
}

/// An open object of a file; opaque outside this module.
public struct ObjectIdentity {
  let handle: Handle

  init(_ handle: Handle) {
    self.handle = handle
  }

  var id: hid_t { handle.id }
}

extension AttributeHolder {
  /// Writes a scalar attribute.
  public func setAttribute<Scalar: HDF5Scalar>(
    _ name: String, to value: Scalar
  ) throws(HDF5Error) {
    try write([value], shape: [], name)
  }

  /// Writes a one-dimensional attribute, of at most 64 KiB.
  public func setAttribute<Scalar: HDF5Scalar>(
    _ name: String, to values: [Scalar]
  ) throws(HDF5Error) {
    try write(values, shape: [values.count], name)
  }

  /// The names of all attributes, sorted.
  public func attributeNames() throws(HDF5Error) -> [String] {
    var names: [String] = []
    try withUnsafeMutablePointer(to: &names) { collected throws(HDF5Error) in
      var position: hsize_t = 0
      try checked("list attributes", path) {
        H5Aiterate2(
          identity.id, H5_INDEX_NAME, H5_ITER_INC, &position,
          { _, name, _, context in
            guard let name, let context else { return -1 }
            let names = context.assumingMemoryBound(to: [String].self)
            names.pointee.append(String(cString: name))
            return 0
          }, collected)
      }
    }
    return names
  }

  /// Whether there is an attribute of that name.
  public func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
    try checked("look for attribute \(name)", path) { H5Aexists(identity.id, name) } > 0
  }

  /// The type and shape of an attribute; a scalar's shape is empty.
  public func attributeForm(
    _ name: String
  ) throws(HDF5Error) -> (type: ElementType, shape: [Int]) {
    let attribute = try open(name)
    let (type, space) = try form(attribute, name)
    return (type, space.shape)
  }

  /// An attribute's elements, converted to the asked type where libhdf5 can.
  public func attribute<Scalar: HDF5Scalar>(
    _ name: String, as type: Scalar.Type = Scalar.self
  ) throws(HDF5Error) -> [Scalar] {
    let attribute = try open(name)
    let (_, space) = try form(attribute, name)
    let memoryType = try Scalar.elementType.memoryType()
    return try Scalar.makeElements(count: space.count) { address throws(HDF5Error) in
      guard space.count > 0 else { return }
      try checked("read attribute \(name)", path, keeping: attribute, memoryType) {
        H5Aread(attribute.id, memoryType.id, address)
      }
    }
  }

  /// A scalar attribute, nil where the object has none of that name.
  public func scalarAttribute<Scalar: HDF5Scalar>(
    _ name: String, as type: Scalar.Type = Scalar.self
  ) throws(HDF5Error) -> Scalar? {
    try hasAttribute(name) ? try attribute(name, as: type).first : nil
  }

  private func open(_ name: String) throws(HDF5Error) -> Handle {
    try Handle(.attribute, "open attribute \(name)", path) {
      H5Aopen(identity.id, name, chdf5_default())
    }
  }

  private func form(
    _ attribute: Handle, _ name: String
  ) throws(HDF5Error) -> (ElementType, Dataspace) {
    let operation = "read attribute \(name)"
    let type = try Handle(.type, operation, path) { H5Aget_type(attribute.id) }
    let space = try Handle(.space, operation, path) { H5Aget_space(attribute.id) }
    return (try ElementType(of: type, path: path), try Dataspace(space, path: path))
  }

  private func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], shape: [Int], _ name: String
  ) throws(HDF5Error) {
    let operation = "write attribute \(name)"
    let fileType = try Scalar.elementType.fileType()
    let memoryType = try Scalar.elementType.memoryType()
    let space = try Dataspace(shape: shape)
    let attribute = try Handle(
      .attribute, operation, path, keeping: fileType, space.handle
    ) {
      H5Acreate2(
        identity.id, name, fileType.id, space.handle.id, chdf5_default(), chdf5_default())
    }
    guard !values.isEmpty else { return }
    try Scalar.withElements(of: values) { address throws(HDF5Error) in
      try checked(operation, path, keeping: attribute, memoryType) {
        H5Awrite(attribute.id, memoryType.id, address)
      }
    }
  }
}
