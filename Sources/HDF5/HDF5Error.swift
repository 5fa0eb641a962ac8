/// A call of libhdf5 that failed, with the two ends of the library's error stack.
public struct HDF5Error: Error, Equatable, Sendable {
  /// What was being done: "open file".
  public let operation: String
  /// The file, or the object inside a file, that it was done to.
  public let path: String
  /// What failed, in the words of the called function.
  public let summary: String
  /// Why it failed, in the words of the innermost function.
  public let cause: String

  /// - Parameters:
  ///   - operation: what was being done.
  ///   - path: what it was done to.
  ///   - summary: what failed.
  ///   - cause: why it failed; the summary where nothing deeper is known.
  public init(operation: String, path: String, summary: String, cause: String? = nil) {
    self.operation = operation
    self.path = path
    self.summary = summary
    self.cause = cause ?? summary
  }
}

extension HDF5Error {
  /// The error number of the operating system that the innermost function reported, if any.
  public var systemErrorNumber: Int32? {
    guard let range = cause.firstRange(of: "errno = ") else { return nil }
    return Int32(cause[range.upperBound...].prefix { $0.isNumber })
  }
}

extension HDF5Error: CustomStringConvertible {
  /// One line: the operation, the path and both ends of the stack.
  public var description: String {
    cause == summary
      ? "\(operation) \(path): \(summary)" : "\(operation) \(path): \(summary): \(cause)"
  }
}
