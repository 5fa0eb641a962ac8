// Seen to fail with the second member of a file left out.
import Foundation
import Testing

@testable import Gzip

@Suite struct GunzipTests {
  /// "score matching " four times, as Python's gzip packs it.
  static let packed = Array(
    Data(base64Encoded: "H4sIAAAAAAACAytOzi9KVchNLEnOyMxLVygmhQsAxXJX2jwAAAA=") ?? Data())
  static let unpacked = Array(String(repeating: "score matching ", count: 4).utf8)

  @Test func whatGzipPackedIsUnpacked() throws {
    #expect(try gunzip(Self.packed, limit: 60) == Self.unpacked)
    #expect(try gunzip(Self.packed + Self.packed, limit: 120) == Self.unpacked + Self.unpacked)
  }

  @Test func whatIsWrongIsSaid() {
    for end in Self.packed.indices.dropFirst() {
      #expect(throws: GzipError.truncated) { try gunzip(Array(Self.packed[..<end]), limit: 100) }
    }
    #expect(throws: GzipError.truncated) { try gunzip([], limit: 100) }
    #expect(throws: GzipError.damaged) { try gunzip(Array("a,b\n1,2\n".utf8), limit: 100) }
    #expect(throws: GzipError.damaged) { try gunzip(Self.packed + [1, 2, 3], limit: 100) }
    var wrong = Self.packed
    wrong[31] ^= 1  // the checksum
    #expect(throws: GzipError.damaged) { try gunzip(wrong, limit: 100) }
    #expect(throws: GzipError.tooLarge(limit: 59)) { try gunzip(Self.packed, limit: 59) }
  }
}
