// Seen to fail: the purpose left out of the key; absent settings written as null.

import Planning
import Settings
import Testing

@Suite struct StreamKeyTests {
  private let data = ["data", "dimension", "repeat"]

  @Test func trialsThatAgreeOnTheSettingsShareAStream() throws {
    let plan = try plan(
      grid:
        #"{"loss": ["ism", "ssm", "dsm"], "sigma": [0.1, 0.3], "dimension": [2, 3], "repeat": 2}"#)
    let keys = plan.trials.map { $0.streamKey("data", dependingOn: data) }
    #expect(plan.trials.count == 16)
    #expect(Set(keys).count == 4)  // two dimensions, two repeats
    for (trial, key) in zip(plan.trials, keys) {
      #expect(trial.streamKey("data", dependingOn: data.reversed()) == key)
      #expect(trial.streamKey("data", dependingOn: data + ["data"]) == key)
      #expect(trial.streamKey("weights", dependingOn: data) != key)
      #expect(
        trial.streamKey("data", dependingOn: data + ["slices"]) == key
          || trial.settings["slices"] != nil)
    }
    let noise = plan.trials.map { $0.streamKey("noise", dependingOn: ["loss", "sigma", "repeat"]) }
    #expect(Set(noise).count == 8)
  }

  @Test func theSeedIsPartOfEveryStream() throws {
    func key(_ seed: Int) throws -> UInt64 {
      let text =
        #"{"name": "t", "seed": \#(seed), "base": {"data": "gaussian"}, "grid": {"repeat": 1}}"#
      return try Plan(
        reading: Array(text.utf8), named: "t.json", catalogue: TestCatalogue.catalogue
      ).trials[0].streamKey("data", dependingOn: data)
    }
    #expect(try key(1) == key(1))
    #expect(try key(1) != key(2))
  }

  @Test func aNewDataSettingWithADefaultChangesNoStream() throws {
    let old = TestCatalogue.catalogue
    guard case .variant(var variants) = TestCatalogue.data.kind else { return }
    variants[0] = Variant(
      "gaussian", "",
      variants[0].settings + [
        Setting("offset", .real(.any), default: .number(0), "a new setting")
      ], neighbours: variants[0].neighbours)
    let new = Catalogue(
      settings: [Setting("data", .variant(variants), "")] + old.settings.dropFirst(),
      metrics: old.metrics, rules: old.rules)
    let grid = #"{"dimension": [2, 3]}"#
    let before = try plan(grid: grid).trials.map { $0.streamKey("data", dependingOn: data) }
    let after = try plan(grid: grid, catalogue: new).trials
      .map { $0.streamKey("data", dependingOn: data) }
    #expect(before == after)
  }
}
