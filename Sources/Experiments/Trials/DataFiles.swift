import Foundation
import Synchronization

/// Data files by the paths that experiments give, each read once.
///
/// A relative path is looked for beside the experiment file first, then in the data folder.
public final class DataFiles: Sendable {
  /// Folders to look in, in order.
  public let folders: [String]
  private let contents = Mutex<[String: [UInt8]]>([:])

  public init(folders: [String]) { self.folders = folders }

  /// The place of a file; nil where no folder has it.
  public func locate(_ path: String) -> String? {
    let candidates = path.hasPrefix("/") ? [path] : folders.map { $0.isEmpty ? path : "\($0)/\(path)" }
    return candidates.first { FileManager.default.isReadableFile(atPath: $0) }
  }

  func bytes(of path: String) throws(TrialFailure) -> [UInt8] {
    if let known = contents.withLock({ $0[path] }) { return known }
    guard let place = locate(path) else {
      let looked = folders.map { $0.isEmpty ? "." : $0 }.joined(separator: ", ")
      throw TrialFailure(
        "no readable file \(path) in \(looked); fetch it with `make data` or set DATA_DIR to its folder")
    }
    guard let data = FileManager.default.contents(atPath: place) else {
      throw TrialFailure("\(place) cannot be read; check its permissions")
    }
    let bytes = [UInt8](data)
    contents.withLock { $0[path] = bytes }
    return bytes
  }
}
