import CHDF5

/// A dataset that any program may have written, to be read as numbers.
public struct ForeignDataset {
  /// What the elements are, as far as that decides whether they are numbers.
  public enum Elements: String, Sendable, Hashable {
    /// Whole numbers, truth values or numbers of any precision, in either byte order.
    case numbers
    /// Text, of a fixed or any length.
    case strings
    /// Records of named fields.
    case compounds
    /// Lists of any length.
    case lists = "lists of any length"
    /// Anything else.
    case others = "elements of another kind"
  }

  /// The path inside the file.
  public let path: String
  /// The extents, row-major; empty for a scalar.
  public let shape: [Int]
  /// What the elements are.
  public let elements: Elements
  /// The filters that the elements are packed with and that libhdf5 lacks here, by their names.
  public let missingFilters: [String]
  private let handle: Handle

  /// Takes over a dataset that libhdf5 just opened.
  init(_ handle: Handle, path: String) throws(HDF5Error) {
    let type = try Handle(.type, "open dataset", path) { H5Dget_type(handle.id) }
    let space = try Handle(.space, "open dataset", path) { H5Dget_space(handle.id) }
    self.path = path
    self.handle = handle
    shape = try Dataspace(space, path: path).shape
    elements =
      switch Library.exclusively({ withExtendedLifetime(type) { H5Tget_class(type.id) } }) {
      case H5T_INTEGER, H5T_FLOAT, H5T_ENUM: .numbers
      case H5T_STRING: .strings
      case H5T_COMPOUND: .compounds
      case H5T_VLEN: .lists
      default: .others
      }
    missingFilters = try Self.missingFilters(of: handle, path)
  }

  /// Bytes that the file keeps for the elements, compressed where they are; 0 where none was written.
  public var storedByteCount: Int {
    Int(clamping: Library.exclusively { H5Dget_storage_size(handle.id) })
  }

  /// All elements, row-major.
  ///
  /// - Throws: ``HDF5Error`` where they are no numbers, or a filter is missing.
  public func numbers() throws(HDF5Error) -> [Double] {
    let memory = try Dataspace(shape: shape)
    let type = try ElementType.float64.memoryType()
    return try Double.makeElements(count: memory.count) { address throws(HDF5Error) in
      guard memory.count > 0 else { return }
      try checked("read", path, keeping: handle, type, memory.handle) {
        H5Dread(
          handle.id, type.id, memory.handle.id, memory.handle.id, chdf5_default(), address)
      }
    }
  }

  private static func missingFilters(
    of dataset: Handle, _ path: String
  ) throws(HDF5Error) -> [String] {
    let properties = try Handle(.properties, "open dataset", path, keeping: dataset) {
      H5Dget_create_plist(dataset.id)
    }
    let count = try checked("list filters", path, keeping: properties) {
      H5Pget_nfilters(properties.id)
    }
    var missing: [String] = []
    for index in 0..<UInt32(count) {
      var (flags, valueCount, configuration): (UInt32, Int, UInt32) = (0, 0, 0)
      var name = [CChar](repeating: 0, count: 257)
      let filter = try checked("list filters", path, keeping: properties) {
        H5Pget_filter2(
          properties.id, index, &flags, &valueCount, nil, name.count - 1, &name, &configuration)
      }
      let isThere = try checked("look for filter", path) { H5Zfilter_avail(filter) } > 0
      guard !isThere else { continue }
      let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      missing.append(
        bytes.isEmpty ? "filter \(filter)" : String(decoding: bytes, as: UTF8.self))
    }
    return missing
  }
}
