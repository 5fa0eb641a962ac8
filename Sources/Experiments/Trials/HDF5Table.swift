import HDF5
import ScoreMatching

extension TableData {
  /// The table in a dataset of an HDF5 file.
  ///
  /// - Parameters:
  ///   - dataset: its path inside the file.
  ///   - bytes: the file.
  /// - Throws: ``DataError``, or ``HDF5Error`` in the library's words.
  func table(ofDataset dataset: String, in bytes: [UInt8]) throws -> Table {
    guard bytes.starts(with: [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]) else {
      throw DataError.wrongFormat(expected: "an HDF5 file")
    }
    return try File.open(image: bytes, named: path) { root in
      var names = dataset.split(separator: "/").map(String.init)
      guard let last = names.popLast() else {
        throw DataError.noDataset(dataset, known: try root.members())
      }
      var group = root
      for name in names {
        guard try group.contains(name), try group.isGroup(name) else {
          throw DataError.noDataset(dataset, known: try group.members())
        }
        group = try group.group(name)
      }
      guard try group.contains(last) else {
        throw DataError.noDataset(dataset, known: try group.members())
      }
      guard try !group.isGroup(last) else {
        throw DataError.isGroup(dataset, members: try group.group(last).members())
      }
      let found = try group.foreignDataset(last)
      guard found.elements == .numbers else {
        throw DataError.unsupportedType(
          "\(dataset), which holds \(found.elements.rawValue) and no numbers,")
      }
      guard found.missingFilters.isEmpty else {
        throw DataError.missingFilters(found.missingFilters)
      }
      try Self.check(found.shape, storedBytes: found.storedByteCount)
      return try table(found.numbers(), shape: found.shape)
    }
  }

  /// A shape is believed as far as the stored bytes can hold it: deflate packs at most 1032 to one.
  private static func check(_ shape: [Int], storedBytes: Int) throws(DataError) {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .unsupportedShape(shape) }
      count = product
    }
    let (limit, overflow) = storedBytes.multipliedReportingOverflow(by: 1032)
    guard overflow || count <= limit else { throw .truncated(needed: count, found: storedBytes) }
  }
}
