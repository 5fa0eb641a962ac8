// Seen to fail: the mistakes as words beside the JSON.

import Foundation
import Testing

@Suite struct ValidateCommandTests {
  private let broken = #"{ "name": "x", "base": { "data": "gausian" }, "grid": { "loss": "ism" } }"#

  @Test func aSoundFileIsValidWithItsTrialsCounted() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      let run = try tool.run("validate", "example.json")
      #expect(run.status == 0)
      #expect(run.output == "valid: 6 trials\n")
      #expect(run.words.isEmpty)
      let json = try tool.run("validate", "example.json", "--json")
      #expect(json.output == "{\"diagnostics\":[],\"trials\":6}\n")
    }
  }

  @Test(arguments: ["validate", "plan"])
  func mistakesAreWordsOrJSONAndNeverBoth(command: String) throws {
    try Tool.with { tool in
      try tool.write(broken, to: "broken.json")
      let words = try tool.run(command, "broken.json")
      #expect(words.status == 64)
      #expect(words.output.isEmpty)
      #expect(words.words.contains("did you mean \"gaussian\"?"))
      #expect(!words.words.contains("\u{1b}"))
      let json = try tool.run(command, "broken.json", "--json")
      #expect(json.status == 64)
      #expect(json.words.isEmpty)
      let object =
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let mistakes = try #require(object?["diagnostics"] as? [[String: Any]])
      #expect(mistakes.count == 1)
      #expect(mistakes.first?["path"] as? String == "base.data")
      #expect(mistakes.first?["nearest"] as? String == "gaussian")
      #expect(try tool.run(command, "nowhere.json", "--json").status == 2)
    }
  }
}
