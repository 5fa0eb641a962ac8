import HDF5

/// A file that holds finished trials: the merged file or a segment.
enum Source {
  case merged(path: String)
  case segment(Segment)

  /// Opens the file once its bytes are known to be good.
  ///
  /// - Throws: ``CorruptSegment``, ``SegmentGone`` or ``ResultsError``.
  func read<Result>(_ body: (Group) throws -> Result) throws -> Result {
    switch self {
    case .merged(let path):
      do {
        return try File.open(at: path, body)
      } catch let error as HDF5Error {
        throw ResultsError.corrupt(path: path, reason: error.description)
      } catch let error as LayoutError {
        throw ResultsError.corrupt(path: path, reason: error.description)
      } catch let error as FormatVersionError {
        throw ResultsError.unknownFormat(path: path, found: error.description)
      }
    case .segment(let segment):
      let bytes = try segment.verifiedBytes()
      do {
        return try File.open(image: bytes, named: segment.path, body)
      } catch let error as HDF5Error {
        throw CorruptSegment(path: segment.path, reason: error.description)
      } catch let error as LayoutError {
        throw CorruptSegment(path: segment.path, reason: error.description)
      } catch let error as FormatVersionError {
        throw ResultsError.unknownFormat(path: segment.path, found: error.description)
      }
    }
  }
}
