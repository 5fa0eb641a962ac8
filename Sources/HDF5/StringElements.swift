import CHDF5

/// Strings are variable-length UTF-8 in a file and addresses of zero-terminated text in memory.
extension String: HDF5Scalar {
  /// Variable-length UTF-8.
  public static var elementType: ElementType { .string }

  /// Lends the addresses of one zero-terminated text for each string.
  ///
  /// - Throws: ``HDF5Error`` for a string with a NUL character, which would end it early.
  public static func withElements(
    of values: [String], _ body: (UnsafeRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    var text: [UInt8] = []
    var ends: [Int] = []
    for value in values {
      text.append(contentsOf: value.utf8)
      text.append(0)
      ends.append(text.count)
    }
    guard text.count(where: { $0 == 0 }) == values.count else {
      throw HDF5Error(operation: "write", path: "text", summary: "a text holds a NUL character")
    }
    let characters = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count + 1)
    let addresses = UnsafeMutablePointer<UnsafePointer<UInt8>?>.allocate(
      capacity: values.count + 1)
    defer {
      characters.deallocate()
      addresses.deallocate()
    }
    text.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      characters.initialize(from: first, count: buffer.count)
    }
    addresses.initialize(to: nil)
    for index in values.indices {
      let start = index == 0 ? 0 : ends[index - 1]
      (addresses + index).initialize(to: UnsafePointer(characters + start))
    }
    try body(UnsafeRawPointer(addresses))
  }

  /// Makes strings of the texts whose addresses libhdf5 gives, and gives their memory back to it.
  public static func makeElements(
    count: Int, _ body: (UnsafeMutableRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) -> [String] {
    let addresses = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: count + 1)
    addresses.initialize(repeating: nil, count: count + 1)
    defer { addresses.deallocate() }
    try body(UnsafeMutableRawPointer(addresses))
    // libhdf5 may write an empty text as no text at all.
    let values = (0..<count).map { index in
      addresses[index].map { String(cString: $0) } ?? ""
    }
    if count > 0 {
      let type = try ElementType.string.memoryType()
      let space = try Dataspace(shape: [count])
      try checked("free", "text", keeping: type, space.handle) {
        H5Dvlen_reclaim(type.id, space.handle.id, chdf5_default(), addresses)
      }
    }
    return values
  }
}
