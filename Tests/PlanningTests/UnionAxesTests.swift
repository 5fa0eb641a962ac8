// What tells the trials of several grids apart stands on an axis, and each cell has the trial that it names.
// Counts are by hand.

import Planning
import Settings
import Testing

@Suite struct UnionAxesTests {
  /// A plan whose trials must differ on its axes, each trial having on them what its settings say.
  private func plan(_ text: String, set: [String] = []) throws -> Plan {
    let plan = try Plan(
      reading: Array("{\"name\": \"t\", \(text)}".utf8), named: "t.json",
      catalogue: TestCatalogue.catalogue, amendments: Amendments(set: set))
    #expect(Set(plan.trials.map(\.axisValues)).count == plan.trials.count)
    return plan
  }

  @Test func settingsOfAUnionInsideAVariantThatIsAnAxisAreAnAxisToo() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"model": ["score-mlp", "quadratic"]},
      "also": [{"base": {"model": {"type": "score-mlp", "hidden": [8]}}, "grid": {"loss": "ism"}}]
      """)
    #expect(plan.axes.map(\.name) == ["model", "loss", "model.hidden", "repeat"])
    #expect(plan.trials.map { $0.axisValues[2] } == [.text("[64,64]"), nil, .text("[8]")])
    #expect(PlanCells(plan)?.trial(at: [0, 0, 1, 0]) == 2)
  }

  @Test func anOptionalGroupThatOneGridHasIsAnAxisWithNoneForTheOther() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"]},
      "also": [{"base": {"training": {"early_stopping": {"patience": 5}}},
                "grid": {"loss": ["ism", "dsm"]}}]
      """)
    #expect(plan.axes.map(\.name) == ["loss", "training.early_stopping", "repeat"])
    #expect(plan.axes[1].values == [.text("none"), .text("{}")])
    #expect(
      (0..<2).flatMap { group in (0..<2).map { PlanCells(plan)?.trial(at: [$0, group, 0]) } }
        == [0, 1, 2, 3])
  }

  @Test func anAxisInAnOptionalGroupDoesNotCoverTrialsWithoutTheGroup() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": "dsm"},
      "also": [{"grid": {"loss": "dsm", "training.early_stopping.patience": [5, 6]}}]
      """)
    #expect(
      plan.axes.map(\.name) == [
        "loss", "training.early_stopping.patience", "training.early_stopping", "repeat",
      ])
    let cells = try #require(PlanCells(plan))
    #expect((0..<2).map { cells.trial(at: [0, $0, 0, 0]) } == [0, 0])
    #expect((0..<2).map { cells.trial(at: [0, $0, 1, 0]) } == [1, 2])
  }

  @Test func aVariantIsCoveredByNoValueThatSaysWhatAnAxisInsideItVaries() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"},
      "grid": {"model": [{"type": "score-mlp", "hidden": [8]}, {"type": "score-mlp", "hidden": [9]}]},
      "also": [{"grid": {"model.hidden": [[8], [16]]}}]
      """)
    // The first of the second grid is the first of the first.
    #expect(plan.trials.count == 3)
    let model = plan.trials[2].axisValues[0]
    #expect(model == .text("score-mlp"))
    #expect(plan.trials[2].axisValues[1] == .text("[16]"))
  }

  @Test func whatTheCommandLineSetsHidesNoSettingOfAUnion() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": "dsm"},
      "also": [{"base": {"training": {"steps": 5}}, "grid": {"loss": "dsm"}}]
      """, set: ["precision=float64"])
    #expect(plan.axes.map(\.name) == ["loss", "training.steps", "repeat"])
  }
}
