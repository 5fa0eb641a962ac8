import Glibc
import Settings

/// A file being written beside its place.
final class Draft {
  let path: String
  private let descriptor: Int32
  private var hash = SHA256()

  /// Begins an empty file, replacing an earlier draft.
  private init(_ path: String) throws(ResultsError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DurableFile.failure(errno, path) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Writes a draft and flushes it to the disk; nothing is left of it after an error.
  ///
  /// - Returns: the SHA-256 of its bytes in hexadecimal.
  static func write(_ path: String, _ body: (Draft) throws -> Void) throws -> String {
    let draft = try Draft(path)
    do {
      try body(draft)
      guard fsync(draft.descriptor) == 0 else { throw DurableFile.failure(errno, path) }
    } catch {
      unlink(path)
      throw error
    }
    return SHA256.hex(draft.hash.finalize())
  }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws(ResultsError) {
    hash.update(bytes)
    var written = 0
    while written < bytes.count {
      let piece = written == 0 ? bytes : Array(bytes[written...])
      let count = Glibc.write(descriptor, piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw DurableFile.failure(errno, path) }
      written += count
    }
  }
}
