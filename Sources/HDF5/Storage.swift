import CHDF5

/// How a dataset's elements lie in the file.
public enum Storage: Sendable, Equatable {
  /// Chunked and filtered from 16 KiB on, contiguous below, and for strings (whose own bytes lie in
  /// a heap that no filter reaches).
  case automatic
  /// In one piece, unfiltered.
  case contiguous
  /// In chunks of the given shape: shuffled, deflated and each with a Fletcher checksum.
  case chunked([Int])
}

extension Storage {
  /// About the bytes of a chunk: small enough for libhdf5's cache of 1 MiB a dataset, large enough
  /// to compress.
  static let chunkBytes = 256 << 10
  private static let smallestChunked = 16 << 10
  /// Level 4 makes learned parameters 1 % smaller and takes twice the time.
  private static let deflateLevel: UInt32 = 1

  /// The chunks for a dataset, nil where it lies in one piece.
  func chunkShape(_ shape: [Int], _ type: ElementType) -> [Int]? {
    switch self {
    case .contiguous: nil
    case .chunked(let chunk): chunk
    case .automatic:
      type != .string && shape.reduce(type.byteCount, *) >= Self.smallestChunked
        ? Self.chunkShape(shape, elementBytes: type.byteCount) : nil
    }
  }

  /// Whole rows as far as they fit, then whole rows of a row, and so on.
  static func chunkShape(_ shape: [Int], elementBytes: Int) -> [Int] {
    var chunk = shape
    for axis in shape.indices {
      let rowBytes = shape[(axis + 1)...].reduce(elementBytes, *)
      chunk[axis] = max(1, min(shape[axis], chunkBytes / max(rowBytes, 1)))
      if rowBytes <= chunkBytes { break }
    }
    return chunk
  }

  /// The creation properties of a dataset.
  ///
  /// No times are kept, so that equal contents give equal bytes.
  func properties(
    _ shape: [Int], _ type: ElementType, path: String
  ) throws(HDF5Error) -> Handle {
    let properties = try Handle(.properties, "create dataset", path) {
      H5Pcreate(chdf5_dataset_create())
    }
    try checked("create dataset", path, keeping: properties) {
      H5Pset_obj_track_times(properties.id, false)
    }
    guard let chunk = chunkShape(shape, type) else { return properties }
    let extents = chunk.map(hsize_t.init)
    try checked("chunk dataset", path, keeping: properties) {
      H5Pset_chunk(properties.id, Int32(extents.count), extents)
    }
    try checked("filter dataset", path, keeping: properties) { H5Pset_shuffle(properties.id) }
    if try checked("filter dataset", path, call: { H5Zfilter_avail(chdf5_deflate()) }) > 0 {
      try checked("filter dataset", path, keeping: properties) {
        H5Pset_deflate(properties.id, Self.deflateLevel)
      }
    }
    try checked("filter dataset", path, keeping: properties) { H5Pset_fletcher32(properties.id) }
    return properties
  }
}
