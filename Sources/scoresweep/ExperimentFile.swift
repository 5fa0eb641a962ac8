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

  /// Reads and plans the experiment with what the command line changes.
  func plan(_ amendments: Amendments = Amendments()) throws -> Plan {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure.noFile(path)
    }
    guard !isFolder.boolValue, let bytes = FileManager.default.contents(atPath: path) else {
      throw Failure.unreadableFile(path)
    }
    let folder = folder
    let files = IncludableFiles { name in
      let path = (folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/") + name
      return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
    return try Plan(
      reading: [UInt8](bytes), named: path, catalogue: .scoreSweep, including: files,
      amendments: amendments)
  }

  /// The folder of the file, empty for the one at hand.
  private var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Where data files are looked for: beside the experiment, then in DATA_DIR.
  var dataFiles: DataFiles {
    let shared = ProcessInfo.processInfo.environment["DATA_DIR"].map { [$0] } ?? []
    return DataFiles(folders: [folder] + shared.filter { !$0.isEmpty })
  }
}
