import CHDF5

/// The extent of a dataset or an attribute, or a selection of it.
struct Dataspace {
  let handle: Handle
  let shape: [Int]

  /// The space of an array; the empty shape is a scalar.
  init(shape: [Int]) throws(HDF5Error) {
    self.shape = shape
    let extents = shape.map(hsize_t.init)
    handle = try Handle(.space, "make space", "\(shape)") {
      shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), extents, nil)
    }
  }

  /// Takes over a space that libhdf5 just gave out.
  init(_ handle: Handle, path: String) throws(HDF5Error) {
    let rank = try checked("read shape", path, keeping: handle) {
      H5Sget_simple_extent_ndims(handle.id)
    }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    if rank > 0 {
      try checked("read shape", path, keeping: handle) {
        H5Sget_simple_extent_dims(handle.id, &extents, nil)
      }
    }
    self.handle = handle
    shape = try Self.countable(extents, path: path)
  }

  /// The extents as numbers whose product, in bytes of the widest element, can be counted.
  private static func countable(
    _ extents: [hsize_t], path: String
  ) throws(HDF5Error) -> [Int] {
    var bytes: UInt64 = 16
    for extent in extents {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow, product <= UInt64(Int.max) else {
        throw HDF5Error(
          operation: "read shape", path: path,
          summary: "the extents \(extents) have more elements than can be counted")
      }
      bytes = product
    }
    return extents.map { Int($0) }
  }

  var count: Int { shape.reduce(1, *) }

  /// Selects some rows: indices of the first axis, all of the others.
  func select(rows: Range<Int>, path: String) throws(HDF5Error) {
    let start = [hsize_t(rows.lowerBound)] + shape.dropFirst().map { _ in 0 }
    let extents = [hsize_t(rows.count)] + shape.dropFirst().map(hsize_t.init)
    try checked("select rows \(rows)", path, keeping: handle) {
      H5Sselect_hyperslab(handle.id, H5S_SELECT_SET, start, nil, extents, nil)
    }
  }
}
