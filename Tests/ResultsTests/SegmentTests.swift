// Names of segments. Seen to fail: with the number's padding left out of the comparison.
import Testing

@testable import Results

@Suite struct SegmentTests {
  private let digest = String(repeating: "0f", count: 32)

  @Test func aNameSaysNumberAndDigest() throws {
    let segment = Segment(folder: "x.h5.d", number: 12, digest: digest)
    #expect(segment.path == "x.h5.d/00000012-\(digest).h5")
    #expect(Segment(folder: "x.h5.d", name: "00000012-\(digest).h5") == segment)
    let large = Segment(folder: "x.h5.d", number: 123_456_789, digest: digest)
    #expect(Segment(folder: "x.h5.d", name: "123456789-\(digest).h5") == large)
  }

  @Test func otherFilesAreNoSegments() {
    for name in [
      "lock", "12-\(digest).h5", "00000012-\(digest).h5.tmp", "00000012-\(digest.dropLast()).h5",
      "00000000-\(digest).h5", "00000012-\(digest.uppercased()).h5", "00000012.h5", "-\(digest).h5",
      "+0000012-\(digest).h5",
    ] {
      #expect(Segment(folder: "x", name: name) == nil, "\(name)")
    }
  }
}
