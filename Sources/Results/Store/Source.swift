import HDF5

/// A file that holds finished trials: the merged file or a segment.
enum Source {
  case merged(path: String)
  case elsewhere(path: String, ChildReader)
  case segment(Segment)

  /// Where the file stands.
  var path: String {
    switch self {
    case .merged(let path), .elsewhere(let path, _): path
    case .segment(let segment): segment.path
    }
  }

  /// All rows without their heavy parts, and what a finished file says about its experiment.
  ///
  /// - Throws: ``CorruptSegment``, ``SegmentGone`` or ``ResultsError``.
  func rows() throws -> (rows: [RecordRow], experiment: StoredExperiment?) {
    if case .elsewhere(let path, let reader) = self { return try reader.rows(of: path) }
    return try read(ResultsReader.read)
  }

  /// The records of some rows, in the order of the file, with heavy parts.
  func records(_ contents: RecordContents, of rows: [RecordRow]) throws -> [TrialRecord] {
    if case .elsewhere(let path, let reader) = self {
      return try reader.records(contents, of: rows, in: path)
    }
    return try read { try ResultsReader.records(contents, of: rows, in: $0) }
  }

  /// Opens the file; a segment only once its bytes are known to be those that were sealed.
  ///
  /// - Throws: ``CorruptSegment``, ``SegmentGone`` or ``ResultsError``.
  private func read<Result>(_ body: (Group) throws -> Result) throws -> Result {
    switch self {
    case .merged(let path), .elsewhere(let path, _):
      return try Self.explaining(path) {
        ResultsError.corrupt(path: path, reason: $0)
      } _: {
        try File.open(at: path, body)
      }
    case .segment(let segment):
      let bytes = try segment.verifiedBytes()
      let path = segment.path
      return try Self.explaining(path) {
        CorruptSegment(path: path, reason: $0)
      } _: {
        try File.open(image: bytes, named: path, body)
      }
    }
  }

  /// Runs a body and says what its error means for the file.
  private static func explaining<Result>(
    _ path: String, corrupt: (String) -> any Error, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as HDF5Error {
      guard error.systemErrorNumber != nil else { throw corrupt(error.description) }
      // The operating system refused; a lock is the common reason.
      throw ResultsError.unreadable(
        path: path,
        reason: error.description + "; if another program has the file open, close it; on a file "
          + "system without locks set HDF5_USE_FILE_LOCKING=FALSE")
    } catch let error as LayoutError {
      throw corrupt(error.description)
    } catch let error as FormatVersionError {
      throw ResultsError.unknownFormat(path: path, found: error.description)
    }
  }
}
