import CHDF5

/// The types of element that files of ours hold.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float32, float64, int8, int32, int64
  /// Variable-length UTF-8.
  case string
}

extension ElementType {
  /// Bytes of one element in a dataset; a string's own bytes lie in a heap of the file.
  var byteCount: Int {
    switch self {
    case .int8: 1
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .string: 16
    }
  }

  /// The type as a file keeps it: little-endian on every machine.
  func fileType() throws(HDF5Error) -> Handle {
    switch self {
    case .float32: try copy(chdf5_file_float())
    case .float64: try copy(chdf5_file_double())
    case .int8: try copy(chdf5_file_int8())
    case .int32: try copy(chdf5_file_int32())
    case .int64: try copy(chdf5_file_int64())
    case .string: try stringType()
    }
  }

  /// The type as this machine's memory keeps it.
  func memoryType() throws(HDF5Error) -> Handle {
    switch self {
    case .float32: try copy(chdf5_native_float())
    case .float64: try copy(chdf5_native_double())
    case .int8: try copy(chdf5_native_int8())
    case .int32: try copy(chdf5_native_int32())
    case .int64: try copy(chdf5_native_int64())
    case .string: try stringType()
    }
  }

  /// The type among ours that a type of a file is.
  ///
  /// - Throws: ``HDF5Error`` for a type that files of ours never hold.
  init(of type: Handle, path: String) throws(HDF5Error) {
    let (kind, size, isVariable) = Library.exclusively {
      (H5Tget_class(type.id), H5Tget_size(type.id), H5Tis_variable_str(type.id))
    }
    switch (kind, size) {
    case (H5T_FLOAT, 4): self = .float32
    case (H5T_FLOAT, 8): self = .float64
    case (H5T_INTEGER, 1): self = .int8
    case (H5T_INTEGER, 4): self = .int32
    case (H5T_INTEGER, 8): self = .int64
    case (H5T_STRING, _) where isVariable > 0: self = .string
    default:
      throw HDF5Error(
        operation: "read", path: path,
        summary: "type class \(kind.rawValue) of \(size) bytes is none that this module reads")
    }
  }

  private func copy(_ type: hid_t) throws(HDF5Error) -> Handle {
    try Handle(.type, "copy type", rawValue) { H5Tcopy(type) }
  }

  private func stringType() throws(HDF5Error) -> Handle {
    let type = try copy(chdf5_c_string())
    try checked("make type", rawValue, keeping: type) {
      H5Tset_size(type.id, chdf5_variable_length())
    }
    try checked("make type", rawValue, keeping: type) {
      H5Tset_cset(type.id, H5T_CSET_UTF8)
    }
    return type
  }
}
