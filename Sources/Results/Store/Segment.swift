import HDF5
import Settings

/// A sealed file of finished trials: its name carries its number and the digest of its bytes.
///
///     00000012-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.h5
struct Segment: Equatable {
  let folder: String
  let number: Int
  let digest: String

  var path: String {
    let digits = String(number)
    let padding = String(repeating: "0", count: max(0, 8 - digits.count))
    return "\(folder)/\(padding)\(digits)-\(digest).h5"
  }

  init(folder: String, number: Int, digest: String) {
    self.folder = folder
    self.number = number
    self.digest = digest
  }

  /// The segment of that file name, nil where the name is none of a segment.
  init?(folder: String, name: String) {
    guard name.hasSuffix(".h5") else { return nil }
    let parts = name.dropLast(3).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), number > 0, parts[1].count == 64,
      parts[1].allSatisfy({ $0.isHexDigit && !$0.isUppercase })
    else { return nil }
    self.init(folder: folder, number: number, digest: String(parts[1]))
    guard path == folder + "/" + name else { return nil }
  }

  /// The bytes of a segment with these records.
  ///
  /// - Throws: ``ResultsError/invalidRecord(id:reason:)`` for records that HDF5 cannot hold.
  static func image(of records: [TrialRecord]) throws -> [UInt8] {
    do {
      return try File.image(named: "segment") { root in
        try ResultsWriter.write(records.map(RecordRow.init), nil, to: root) { rows, _ in
          rows.map { records[$0] }
        }
      }
    } catch let error as HDF5Error {
      throw ResultsError.invalidRecord(id: records[0].id, reason: error.description)
    }
  }

  /// The bytes, once they are known to be those that were sealed.
  ///
  /// - Throws: ``CorruptSegment`` where they are not; ``SegmentGone`` where another process merged
  ///   and removed the segment in the meantime.
  func verifiedBytes() throws -> [UInt8] {
    guard let bytes = try DurableFile.read(path) else { throw SegmentGone() }
    let found = SHA256.hex(SHA256.digest(bytes))
    guard found == digest else {
      throw CorruptSegment(
        path: path, reason: "its \(bytes.count) bytes have the SHA-256 \(found), not \(digest)")
    }
    return bytes
  }
}

extension CorruptSegment: Error {}

/// A segment that was listed and is no longer there.
struct SegmentGone: Error {}
