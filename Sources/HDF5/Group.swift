import CHDF5

/// A folder of a file: groups and datasets by name.
public struct Group: AttributeHolder {
  /// The path inside the file.
  public let path: String
  /// The open group.
  public let identity: ObjectIdentity

  /// Takes over a group that libhdf5 just opened or created.
  init(_ handle: Handle, path: String) {
    self.path = path
    identity = ObjectIdentity(handle)
  }

  private func path(to name: String) -> String {
    path.hasSuffix("/") ? path + name : path + "/" + name
  }
}

extension Group {
  /// The names of all members, sorted.
  public func members() throws(HDF5Error) -> [String] {
    var info = H5G_info_t()
    try checked("list", path) { H5Gget_info(identity.id, &info) }
    var names: [String] = []
    for index in 0..<info.nlinks {
      let length = try memberName(at: index, nil, 0)
      var name = [CChar](repeating: 0, count: length + 1)
      _ = try memberName(at: index, &name, name.count)
      names.append(
        String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    return names
  }

  private func memberName(
    at index: hsize_t, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
  ) throws(HDF5Error) -> Int {
    try checked("list", path) {
      H5Lget_name_by_idx(
        identity.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, chdf5_default())
    }
  }

  /// Whether there is a member of that name.
  public func contains(_ name: String) throws(HDF5Error) -> Bool {
    try checked("look for \(name)", path) {
      H5Lexists(identity.id, name, chdf5_default())
    } > 0
  }

  /// Whether the member of that name is a group.
  public func isGroup(_ name: String) throws(HDF5Error) -> Bool {
    let path = path(to: name)
    let object = try Handle(.object, "open", path) {
      H5Oopen(identity.id, name, chdf5_default())
    }
    return Library.exclusively { withExtendedLifetime(object) { H5Iget_type(object.id) } }
      == H5I_GROUP
  }

  /// Opens a dataset of this group that any program may have written.
  public func foreignDataset(_ name: String) throws(HDF5Error) -> ForeignDataset {
    let path = path(to: name)
    return try ForeignDataset(
      Handle(.dataset, "open dataset", path) { H5Dopen2(identity.id, name, chdf5_default()) },
      path: path)
  }

  /// Opens a group of this group.
  public func group(_ name: String) throws(HDF5Error) -> Group {
    let path = path(to: name)
    return Group(
      try Handle(.group, "open group", path) { H5Gopen2(identity.id, name, chdf5_default()) },
      path: path)
  }

  /// Makes a group in this group.
  public func createGroup(_ name: String) throws(HDF5Error) -> Group {
    let path = path(to: name)
    let properties = try Handle(.properties, "create group", path) {
      H5Pcreate(chdf5_group_create())
    }
    try checked("create group", path, keeping: properties) {
      H5Pset_obj_track_times(properties.id, false)
    }
    return Group(
      try Handle(.group, "create group", path, keeping: properties) {
        H5Gcreate2(identity.id, name, chdf5_default(), properties.id, chdf5_default())
      }, path: path)
  }

  /// Opens a dataset of this group.
  public func dataset(_ name: String) throws(HDF5Error) -> Dataset {
    let path = path(to: name)
    return try Dataset(
      Handle(.dataset, "open dataset", path) { H5Dopen2(identity.id, name, chdf5_default()) },
      path: path)
  }

  /// Makes a dataset in this group, its elements zero until written.
  ///
  /// - Parameters:
  ///   - name: the member's name.
  ///   - shape: the extents, row-major; empty for a scalar.
  ///   - type: what the elements are.
  ///   - storage: how they lie in the file.
  public func createDataset(
    _ name: String, shape: [Int], of type: ElementType, storage: Storage = .automatic
  ) throws(HDF5Error) -> Dataset {
    let path = path(to: name)
    let fileType = try type.fileType()
    let space = try Dataspace(shape: shape)
    let properties = try storage.properties(shape, type, path: path)
    return try Dataset(
      Handle(
        .dataset, "create dataset", path, keeping: fileType, space.handle, properties
      ) {
        H5Dcreate2(
          identity.id, name, fileType.id, space.handle.id, chdf5_default(), properties.id,
          chdf5_default())
      }, path: path)
  }

  /// Makes a dataset of the given elements.
  ///
  /// - Precondition: as many values as the shape holds.
  @discardableResult
  public func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], shape: [Int], to name: String, storage: Storage = .automatic
  ) throws(HDF5Error) -> Dataset {
    let dataset = try createDataset(
      name, shape: shape, of: Scalar.elementType, storage: storage)
    try dataset.write(values)
    return dataset
  }

  /// Makes a one-dimensional dataset.
  @discardableResult
  public func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], to name: String, storage: Storage = .automatic
  ) throws(HDF5Error) -> Dataset {
    try write(values, shape: [values.count], to: name, storage: storage)
  }

  /// Makes a scalar dataset.
  @discardableResult
  public func write<Scalar: HDF5Scalar>(
    _ value: Scalar, to name: String
  ) throws(HDF5Error) -> Dataset {
    try write([value], shape: [], to: name)
  }
}
