import CHDF5
import Synchronization

/// HDF5 files: each is open for the length of a body that gets its root group.
///
/// The body's groups and datasets must not outlive it. Files are made in the earliest format that
/// can hold them, which every tool reads, and keep no times: equal contents give equal bytes.
///
/// libhdf5 never writes to a disk here. It makes a file in memory and the caller writes the bytes,
/// because libhdf5 1.10 crashes, at once or at the end of the process, when a disk turns out full.
public enum File {
  private static let pieceSize = 1 << 20

  /// Makes a file in memory and gives its bytes.
  ///
  /// - Parameters:
  ///   - name: what errors call the file.
  ///   - body: what is done with the root group.
  public static func image(
    named name: String, _ body: (Group) throws -> Void
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try image(named: name, body) { bytes += $0 }
    return bytes
  }

  /// Makes a file in memory and gives its bytes piece by piece.
  ///
  /// - Parameters:
  ///   - name: what errors call the file.
  ///   - body: what is done with the root group.
  ///   - consume: gets the pieces in their order, of 1 MiB but for the last.
  public static func image(
    named name: String, _ body: (Group) throws -> Void, consume: ([UInt8]) throws -> Void
  ) throws {
    let name = uniqueName(name)
    let access = try accessProperties(name)
    try checked("create file", name, keeping: access) {
      H5Pset_fapl_core(access.id, 16 << 20, false)
    }
    let open = { () throws(HDF5Error) in
      try checked("create file", name, keeping: access) {
        H5Fcreate(name, chdf5_truncate(), chdf5_default(), access.id)
      }
    }
    try within(name, open) { id in
      try body(try root(of: id, name))
      try checked("flush file", name) { H5Fflush(id, H5F_SCOPE_GLOBAL) }
      let size = try checked("take image", name) { H5Fget_file_image(id, nil, 0) }
      var memory: UnsafeMutableRawPointer?
      try checked("take image", name) { H5Fget_vfd_handle(id, chdf5_default(), &memory) }
      // The handle of a file in memory is the address of the address of its bytes.
      let image = UnsafeRawBufferPointer(
        start: memory?.load(as: UnsafeRawPointer?.self), count: size)
      for start in stride(from: 0, to: size, by: pieceSize) {
        try consume(Array(image[start..<min(start + pieceSize, size)]))
      }
    }
  }

  /// Opens a file for reading.
  public static func open<Result>(
    at path: String, _ body: (Group) throws -> Result
  ) throws -> Result {
    let access = try accessProperties(path)
    let open = { () throws(HDF5Error) in
      try checked("open file", path, keeping: access) {
        H5Fopen(path, chdf5_read_only(), access.id)
      }
    }
    return try within(path, open) { try body(try root(of: $0, path)) }
  }

  /// Opens the bytes of a file for reading.
  ///
  /// - Parameters:
  ///   - image: all bytes of the file.
  ///   - name: what errors call it.
  ///   - body: what is done with the root group.
  public static func open<Result>(
    image: [UInt8], named name: String, _ body: (Group) throws -> Result
  ) throws -> Result {
    let name = uniqueName(name)
    let access = try accessProperties(name)
    try checked("open image", name, keeping: access) {
      H5Pset_fapl_core(access.id, 1 << 16, false)
    }
    var bytes = image
    try checked("open image", name, keeping: access) {
      H5Pset_file_image(access.id, &bytes, bytes.count)
    }
    let open = { () throws(HDF5Error) in
      try checked("open image", name, keeping: access) {
        H5Fopen(name, chdf5_read_only(), access.id)
      }
    }
    return try within(name, open) { try body(try root(of: $0, name)) }
  }

  /// libhdf5 takes two open images of one name for one file.
  private static func uniqueName(_ name: String) -> String {
    "\(name) (image \(imageCount.wrappingAdd(1, ordering: .relaxed).newValue))"
  }

  private static let imageCount = Atomic(0)

  /// A file that still has open objects refuses to close: a leak shows at once.
  private static func accessProperties(_ path: String) throws(HDF5Error) -> Handle {
    let access = try Handle(.properties, "open file", path) { H5Pcreate(chdf5_file_access()) }
    try checked("open file", path, keeping: access) {
      H5Pset_fclose_degree(access.id, H5F_CLOSE_SEMI)
    }
    return access
  }

  private static func root(of id: hid_t, _ path: String) throws(HDF5Error) -> Group {
    Group(
      try Handle(.group, "open root", path) { H5Gopen2(id, "/", chdf5_default()) }, path: "/")
  }

  /// Opens a file, runs a body and closes the file; the body's error goes before that of closing.
  private static func within<Result>(
    _ path: String, _ open: () throws(HDF5Error) -> hid_t, _ body: (hid_t) throws -> Result
  ) throws -> Result {
    let id = try open()
    let result: Result
    do {
      result = try body(id)
    } catch {
      Library.exclusively { _ = H5Fclose(id) }
      throw error
    }
    try checked("close file", path) { H5Fclose(id) }
    return result
  }
}
