import Settings

/// What trials under way leave beside the segments, so that an interrupted one goes on where it was.
///
/// One file for each, `ID.checkpoint`: the SHA-256 of what follows in hexadecimal and a line feed, then
/// whatever the trial needs. It is replaced as a whole and survives a kill at any moment. A trial's
/// checkpoint goes when its record is sealed.
public struct CheckpointFolder: Sendable {
  private static let suffix = ".checkpoint"
  private static let digestLength = 64

  private let folder: String

  init(_ folder: String) { self.folder = folder }

  private func path(_ id: String) -> String { "\(folder)/\(id)\(Self.suffix)" }

  /// The trials that have left something, whole or not.
  ///
  /// - Throws: ``ResultsError/unreadable(path:reason:)``.
  public func ids() throws(ResultsError) -> Set<String> {
    let names = try DurableFile.names(in: folder)
    return Set(
      names.filter { $0.hasSuffix(Self.suffix) }.map { String($0.dropLast(Self.suffix.count)) })
  }

  /// Keeps what a trial would go on from, in the place of what was kept before.
  ///
  /// - Throws: ``ResultsError``; what was kept before then stands.
  public func save(_ bytes: [UInt8], of id: String) throws {
    let digest = SHA256.hex(SHA256.digest(bytes))
    try DurableFile.write(Array("\(digest)\n".utf8) + bytes, to: path(id))
  }

  /// What a trial left; nil where there is nothing.
  ///
  /// - Throws: ``ResultsError/unreadable(path:reason:)``, also where the bytes are not those that were kept.
  public func load(_ id: String) throws(ResultsError) -> [UInt8]? {
    let path = path(id)
    guard let file = try DurableFile.read(path) else { return nil }
    let bytes = Array(file.dropFirst(Self.digestLength + 1))
    let digest = String(decoding: file.prefix(Self.digestLength), as: UTF8.self)
    guard digest == SHA256.hex(SHA256.digest(bytes)) else {
      throw .unreadable(path: path, reason: "its bytes are not those that were kept")
    }
    return bytes
  }

  /// Forgets a trial; one that left nothing does no harm.
  public func remove(_ id: String) { DurableFile.remove(path(id)) }
}

extension ResultsStore {
  /// What trials under way leave behind.
  public var checkpoints: CheckpointFolder { CheckpointFolder(segmentFolder) }
}
