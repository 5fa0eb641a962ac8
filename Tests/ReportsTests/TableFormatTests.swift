import Planning
import Results
import TestSupport
import Testing

@testable import Reports

// Snapshots in Snapshots/, re-recorded by RECORD_SNAPSHOTS=1. Seen to fail: one changed character.

@Test(arguments: TableFormat.allCases)
func aTableReadsAsItsSnapshot(format: TableFormat) {
  let table = Table(ExampleTrials.specification(), of: ExampleTrials.troubledTrials)
  expectSnapshot(format.render([table]), named: "main-\(format.rawValue)")
}

@Test(arguments: TableFormat.allCases)
func namesFullOfSpecialCharactersAreEscaped(format: TableFormat) {
  let title = "50% of \"a_b\" | {x^2} & $y$ ~ <#>\\, *z*"
  let specification = ExampleTrials.specification(
    title: title, columns: "sigma", selects: false,
    conditions: [Condition("dimension", .oneOf([.number(8)]))])
  let table = Table(specification, of: ExampleTrials.trials)
  expectSnapshot(format.render([table]), named: "escaped-\(format.rawValue)")
}

@Test func smallNumbersCarryAPowerOfTenInEveryFormat() {
  let trials = Trials(
    axes: ExampleTrials.axes,
    records: ExampleTrials.records.map { record in
      var record = record
      record.metrics = [
        Metric("fisher_divergence", (record.metric("fisher_divergence") ?? 0) * 1e-7)
      ]
      return record
    })
  let table = Table(ExampleTrials.specification(), of: trials)
  #expect(table.text.contains("(1.10±0.10)e-8"))
  #expect(table.markdown.contains("**(1.10 ± 0.10) × 10<sup>-8</sup>**"))
  #expect(table.latex.contains(#"$(\mathbf{1.10} \pm \mathbf{0.10}) \times 10^{-8}$"#))
}

@Test func severalTablesStandOneAfterTheOther() {
  let table = Table(ExampleTrials.specification(), of: ExampleTrials.trials)
  #expect(TableFormat.text.render([table, table]) == table.text + "\n\n" + table.text)
}
