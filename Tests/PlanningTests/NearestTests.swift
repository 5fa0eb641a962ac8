// Seen to fail: swaps counted as two edits.

import Testing

@testable import Planning

@Suite struct NearestTests {
  @Test func editsAreCounted() {
    func distance(_ one: String, _ other: String) -> Int { editDistance(Array(one), Array(other)) }
    #expect(distance("", "abc") == 3)
    #expect(distance("sigma", "sigma") == 0)
    #expect(distance("sgima", "sigma") == 1)  // one swap
    #expect(distance("kitten", "sitting") == 3)
    #expect(distance("ca", "abc") == 3)  // no edit between swapped letters
  }

  @Test func theNearestNameIsFound() {
    let known = ["sigma", "slices", "dimension", "repeat", "learning_rate", "validation"]
    #expect(nearestName(to: "Sigma", among: known) == "sigma")
    #expect(nearestName(to: "learning-rate", among: known) == "learning_rate")
    #expect(nearestName(to: "dimensions", among: known) == "dimension")
    #expect(nearestName(to: "valid", among: known) == "validation")
    #expect(nearestName(to: "colour", among: known) == nil)
    #expect(nearestName(to: "", among: known) == nil)
    #expect(nearestName(to: String(repeating: "x", count: 1_000_000), among: known) == nil)
  }
}
