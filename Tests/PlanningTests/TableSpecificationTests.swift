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
}
