import Foundation
import Glibc
import Settings

/// Files that survive a kill at any moment: written beside their place, flushed, then renamed.
enum DurableFile {
  private static let bufferSize = 1 << 20

  /// Puts bytes at a path: either all of them stand there afterwards, or what stood before.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let draft = path + ".tmp"
    _ = try Draft.write(draft) { try $0.append(bytes) }
    try replace(path, with: draft)
  }

  /// What a path stands for where it is a symbolic link, which a rename would replace by the file; links
  /// that run in a circle stay as they are, and cannot be opened.
  static func target(of path: String) -> String {
    var target = path
    for _ in 0..<40 {
      var facts = stat()
      guard lstat(target, &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK else { return target }
      var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(target, &bytes, bytes.count)
      guard count > 0 else { return path }
      let link = String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      target = link.hasPrefix("/") ? link : folder(of: target) + "/" + link
    }
    return path
  }

  /// Finds out before anything is done whether a file can stand at a path.
  static func checkPlace(_ path: String) throws(ResultsError) {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      guard errno == ENOENT else { throw failure(errno, path) }
      return
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      let kind = facts.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is no regular file"
      throw .unwritable(path: path, reason: kind)
    }
  }

  /// Renames a flushed draft to its place and flushes the folder, which holds the name.
  static func replace(_ path: String, with draft: String) throws(ResultsError) {
    guard rename(draft, path) == 0 else {
      let number = errno
      unlink(draft)
      throw failure(number, path)
    }
    try synchronize(folder(of: path))
  }

  /// Flushes a file or a folder to the disk.
  static func synchronize(_ path: String) throws(ResultsError) {
    let descriptor = try check(open(path, O_RDONLY | O_CLOEXEC), path)
    defer { close(descriptor) }
    try check(fsync(descriptor), path)
  }

  /// Makes a folder and those above it, each flushed into the one that holds it.
  static func makeFolder(_ path: String) throws(ResultsError) {
    if mkdir(path, 0o777) == 0 { return try synchronize(folder(of: path)) }
    switch errno {
    case EEXIST: return
    case ENOENT where folder(of: path) != path:
      try makeFolder(folder(of: path))
      try makeFolder(path)
    default: throw failure(errno, path)
    }
  }

  /// Removes a file that is no longer needed; one that cannot be removed does no harm.
  static func remove(_ path: String) {
    unlink(path)
  }

  /// Whether there is a file.
  static func exists(_ path: String) throws(ResultsError) -> Bool {
    if access(path, F_OK) == 0 { return true }
    if errno == ENOENT { return false }
    throw .unreadable(path: path, reason: words(errno))
  }

  /// Finds out that a path is none of a folder, a pipe or a device, which may never end.
  static func requireRegular(_ path: String) throws(ResultsError) {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      throw .unreadable(path: path, reason: words(errno))
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is a folder, or no regular file")
    }
  }

  /// The size of a file in bytes.
  static func size(of path: String) throws(ResultsError) -> Int {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      throw .unreadable(path: path, reason: words(errno))
    }
    return Int(facts.st_size)
  }

  /// The bytes of a file, nil where there is none.
  static func read(_ path: String) throws(ResultsError) -> [UInt8]? {
    var bytes: [UInt8] = []
    return try forEachPiece(of: path) { bytes += $0 } ? bytes : nil
  }

  /// The SHA-256 of a file's bytes in hexadecimal, nil where there is none.
  static func digest(of path: String) throws(ResultsError) -> String? {
    var hash = SHA256()
    guard try forEachPiece(of: path, { hash.update($0) }) else { return nil }
    return SHA256.hex(hash.finalize())
  }

  /// The names in a folder, sorted; none where there is no folder.
  static func names(in folder: String) throws(ResultsError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch CocoaError.fileReadNoSuchFile {
      return []
    } catch {
      throw .unreadable(path: folder, reason: error.localizedDescription)
    }
  }

  /// The folder that holds a path.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The error that says what a failed system call means for the results.
  static func failure(_ number: Int32, _ path: String) -> ResultsError {
    number == ENOSPC || number == EDQUOT
      ? .diskFull(path: path) : .unwritable(path: path, reason: words(number))
  }

  /// The system's words for an error number.
  static func words(_ number: Int32) -> String {
    String(cString: strerror(number))
  }

  /// Reads a file piece by piece; false where there is none.
  private static func forEachPiece(
    of path: String, _ body: (ArraySlice<UInt8>) -> Void
  ) throws(ResultsError) -> Bool {
    // Opening a pipe without a writer would wait for one.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw .unreadable(path: path, reason: words(errno))
    }
    defer { close(descriptor) }
    try requireRegular(path)
    var buffer = [UInt8](repeating: 0, count: bufferSize)
    while true {
      let count = Glibc.read(descriptor, &buffer, bufferSize)
      if count == 0 { return true }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .unreadable(path: path, reason: words(errno)) }
      body(buffer[..<count])
    }
  }

  @discardableResult
  private static func check<Code: SignedInteger>(
    _ code: Code, _ path: String
  ) throws(ResultsError) -> Code {
    guard code < 0 else { return code }
    throw failure(errno, path)
  }
}
