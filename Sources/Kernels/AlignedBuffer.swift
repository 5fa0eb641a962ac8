#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can go wrong in this module without being a mistake of the caller.
public enum KernelError: Error, Equatable, Sendable {
  /// The system refused this many bytes; use fewer jobs, a smaller batch or a smaller model.
  case outOfMemory(bytes: Int)
}

/// Memory for `count` scalars on a 64-byte boundary (one cache line, one AVX-512 register).
///
/// Unlike an array, it reports a refused allocation as an error instead of ending the process.
/// The elements are zero at first. The memory is freed with the object: whoever uses the address
/// keeps the object.
public final class AlignedBuffer<Scalar: BitwiseCopyable> {
  /// The address of the first element.
  public let pointer: UnsafeMutablePointer<Scalar>

  /// The number of elements.
  public let count: Int

  /// Reserves and zeroes memory for `count` scalars.
  ///
  /// - Throws: ``KernelError/outOfMemory(bytes:)`` when the system has not that much, or when
  ///   the size in bytes does not fit an `Int`.
  public init(count: Int) throws(KernelError) {
    precondition(count >= 0, "AlignedBuffer: count \(count) is negative")
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(
      by: MemoryLayout<Scalar>.stride)
    guard !overflow, bytes <= Int.max - 64 else { throw .outOfMemory(bytes: Int.max) }
    let size = (bytes + 63) & ~63
    guard let memory = Self.reserve(size) else { throw .outOfMemory(bytes: bytes) }
    memset(memory, 0, size)
    self.pointer = memory.bindMemory(to: Scalar.self, capacity: max(count, 1))
    self.count = count
  }

  deinit {
    free(pointer)
  }

  /// From half a huge page on, memory lies on one and asks for more: with pages of 4 KiB the
  /// products of large networks took 5 % longer, waiting for addresses.
  private static func reserve(_ size: Int) -> UnsafeMutableRawPointer? {
    let hugePage = 1 << 21
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, size < hugePage / 2 ? 64 : hugePage, size) == 0 else {
      return nil
    }
    #if os(Linux)
      // Only advice: where it is refused, the pages stay small.
      if size >= hugePage / 2 { _ = madvise(memory, size, MADV_HUGEPAGE) }
    #endif
    return memory
  }
}

// Sound because the class itself has no mutable state: the address and the count never change.
// Who writes through the address at a time is agreed by the owner, as with any raw memory.
extension AlignedBuffer: @unchecked Sendable where Scalar: Sendable {}
