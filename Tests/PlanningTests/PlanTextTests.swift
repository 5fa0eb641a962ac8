import Planning
import Settings
import TestSupport
import Testing

@Suite struct PlanTextTests {
  private func example() throws -> Plan {
    let text = """
      {
        "name": "quickstart", "title": "five losses", "seed": 2019,
        "base": { "data": { "type": "gaussian-mixture", "components": 4 }, "training": { "steps": 100 } },
        "grid": {
          "loss": ["ism", "ssm", "ssm", "dsm"],
          "sigma": { "geometric": [0.01, 1, 3] },
          "slices": [2, 4],
          "dimension": { "linear": [2, 20, 10] },
          "repeat": 3
        },
        "exclude": [
          { "where": { "loss": "ism", "dimension": { "above": 16 } }, "because": "d backward passes" },
          { "where": { "sigma": 0.1, "dimension": 20 } }
        ]
      }
      """
    return try Plan(
      reading: Array(text.utf8), named: "t.json", catalogue: TestCatalogue.catalogue)
  }

  @Test func thePlanIsToldWithItsReductions() throws {
    let plan = try example()
    expectSnapshot(plan.description, named: "plan")
  }

  @Test func trialsAreListedAndExplained() throws {
    let plan = try example()
    let lines = plan.listing.split(separator: "\n")
    #expect(lines.count == plan.trials.count)
    expectSnapshot(lines.suffix(4).joined(separator: "\n") + "\n", named: "plan-list")
    let id = plan.trials[100].id.description
    let explanation = try #require(plan.explanation(of: String(id.prefix(10))))
    expectSnapshot(explanation, named: "plan-explain")
    #expect(plan.explanation(of: "") == nil)
    #expect(plan.explanation(of: "xyz") == nil)
  }

  @Test func theJSONSaysTheSame() throws {
    let plan = try example()
    let value = try #require(SettingValue(json: plan.json()))
    #expect(value["name"] == .text("quickstart"))
    #expect(value["plan_sha256"] == .text(plan.digest))
    #expect(value.integer("combinations") == plan.combinationCount)
    let trials = value.list("trials")
    #expect(trials.map { $0["id"] } == plan.trials.map { .text($0.id.description) })
    #expect(trials.map { $0["settings"] } == plan.trials.map(\.settings))
    #expect(trials[0]["axes.sigma"] == .null)
    let removed = value.list("reductions").map { $0.integer("count") }.reduce(0, +)
    #expect(removed + trials.count == plan.combinationCount)
  }
}
