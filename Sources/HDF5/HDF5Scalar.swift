/// A Swift type whose arrays go to files and come back as they are.
public protocol HDF5Scalar: Sendable {
  /// What the elements are in a file.
  static var elementType: ElementType { get }

  /// Lends the elements in the form that libhdf5 takes them.
  static func withElements(
    of values: [Self], _ body: (UnsafeRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error)

  /// Makes an array of the elements that libhdf5 puts at an address.
  static func makeElements(
    count: Int, _ body: (UnsafeMutableRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) -> [Self]
}

extension Float: HDF5Scalar {
  /// Single precision.
  public static var elementType: ElementType { .float32 }
}

extension Double: HDF5Scalar {
  /// Double precision.
  public static var elementType: ElementType { .float64 }
}

extension Int8: HDF5Scalar {
  /// 8 bits, signed.
  public static var elementType: ElementType { .int8 }
}

extension Int32: HDF5Scalar {
  /// 32 bits, signed.
  public static var elementType: ElementType { .int32 }
}

extension Int64: HDF5Scalar {
  /// 64 bits, signed.
  public static var elementType: ElementType { .int64 }
}

extension HDF5Scalar where Self: BitwiseCopyable & ExpressibleByIntegerLiteral {
  /// Lends the array's own memory.
  public static func withElements(
    of values: [Self], _ body: (UnsafeRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) {
    let lent = values.isEmpty ? [0] : values  // libhdf5 wants an address even for no elements
    try lent.withUnsafeBufferPointer { buffer throws(HDF5Error) in
      guard let address = buffer.baseAddress else {
        throw HDF5Error(operation: "write", path: "memory", summary: "an array has no address")
      }
      try body(UnsafeRawPointer(address))
    }
  }

  /// Makes an array and lends its memory to be filled.
  public static func makeElements(
    count: Int, _ body: (UnsafeMutableRawPointer) throws(HDF5Error) -> Void
  ) throws(HDF5Error) -> [Self] {
    var values = [Self](repeating: 0, count: max(count, 1))
    try values.withUnsafeMutableBufferPointer { buffer throws(HDF5Error) in
      guard let address = buffer.baseAddress else {
        throw HDF5Error(operation: "read", path: "memory", summary: "an array has no address")
      }
      try body(UnsafeMutableRawPointer(address))
    }
    if count == 0 { values.removeAll() }
    return values
  }
}
