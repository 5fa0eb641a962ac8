/// The finished file `NAME.h5` and, beside it, `NAME.h5.sha256` with its digest.
///
/// The digest's file has the form that `sha256sum --check` reads. It is drafted before the results
/// file is renamed into place and renamed after it, so that at any moment one of the two digests is
/// that of the file.
struct MergedFile {
  let path: String

  private var digestPath: String { path + ".sha256" }
  private var digestDraft: String { path + ".sha256.tmp" }

  /// Whether the file is there and its bytes are those that were written.
  ///
  /// - Returns: nil without a file; false where the file stands without its digest, as when someone
  ///   copied it alone.
  /// - Throws: ``ResultsError/corrupt(path:reason:)`` where the bytes changed.
  func verify() throws(ResultsError) -> Bool? {
    var expected: [String] = []
    for path in [digestPath, digestDraft] {
      guard let bytes = try DurableFile.read(path) else { continue }
      expected.append(String(decoding: bytes.prefix(64), as: UTF8.self))
    }
    guard !expected.isEmpty else {
      guard try DurableFile.exists(path) else { return nil }
      try DurableFile.requireRegular(path)
      return false
    }
    guard let found = try DurableFile.digest(of: path) else { return nil }
    guard expected.contains(found) else {
      throw .corrupt(
        path: path,
        reason: "its bytes have the SHA-256 \(found), not \(expected[0]); a change on purpose is "
          + "taken where \(digestPath) is removed")
    }
    return true
  }

  /// Writes a new file and puts it into its place.
  ///
  /// - Throws: what the body throws, or ``ResultsError``; the former file stands then.
  func replace(_ body: (Draft) throws -> Void) throws {
    try finishReplacing()
    let draft = path + ".tmp"
    let digest = try Draft.write(draft, body)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do {
      try DurableFile.write(Array("\(digest)  \(name)\n".utf8), to: digestDraft)
    } catch {
      DurableFile.remove(draft)
      throw error
    }
    try DurableFile.replace(path, with: draft)
    try DurableFile.replace(digestPath, with: digestDraft)
  }

  /// Ends a replacement that was killed between its two renames, before another one begins.
  private func finishReplacing() throws(ResultsError) {
    guard let bytes = try DurableFile.read(digestDraft) else { return }
    if try DurableFile.digest(of: path) == String(decoding: bytes.prefix(64), as: UTF8.self) {
      try DurableFile.replace(digestPath, with: digestDraft)
    } else {
      DurableFile.remove(digestDraft)
    }
  }
}
