// Laws of the grid language over random grids: zips, rules, excludes and unions as sets of identities. Seen to fail: the
// rows of a zip taken in another order for its second axis, the conditions of `for` ignored, excludes at the top held
// for the first grid only.

import Planning
import Settings
import TestSupport
import Testing

@Suite struct PropertyTests {
  private func plan(_ model: GridModel, _ style: GridModel.Style = .init()) -> Plan? {
    var style = style
    let text = model.json(&style)
    do throws(InvalidExperiment) {
      return try Plan(
        reading: Array(text.utf8), named: "t.json", catalogue: TestCatalogue.catalogue)
    } catch {
      // An axis that only excluded combinations have, or no trial left: no plan to say anything about.
      let kinds: Set<Diagnostic.Kind> = [.unused, .gridSize]
      #expect(error.diagnostics.allSatisfy { kinds.contains($0.kind) }, "\(text)\n\(error)")
      return nil
    }
  }

  private func ids(_ plan: Plan) -> Set<TrialID> { Set(plan.trials.map(\.id)) }

  /// Calls a law with random grids that have a plan.
  private func forRandomGrids(
    _ count: Int, seed: UInt64, _ law: (GridModel, Plan, inout TestNumbers) -> Void
  ) {
    var random = TestNumbers(seed: seed)
    var found = 0
    while found < count {
      let model = GridModel.random(&random)
      guard let plan = plan(model) else { continue }
      found += 1
      law(model, plan, &random)
    }
  }

  @Test func noIdentityTwiceAndEveryCombinationAccountedFor() {
    forRandomGrids(300, seed: 1) { model, plan, _ in
      #expect(ids(plan).count == plan.trials.count)
      for grid in plan.grids {
        let gone = grid.reductions.map(\.count).reduce(0, +)
        #expect(grid.combinationCount == grid.trialCount + gone)
      }
      #expect(plan.grids.map(\.trialCount).reduce(0, +) == plan.trials.count)
      #expect(plan.trials.allSatisfy { $0.axisValues.count == plan.axes.count })
    }
  }

  @Test func orderNumberFormsAndSpeltDefaultsChangeNoIdentity() {
    forRandomGrids(300, seed: 2) { model, plan, random in
      var style = GridModel.Style(random.next())
      style.shuffles = true
      style.restylesNumbers = true
      style.spellsDefaults = random.index(below: 2) == 0
      var copy = style
      let other = self.plan(model, style)
      #expect(other.map(ids) == ids(plan), "\(model.json(&copy))")
    }
  }

  @Test func addingAValueAddsExactlyTheTrialsThatHaveIt() {
    let further = [
      "sigma": "0.75", "slices": "16", "dimension": "32", "loss": "\"ism\"",
      "training.optimizer.learning_rate": "0.3",
    ]
    var compared = 0
    forRandomGrids(300, seed: 3) { model, plan, random in
      let place = random.index(below: model.axes.count)
      guard let value = further[model.axes[place].path] else { return }
      var (wider, only) = (model, model)
      wider.axes[place].values.append(value)
      only.axes[place].values = [value]
      guard let widerPlan = self.plan(wider), let onlyPlan = self.plan(only) else { return }
      #expect(ids(widerPlan) == ids(plan).union(ids(onlyPlan)))
      // Trials that were there keep their places in relation to each other.
      let kept = widerPlan.trials.map(\.id).filter { ids(plan).contains($0) }
      #expect(kept == plan.trials.map(\.id))
      compared += 1
    }
    #expect(compared > 100)
  }

  @Test func anExcludeRemovesExactlyWhatMeetsIt() {
    var compared = 0
    forRandomGrids(300, seed: 4) { model, plan, _ in
      guard !model.excludes.isEmpty else { return }
      var without = model
      without.excludes = []
      guard let whole = self.plan(without) else { return }
      let left = whole.trials.filter { trial in
        let settings = trial.settings
        return !model.excludes.contains { $0.tests.allSatisfy { $0.holds(settings) } }
      }
      // An exclude at the top holds for the whole union, those of a sub-grid for it alone.
      guard model.also.allSatisfy(\.excludes.isEmpty) else { return }
      #expect(plan.trials.map(\.id) == left.map(\.id))
      compared += 1
    }
    #expect(compared > 30)
  }

  @Test func aUnionIsTheUnionOfItsGrids() {
    var compared = 0
    forRandomGrids(400, seed: 5) { model, plan, _ in
      guard let other = model.also.first else { return }
      var (first, second) = (model, other)
      first.also = []
      // The sub-grid on its own: the experiment's base beneath, the experiment's excludes too.
      second.base = model.base + other.base
      guard let firstPlan = self.plan(first) else { return }
      second.excludes += model.excludes
      guard let secondPlan = self.plan(second) else { return }
      #expect(ids(plan) == ids(firstPlan).union(ids(secondPlan)))
      #expect(
        Array(plan.trials.map(\.id).prefix(firstPlan.trials.count)) == firstPlan.trials.map(\.id))
      compared += 1
    }
    #expect(compared > 100)
  }

  @Test func aZipIsTheUnionOfItsRows() {
    var compared = 0
    forRandomGrids(600, seed: 6) { model, plan, _ in
      guard let zip = model.zips.first, model.also.isEmpty else { return }
      var union: Set<TrialID> = []
      for row in zip[0].values.indices {
        var single = model
        single.zips = []
        single.axes += zip.map { GridModel.Axis(path: $0.path, values: [$0.values[row]]) }
        guard let plan = self.plan(single) else { return }
        union.formUnion(ids(plan))
      }
      #expect(ids(plan) == union)
      compared += 1
    }
    #expect(compared > 40)
  }

  @Test func aRuleHoldsForWhatMeetsItAndForNothingElse() {
    var compared = 0
    forRandomGrids(600, seed: 7) { model, plan, _ in
      guard let rule = model.rules.first, model.also.isEmpty,
        let place = model.axes.firstIndex(where: { $0.path == rule.test.path })
      else { return }
      var meeting = model
      meeting.rules = []
      var others = meeting
      meeting.axes[place].values = [rule.test.json]
      meeting.axes += rule.axes
      others.axes[place].values.removeAll { $0 == rule.test.json }
      guard let meetingPlan = self.plan(meeting) else { return }
      var union = ids(meetingPlan)
      if !others.axes[place].values.isEmpty {
        guard let plan = self.plan(others) else { return }
        union.formUnion(ids(plan))
      }
      #expect(ids(plan) == union)
      compared += 1
    }
    #expect(compared > 40)
  }

  @Test func planningTwiceGivesTheSameBytes() {
    forRandomGrids(60, seed: 8) { model, plan, _ in
      let again = self.plan(model)
      #expect(again?.json() == plan.json())
      #expect(again?.description == plan.description)
    }
  }

  @Test func everyTrialAnswersForItsOwnCellAlone() {
    forRandomGrids(150, seed: 9) { _, plan, _ in
      guard let cells = PlanCells(plan) else { return }
      for (index, trial) in plan.trials.enumerated() {
        let places = zip(plan.axes, trial.axisValues).map { axis, value in
          value.flatMap { axis.values.firstIndex(of: $0) } ?? 0
        }
        #expect(cells.trial(at: places) == index)
      }
    }
  }
}
