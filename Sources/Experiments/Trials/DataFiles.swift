import Foundation
import Gzip
import Synchronization

/// A data file that an experiment names and that is not there.
public struct MissingDataFile: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path as the experiment gives it.
  public let path: String
  /// The folders that were looked in.
  public let folders: [String]

  /// A path that none of the folders has.
  public init(path: String, folders: [String]) {
    self.path = path
    self.folders = folders
  }

  /// What is missing, where it was looked for and what to do.
  public var description: String {
    let named = folders.map { $0.isEmpty ? "." : $0 }.joined(separator: ", ")
    return "no readable file \(path)\(path.hasPrefix("/") ? "" : " in \(named)"); "
      + "fetch it with `make data`, or set DATA_DIR to its folder"
  }
}

/// Data files by the paths that experiments give, each read once.
///
/// A relative path is looked for beside the experiment file first, then in the data folder.
public final class DataFiles: Sendable {
  /// Folders to look in, in order.
  public let folders: [String]
  private let contents = Mutex<[String: [UInt8]]>([:])

  /// Files that are looked for in these folders, the empty name standing for the current one.
  public init(folders: [String]) { self.folders = folders }

  /// The place of a file; nil where no folder has it.
  public func locate(_ path: String) -> String? {
    let candidates =
      path.hasPrefix("/") ? [path] : folders.map { $0.isEmpty ? path : "\($0)/\(path)" }
    return candidates.first { FileManager.default.isReadableFile(atPath: $0) }
  }

  func bytes(of path: String) throws(TrialFailure) -> [UInt8] {
    if let known = contents.withLock({ $0[path] }) { return known }
    guard let place = locate(path) else {
      throw TrialFailure(MissingDataFile(path: path, folders: folders).description)
    }
    guard let data = FileManager.default.contents(atPath: place) else {
      throw TrialFailure("\(place) cannot be read; check its permissions")
    }
    let bytes = try unpacked([UInt8](data), path)
    contents.withLock { $0[path] = bytes }
    return bytes
  }

  /// The bytes of a file, unpacked where its name says that it is compressed.
  private func unpacked(_ bytes: [UInt8], _ path: String) throws(TrialFailure) -> [UInt8] {
    guard path.hasSuffix(".gz") else { return bytes }
    do {
      return try gunzip(bytes, limit: Memory.available(threads: 1) / 2)
    } catch {
      throw TrialFailure("\(path): \(error)")
    }
  }
}
