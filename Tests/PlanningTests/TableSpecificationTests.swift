import Planning
import Settings
import Testing

@Suite struct TableSpecificationTests {
  @Test func aTableIsReadWithItsDefaults() throws {
    let plan = try plan(
      grid: """
        {"loss": ["ism", "ssm", "dsm"], "sigma": [0.1, 0.3], "slices": [1, 4],
         "dimension": [2, 4, 8], "repeat": 3}
        """,
      more: """
        , "metrics": ["fisher_divergence", {"type": "tweedie_mse", "sigma": 0.3}],
        "tables": [
          {"name": "main", "title": "Losses", "rows": "loss", "columns": "dimension",
           "value": "fisher_divergence", "statistic": "mean±se", "best": "lowest",
           "select": {"over": ["sigma", "slices"], "by": "validation_fisher_divergence"},
           "where": {"dimension": {"above": 2}}},
          {"name": "time", "rows": "dimension", "columns": "loss", "value": "seconds",
           "select": {"over": ["sigma", "slices"], "by": "tweedie_mse", "best": "highest"}}
        ]
        """)
    let metrics = plan.experiment.metrics
    #expect(metrics.map(\.name) == ["fisher_divergence", "tweedie_mse_sigma_0.3"])
    #expect(metrics[1].settings == .object(["type": .text("tweedie_mse"), "sigma": .number(0.3)]))
    let main = TableSpecification(
      name: "main", title: "Losses", rows: "loss", columns: "dimension",
      value: "fisher_divergence", statistic: .meanAndError,
      select: .init(over: ["sigma", "slices"], by: "validation_fisher_divergence", best: .lowest),
      best: .lowest, conditions: [Condition("dimension", .within([.init(.above, .number(2))]))])
    let time = TableSpecification(
      name: "time", title: "time", rows: "dimension", columns: "loss", value: "seconds",
      statistic: .meanAndDeviation,
      select: .init(over: ["sigma", "slices"], by: "tweedie_mse_sigma_0.3", best: .highest),
      best: nil, conditions: [])
    #expect(plan.experiment.tables == [main, time])
  }

  private func tables(_ tables: String, grid: String = #"{"dimension": [2, 4], "repeat": 3}"#)
    throws
    -> [TableSpecification]
  {
    try plan(
      grid: grid, base: #"{"data": "gaussian", "loss": "dsm"}"#,
      more: #", "metrics": ["fisher_divergence"], "tables": [\#(tables)]"#
    ).tables
  }

  @Test func columnsMayBeAbsent() throws {
    let found = try tables(#"{"name": "a", "rows": "dimension", "value": "fisher_divergence"}"#)
    #expect(found.map(\.columns) == [nil] && found.map(\.sides) == [["dimension"]])
    #expect(throws: InvalidExperiment.self) {
      try tables(#"{"name": "a", "columns": "dimension", "value": "fisher_divergence"}"#)
    }
  }

  @Test func rowsAndColumnsMayBeTheSameInAllTrials() throws {
    let found = try tables(
      """
      {"name": "a", "rows": "dimension", "columns": "loss", "value": "fisher_divergence"},
      {"name": "b", "rows": "sigma", "columns": "dimension", "value": "fisher_divergence"},
      {"name": "c", "rows": "data", "columns": "training.steps", "value": "seconds",
       "where": {"dimension": 2}}
      """)
    #expect(found.map(\.columns) == ["loss", "dimension", "training.steps"])
    // What an axis would mix is refused as before.
    let mixed = #"{"name": "c", "rows": "loss", "columns": "sigma", "value": "fisher_divergence"}"#
    let error = try #require(throws: InvalidExperiment.self) { try tables(mixed) }
    #expect(
      error.diagnostics.map(\.message) == [
        "the table would mix the values of dimension in its cells"
      ])
  }

  @Test func rowsThatNoTrialHasOrThatDoNotExistAreMistakes() throws {
    func message(_ rows: String) throws -> Diagnostic? {
      let text = #"{"name": "a", "rows": "\#(rows)", "columns": "dimension", "value": "seconds"}"#
      return try #require(throws: InvalidExperiment.self) { try tables(text) }.diagnostics.first
    }
    #expect(try message("slices")?.message == "the table names slices, which no trial has")
    #expect(try message("los")?.nearest == "loss")
    #expect(try message("dimensio")?.nearest == "dimension")
  }

  /// A part of an axis tells trials apart as the axis does.
  @Test func aSettingInsideAnAxisPartsTheRows() throws {
    let grid =
      #"{"data": ["gaussian", {"type": "gaussian-mixture", "components": 3}], "repeat": 2}"#
    let found = try plan(
      grid: grid, base: "{}",
      more: #", "tables": [{"name": "a", "rows": "data.type", "value": "seconds"}]"#)
    #expect(found.tables.count == 1)
  }
}
