/// Why results could not be kept or read, and what to do about it.
public enum ResultsError: Error, Equatable, Sendable {
  /// Another process writes the same results.
  case locked(path: String, processID: Int?)
  /// The folder or file cannot be made or written.
  case unwritable(path: String, reason: String)
  /// The file system is full.
  case diskFull(path: String)
  /// The file cannot be read.
  case unreadable(path: String, reason: String)
  /// The bytes of a finished results file are not those that were written.
  case corrupt(path: String, reason: String)
  /// The file is a results file of a later format or of another program.
  case unknownFormat(path: String, found: String)
  /// Trials that finished twice with different results.
  case conflictingTrials([String])
  /// A record that the format cannot hold.
  case invalidRecord(id: String, reason: String)
}

extension ResultsError: CustomStringConvertible {
  /// One sentence: what happened, where, and what to do next.
  public var description: String {
    switch self {
    case .locked(let path, let processID):
      let owner = processID.map { " (process \($0))" } ?? ""
      return
        "\(path): another run\(owner) is writing these results; wait until it ends, or write to "
        + "another path"
    case .unwritable(let path, let reason):
      return
        "\(path): cannot be written: \(reason); choose a results path in a folder you may write"
    case .diskFull(let path):
      return
        "\(path): the disk is full; free some space and run again: what was sealed before is kept"
    case .unreadable(let path, let reason):
      return "\(path): cannot be read: \(reason)"
    case .corrupt(let path, let reason):
      return
        "\(path): the results file is damaged: \(reason); restore it from a copy, or move it away "
        + "and run the experiment again"
    case .unknownFormat(let path, let found):
      return "\(path): not a results file that this version reads: \(found)"
    case .conflictingTrials(let ids):
      let shown = ids.prefix(3).joined(separator: ", ") + (ids.count > 3 ? ", …" : "")
      return
        "\(ids.count) trials finished twice with different results (\(shown)): were they run by "
        + "different versions or on different machines? merge only parts of one version"
    case .invalidRecord(let id, let reason):
      return "trial \(id): the record cannot be stored: \(reason)"
    }
  }
}
