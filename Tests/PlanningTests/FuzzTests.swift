// Random files: whatever stands in them, the answer is a plan or mistakes that point into the file. Seen to fail: a
// file with mistakes in its grid expanded all the same (a trap).

import Settings
import TestSupport
import Testing

@testable import Planning

@Suite struct FuzzTests {
  @Test func randomMutationsNeverCrashAndMistakesStayInsideTheFile() {
    let original = Array(
      """
      {
        "name": "quickstart", // é😀
        "base": { "data": { "type": "gaussian", "train": 1e3 }, "model": "score-mlp" },
        "grid": { "loss": ["ism", "dsm"], "sigma": { "geometric": [0.01, 1, 5] }, "repeat": 2 },
        "exclude": [{ "where": { "loss": "ism", "dimension": { "above": 16 } }, "because": "\\u00e9" }],
        "tables": [{ "name": "m", "rows": "loss", "columns": "sigma", "value": "seconds" }]
      }
      """.utf8)
    let alphabet =
      Array("{}[]\",:\\/'0123456789eE+-.truefalsn \n\t#*u\u{0}".utf8) + [0xff, 0xc3, 0xe2]
    var random = TestNumbers(seed: 2019)
    var broken = 0
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0...random.index(below: 4) {
        let place = random.index(below: bytes.count)
        switch random.index(below: 4) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(alphabet[random.index(below: alphabet.count)], at: place)
        case 2: bytes[place] = alphabet[random.index(below: alphabet.count)]
        default:
          let end = min(bytes.count, place + random.index(below: 60))
          bytes.removeSubrange(place..<end)
        }
      }
      do throws(InvalidExperiment) {
        _ = try Plan(reading: bytes, named: "t.json", catalogue: TestCatalogue.catalogue)
      } catch {
        broken += 1
        let lines = bytes.count { $0 == 0x0a } + 1
        #expect(!error.diagnostics.isEmpty)
        #expect(error.diagnostics.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 })
        #expect(!error.description.isEmpty)
      }
    }
    #expect(broken > 1500)
  }

  @Test func anyValueAnywhereIsAPlanOrAMistake() throws {
    let original = try #require(
      SettingValue(
        json: """
          {
            "name": "t", "title": "x", "seed": 1,
            "base": { "data": { "type": "gaussian", "train": 10 }, "model": "score-mlp",
                      "training": { "optimizer": { "type": "adam" }, "early_stopping": {} } },
            "grid": { "loss": ["ism", "dsm"], "sigma": { "geometric": [0.01, 1, 5] },
                      "model.hidden": [[8], [9]], "training.optimizer": ["adam", {"type": "sgd"}],
                      "data": ["gaussian", { "type": "table", "path": "x" }],
                      "dimension": [2, 32], "repeat": 2 },
            "exclude": [{ "where": { "loss": "ism", "dimension": { "above": 16 } }, "because": "b" }],
            "metrics": ["fisher_divergence", { "type": "tweedie_mse", "sigma": 0.3 }],
            "tables": [{ "name": "m", "rows": "loss", "columns": "data", "value": "fisher_divergence",
                         "where": { "dimension": { "below": 9 } },
                         "select": { "over": ["sigma", "model.hidden", "training.optimizer"],
                                     "by": "seconds" } }]
          }
          """))
    let stray: [SettingValue] = [
      .null, .boolean(true), .number(0), .number(-1.5), .number(1e300), .number(9e15), .text(""),
      .text("type"), .text("gaussian"), .text("ism"), .text("repeat"), .list([]),
      .list([.list([])]),
      .list([.null, .number(1)]), .object([SettingValue.Member]()), .object(["": .null]),
      .object(["type": .text("adam")]), .object(["type": .null]), .object(["above": .text("x")]),
      .object(["linear": .list([.number(0), .number(1), .number(3)])]),
      .object(["data.type": .list([.text("table")]), "data": .text("gaussian")]),
    ]
    var random = TestNumbers(seed: 11)
    var planned = 0
    for _ in 0..<4000 {
      var value = original
      for _ in 0...random.index(below: 2) {
        value = mutated(value, with: stray[random.index(below: stray.count)], &random)
      }
      do throws(InvalidExperiment) {
        let plan = try Plan(
          reading: Array(value.canonicalJSON.utf8), named: "t.json",
          catalogue: TestCatalogue.catalogue)
        planned += 1
        let removed = plan.reductions.map(\.count).reduce(0, +)
        #expect(removed + plan.trials.count == plan.combinationCount)
      } catch {
        #expect(error.diagnostics.allSatisfy { $0.line == 1 && !$0.message.isEmpty })
      }
    }
    #expect(planned > 40)
  }

  /// The value with a random part of it replaced, or a random member renamed.
  private func mutated(
    _ value: SettingValue, with stray: SettingValue, _ random: inout TestNumbers
  ) -> SettingValue {
    switch value {
    case .object(var members) where !members.isEmpty && random.index(below: 5) > 0:
      let place = random.index(below: members.count)
      let inner = mutated(members[place].value, with: stray, &random)
      let isRenamed = random.index(below: 12) == 0
      let other = members[random.index(below: members.count)].name + (isRenamed ? "x" : "")
      members[place] = SettingValue.Member(isRenamed ? other : members[place].name, inner)
      return .object(members)
    case .list(var values) where !values.isEmpty && random.index(below: 5) > 0:
      let place = random.index(below: values.count)
      values[place] = mutated(values[place], with: stray, &random)
      return .list(values)
    default:
      return stray
    }
  }
}
