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

  @Test func aNameThatHasWhatWasWrittenComesBeforeOneThatLooksLikeIt() {
    let losses = [
      "esm", "ism", "ssm", "ssm-vr", "fd-ssm-vr", "dsm", "dsm-ve", "dsm-vp", "dsm-subvp", "cp",
      "ml",
    ]
    #expect(nearestName(to: "vp", among: losses) == "dsm-vp")
    #expect(nearestName(to: "ve", among: losses) == "dsm-ve")
    #expect(nearestName(to: "vr", among: losses) == "ssm-vr")
    #expect(nearestName(to: "subvp", among: losses) == "dsm-subvp")
    #expect(nearestName(to: "dms", among: losses) == "dsm")
    #expect(nearestName(to: "smm-vr", among: losses) == "ssm-vr")
    #expect(nearestName(to: "mlp", among: ["score-mlp", "energy-mlp", "ml"]) == "score-mlp")
    #expect(nearestName(to: "gauss", among: ["log-gaussian", "two-moons"]) == "log-gaussian")
    #expect(nearestName(to: "sigma", among: ["sigma_min", "sgima"]) == "sgima")
  }
}
