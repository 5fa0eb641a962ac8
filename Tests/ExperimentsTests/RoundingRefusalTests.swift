// Seen to fail with all differences taken for first ones.
import Planning
import Settings
import Testing

@testable import Experiments

struct RoundingRefusalTests {
  private func refusal(_ members: KeyValuePairs<String, SettingValue>) -> Refusal? {
    Catalogue.lostInRounding(.object(members))
  }

  @Test func pointsThatRoundingMakesTheSameAreRefusedByLossDimensionAndPrecision() throws {
    // The bound on epsilon is the square root of 128 d units of rounding for second differences.
    for (loss, precision, dimension, least) in [
      ("fd-ssm", "float32", 1, 2.77e-3), ("fd-ssm", "float32", 16, 1.105e-2),
      ("fd-ssm", "float64", 16, 4.8e-7), ("fd-ssm-vr", "float32", 16, 3.06e-5),
      ("fd-dsm", "float32", 16, 3.06e-5), ("fd-dsm", "float64", 1, 1.43e-14),
    ] {
      for (factor, isRefused) in [(0.98, true), (1.02, false)] {
        let found = refusal([
          "loss": .object(["type": .text(loss)]), "precision": .text(precision),
          "dimension": .number(Double(dimension)), "epsilon": .number(factor * least),
        ])
        #expect((found != nil) == isRefused, "\(loss), \(precision), \(dimension), \(factor)")
      }
    }
    let found = try #require(
      refusal([
        "loss": .object(["type": .text("fd-ssm")]), "precision": .text("float32"),
        "dimension": .number(16), "epsilon": .number(0.001),
      ]))
    #expect(found.settings == ["epsilon", "precision"])
    #expect(found.remedy == "Use epsilon of at least 1.2e-02, or precision float64.")
  }

  @Test func thePlannerRefusesAnEpsilonThatIsTooSmall() throws {
    let energy = #""model": "energy-mlp", "data": "gaussian", "dimension": 8, "epsilon": 1e-3"#
    for (precision, isRefused) in [("float32", true), ("float64", false)] {
      let text =
        #"{ "name": "t", "base": { "#
        + energy + #", "precision": "\#(precision)" }, "grid": { "loss": ["fd-ssm"] } }"#
      let plan = try? Plan(
        reading: Array(text.utf8), named: "t.json", catalogue: .scoreSweep)
      #expect((plan == nil) == isRefused)
    }
    #expect(refusal(["loss": .object(["type": .text("ssm")])]) == nil)
  }
}
