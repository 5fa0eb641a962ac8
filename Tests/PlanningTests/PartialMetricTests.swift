// Seen to fail: trials alike counted once.

import Planning
import Settings
import Testing

@Suite struct PartialMetricTests {
  /// A catalogue in which data from a table have no exact score and `ism` has no noise.
  static let catalogue = Catalogue(
    settings: TestCatalogue.catalogue.settings, metrics: TestCatalogue.metrics, rules: [],
    availability: MetricAvailability(ignoring: ["repeat", "training", "sigma"]) { trial in
      { metric in
        switch metric.text("type") {
        case "fisher_divergence" where trial.text("data.type") == "table": "no exact score"
        case "tweedie_mse" where !trial.has("sigma"): "no noise with \(trial.text("loss"))"
        case "tweedie_mse" where trial.has("dimension") && trial.integer("dimension") > 4:
          "too many dimensions"
        default: nil
        }
      }
    })

  private func plan(
    _ grid: String, data: String = #""gaussian""#, metrics: String, more: String = "",
    amendments: Amendments = Amendments(), files: [String: String] = [:]
  ) throws(InvalidExperiment) -> Plan {
    try Plan(
      reading: Array(
        """
        { "name": "t", "base": { "data": \(data) },
          "grid": { \(grid) },
          "metrics": [\(metrics)]\(more) }
        """.utf8), named: "t.json", catalogue: Self.catalogue,
      including: IncludableFiles { files[$0].map { Array($0.utf8) } }, amendments: amendments)
  }

  @Test func aMetricOfNoTrialIsAMistakeAtItsPlaceWithEveryReason() throws {
    let error = try #require(throws: InvalidExperiment.self) {
      try plan(
        #""loss": ["ism", "esm"], "repeat": 3"#, data: #"{ "type": "table", "path": "x" }"#,
        metrics: #""implicit_score_matching", { "type": "tweedie_mse" }, "fisher_divergence""#)
    }
    #expect(error.diagnostics.map(\.path) == ["metrics[1]", "metrics[2]"])
    #expect(error.diagnostics.allSatisfy { $0.kind == .unused && $0.line == 3 })
    #expect(
      error.diagnostics.map(\.message) == [
        "no trial has the metric tweedie_mse: no noise with ism (3 trials); no noise with esm (3 trials)",
        "no trial has the metric fisher_divergence: no exact score (6 trials)",
      ])
  }

  @Test func ofAMetricThatSomeTrialsHaveThePlanSaysHowMany() throws {
    let plan = try plan(
      #""loss": ["ism", "dsm"], "sigma": [0.1, 0.2], "dimension": [2, 8], "repeat": 3"#,
      metrics: #""tweedie_mse", "fisher_divergence""#)
    #expect(plan.trials.count == 18)
    let partial = try #require(plan.partialMetrics.first)
    #expect(plan.partialMetrics.count == 1)
    #expect(partial.name == "tweedie_mse" && partial.trialCount == 6)
    #expect(partial.absences.map(\.reason) == ["no noise with ism", "too many dimensions"])
    #expect(partial.absences.map(\.count) == [6, 6])
    #expect(
      plan.description.hasSuffix(
        """
        6 of 18 trials have the metric tweedie_mse, not the others: no noise with ism (6 trials); \
        too many dimensions (6 trials)

        """))
    #expect(
      plan.json().contains(
        #"{"absences":[{"count":6,"reason":"no noise with ism"},{"count":6,"reason":"too many dimensions"}],"name":"tweedie_mse","trials":6}"#
      ))
  }

  /// A selection of the command line may leave a metric without trials; an included file's may be for others.
  @Test func whatOthersAskForIsNoMistake() throws {
    let selected = try plan(
      #""loss": ["ism", "dsm"]"#, metrics: #""tweedie_mse""#,
      amendments: Amendments(only: ["loss=ism"]))
    #expect(selected.partialMetrics.map(\.trialCount) == [0])
    #expect(
      selected.description.hasSuffix(
        "no trial has the metric tweedie_mse: no noise with ism (1 trial)\n"))
    let text =
      #"{ "name": "t", "include": "m.json", "base": { "data": "gaussian" }, "grid": { "loss": "ism" } }"#
    let included = try Plan(
      reading: Array(text.utf8), named: "t.json", catalogue: Self.catalogue,
      including: IncludableFiles { _ in Array(#"{ "metrics": ["tweedie_mse"] }"#.utf8) })
    #expect(included.partialMetrics.map(\.trialCount) == [0])
  }

  @Test func mistakesOfTablesAndMetricsAreToldTogether() throws {
    let error = try #require(throws: InvalidExperiment.self) {
      try plan(
        #""loss": ["ism", "esm"], "dimension": [2, 4]"#, metrics: #""tweedie_mse""#,
        more: #", "tables": [{ "name": "a", "rows": "loss", "value": "tweedie_mse" }]"#)
    }
    #expect(error.diagnostics.map(\.kind) == [.unused, .conflict])
  }
}
