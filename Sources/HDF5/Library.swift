import CHDF5
import Glibc

/// libhdf5 as a whole: the one lock around it, its error stack, its version.
///
/// Each call of libhdf5 in this module, closes included, happens inside ``exclusively(_:)``. The
/// library may have been built without thread safety, and its high-level part never has it.
public enum Library {
  /// The version that is running, as "1.10.8".
  public static var version: String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    exclusively { _ = H5get_libversion(&major, &minor, &release) }
    return "\(major).\(minor).\(release)"
  }

  /// How many files, groups, datasets, types and attributes are open in the process.
  ///
  /// Zero when nothing holds a value of this module: a test's proof that nothing leaks.
  public static var openObjectCount: Int {
    exclusively { H5Fget_obj_count(chdf5_any_file(), chdf5_open_everywhere()) }
  }

  /// Runs a body that calls libhdf5, alone in the process.
  ///
  /// The lock is recursive, so that a value whose last reference dies inside may close itself.
  static func exclusively<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.enter()
    defer { lock.leave() }
    // A thread-safe build keeps one error stack, and one printing flag, for each thread.
    H5Eset_auto2(chdf5_error_stack(), nil, nil)
    return try body()
  }

  private static let lock = RecursiveLock()
}

/// A lock that its owner may take again.
///
/// Unchecked, because the compiler cannot see that a POSIX mutex is made for several threads; its
/// address is fixed for the life of the process.
private final class RecursiveLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    pthread_mutex_init(mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
  }

  func enter() {
    pthread_mutex_lock(mutex)
  }

  func leave() {
    pthread_mutex_unlock(mutex)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }
}

/// Calls libhdf5 and throws the error stack if the result is negative.
///
/// - Parameters:
///   - operation: what is being done, for the error.
///   - path: what it is done to, for the error.
///   - handles: what the call uses and must stay open until it returns; a caller's own handles
///     could otherwise be closed as soon as their identifiers are read.
///   - call: one call of libhdf5, negative on failure.
/// - Returns: the call's result, zero or more.
@discardableResult
func checked<Code: SignedInteger>(
  _ operation: String, _ path: String, keeping handles: Handle..., call: () -> Code
) throws(HDF5Error) -> Code {
  try Library.exclusively { () throws(HDF5Error) -> Code in
    let code = withExtendedLifetime(handles) { call() }
    guard code < 0 else { return code }
    throw takeError(operation, path)
  }
}

/// The error stack of this thread as a value; the stack is empty afterwards.
private func takeError(_ operation: String, _ path: String) -> HDF5Error {
  var descriptions: [String] = []
  withUnsafeMutablePointer(to: &descriptions) { collected in
    _ = H5Ewalk2(
      chdf5_error_stack(), H5E_WALK_DOWNWARD,
      { _, entry, context in
        guard let entry, let context else { return 0 }
        let text = entry.pointee.desc.map { String(cString: $0) } ?? ""
        context.assumingMemoryBound(to: [String].self).pointee.append(text)
        return 0
      }, collected)
  }
  H5Eclear2(chdf5_error_stack())
  return HDF5Error(
    operation: operation, path: path,
    summary: descriptions.first ?? "the library gave no reason", cause: descriptions.last)
}
