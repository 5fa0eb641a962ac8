import Glibc

/// The lock that keeps two runs off one results path.
///
/// An advisory lock of the kernel on the file `lock` of the segment folder: it goes with the
/// process, however that ends. The file names the process, for the words of the other's error.
final class StoreLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Takes the lock of a segment folder, which must exist.
  ///
  /// - Throws: ``ResultsError/locked(path:processID:)`` where another process, or another store of
  ///   this one, holds it.
  init(folder: String, results: String) throws(ResultsError) {
    path = folder + "/lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw DurableFile.failure(errno, path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let number = errno
        let owner = Self.owner(descriptor)
        close(descriptor)
        guard number == EWOULDBLOCK else {
          throw .unwritable(
            path: path, reason: "the file system takes no locks (\(DurableFile.words(number)))")
        }
        throw .locked(path: results, processID: owner)
      }
      // The last holder may have removed the file between our opening and our locking it.
      if Self.isSameFile(descriptor, path) {
        self.descriptor = descriptor
        break
      }
      close(descriptor)
    }
    let text = Array("\(getpid())\n".utf8)
    // The process number is a courtesy: on a full disk the lock holds without it.
    if ftruncate(descriptor, 0) == 0 { _ = write(descriptor, text, text.count) }
  }

  /// Removes the lock's file and, when nothing else is in it, its folder.
  func removeFiles() {
    unlink(path)
    rmdir(DurableFile.folder(of: path))
  }

  deinit {
    // A child that is being started may hold a copy of the descriptor for a moment: closing ours would
    // leave its lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func owner(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
  }

  private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
    var held = stat()
    var named = stat()
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
