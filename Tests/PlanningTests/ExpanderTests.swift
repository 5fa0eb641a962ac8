// Counts are by hand.

import Planning
import Settings
import Testing

@Suite struct ExpanderTests {
  private func plan(
    _ text: String, files: [String: String] = [:], set: [String] = []
  ) throws(InvalidExperiment) -> Plan {
    try Plan(
      reading: Array("{\"name\": \"t\", \(text)}".utf8), named: "t.json",
      catalogue: TestCatalogue.catalogue,
      including: IncludableFiles { files[$0].map { Array($0.utf8) } },
      amendments: Amendments(set: set))
  }

  private func mistakes(_ text: String) -> [String] {
    do {
      _ = try plan(text)
      return []
    } catch {
      return error.diagnostics.map { "\($0.path): \($0.message)" }
    }
  }

  @Test func rulesMayAskForTheRepeat() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"], "repeat": 3},
      "for": [{"where": {"repeat": 0}, "base": {"training": {"steps": 7}}}]
      """)
    #expect(plan.trials.count == 6)
    #expect(
      plan.trials.map { $0.settings.real("training.steps") } == [7, 3000, 3000, 7, 3000, 3000])
  }

  @Test func excludesLookAtEachTrialWhereARuleAsksForTheRepeat() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian", "loss": "dsm"}, "grid": {"sigma": [0.1, 0.2, 0.3], "repeat": 2},
      "for": [{"where": {"repeat": 0}, "base": {"training": {"steps": 7}}}],
      "exclude": [{"where": {"sigma": 0.2}}]
      """)
    #expect(plan.trials.map { $0.settings.real("sigma") } == [0.1, 0.1, 0.3, 0.3])
    #expect(plan.reductions.map(\.count) == [2])
  }

  @Test func anAxisOfARuleInsideAnotherClashesWithThatOfARuleBeside() {
    #expect(
      mistakes(
        """
        "base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"], "dimension": [2, 3]},
        "for": [
          {"where": {"loss": "dsm"}, "base": {"training": {"steps": 9}},
           "for": [{"where": {"dimension": 2}, "grid": {"sigma": [0.1, 0.2]}}]},
          {"where": {"loss": "dsm"}, "grid": {"sigma": [0.3, 0.4]}}]
        """) == [
          "for[0].for[0].grid.sigma: "
            + "another entry of \"for\" brings sigma to the same combinations"
        ])
  }

  @Test func theCommandLineSetsOverRules() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian", "training": {"steps": 3}}, "grid": {"loss": ["ism", "dsm"]},
      "for": [{"where": {"loss": "dsm"}, "base": {"training": {"steps": 9}}}]
      """, set: ["training.steps=5"])
    #expect(plan.trials.map { $0.settings.real("training.steps") } == [5, 5])
  }

  @Test func theCommandLineSaysNothingInAnObjectThatAnAxisSays() {
    #expect(throws: InvalidExperiment.self) {
      try self.plan(
        """
        "base": {"data": "gaussian"}, "grid": {"model.hidden": [[8], [16]]}
        """, set: ["model={\"type\":\"score-mlp\",\"hidden\":[4]}"])
    }
  }

  @Test func aRuleAboutALongAxisHoldsForItsPartOfTheValues() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"training.steps": {"range": [1, 20000, 1]}},
      "for": [{"where": {"training.steps": {"above": 500}}, "base": {"precision": "float64"}}]
      """)
    #expect(plan.trials.count == 20_000)
    #expect(plan.trials.count { $0.settings.text("precision") == "float64" } == 19_500)
  }

  @Test func aNegationOfANegationIsAMistakeAndNoConditionLess() {
    #expect(
      mistakes(
        """
        "base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"]},
        "exclude": [{"where": {"loss": {"not": {"not": "dsm"}}}}]
        """) == ["exclude[0].where.loss.not: found an object"])
  }

  @Test func filesThatManyIncludeAreReadOnce() throws {
    var files = ["20": "{\"base\": {\"data\": \"gaussian\", \"training\": {\"steps\": 4}}}"]
    for level in 0..<20 {
      files["\(level)"] = "{\"include\": [\"\(level + 1)\", \"\(level + 1)\"]}"
    }
    let plan = try self.plan(
      "\"include\": [\"0\", \"20\", \"0\"], \"grid\": {\"loss\": \"dsm\"}", files: files)
    #expect(plan.trials.map { $0.settings.real("training.steps") } == [4])
    #expect(plan.experiment.includedFiles.count == 21)
  }
}
