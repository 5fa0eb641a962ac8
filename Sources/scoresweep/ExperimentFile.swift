import Experiments
import Foundation
import Planning
import Settings

/// An experiment file by its path.
struct ExperimentFile {
  let path: String

  init(_ path: String) {
    self.path = path
  }

  /// Reads and plans the experiment.
  func plan() throws -> Plan {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure.noFile(path)
    }
    guard !isFolder.boolValue, let bytes = FileManager.default.contents(atPath: path) else {
      throw Failure.unreadableFile(path)
    }
    return try Plan(reading: [UInt8](bytes), named: path, catalogue: .scoreSweep)
  }

  /// Where data files are looked for: beside the experiment, then in DATA_DIR.
  var dataFiles: DataFiles {
    let beside =
      path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) : ""
    let folder = path.hasPrefix("/") && beside.isEmpty ? "/" : beside
    let shared = ProcessInfo.processInfo.environment["DATA_DIR"].map { [$0] } ?? []
    return DataFiles(folders: [folder] + shared.filter { !$0.isEmpty })
  }
}
