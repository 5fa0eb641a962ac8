import Planning
import Results
import Testing

@testable import Reports

// Seen to fail: comparing unrounded means breaks the tie, comparing over failures the survivors,
// comparing with an exact zero at its own whole digit.

@Test func whatReadsTheSameAsTheBestIsMarkedToo() {
  // esm 0.110±0.010 and ism 0.10970±0.00010 read the same at three decimals.
  let table = Table(ExampleTrials.specification(), of: ExampleTrials.trials)
  #expect(table.cells.map { $0[0].isBest } == [true, true, false])
  #expect(table.cells.map { $0[1].isBest } == [true, false, false])
  #expect(table.bestLegend == "lowest in each column")
}

@Test func anExactZeroBeatsWhateverDoesNotReadAsZero() {
  let exact = (0..<3).map { ExampleTrials.record("esm", nil, 2, $0, 0) }
  let records = exact + ExampleTrials.records.filter { !exact.map(\.id).contains($0.id) }
  let table = Table(
    ExampleTrials.specification(), of: Trials(axes: ExampleTrials.axes, records: records))
  #expect(table.cells.map { $0[0].isBest } == [true, false, false])
}

@Test func theHighestIsMarkedWhereThatIsBetter() {
  let table = Table(ExampleTrials.specification(best: .highest), of: ExampleTrials.trials)
  #expect(table.cells.map { $0[1].isBest } == [false, false, true])
}

@Test func nothingIsMarkedUnlessTheExperimentAsksForIt() {
  let table = Table(ExampleTrials.specification(best: nil), of: ExampleTrials.trials)
  #expect(table.cells.joined().filter(\.isBest).isEmpty)
  #expect(table.bestLegend == nil)
}

@Test func anAverageOverSurvivorsDoesNotCompete() {
  let table = Table(ExampleTrials.specification(), of: ExampleTrials.troubledTrials)
  #expect(table.cells.map { $0[0].isBest } == [false, true, false])
}

@Test func lossesAcrossTheTableCompeteAlongTheirRow() {
  let specification = ExampleTrials.specification(rows: "dimension", columns: "loss")
  let table = Table(specification, of: ExampleTrials.trials)
  #expect(table.cells[0].map(\.isBest) == [true, true, false])
  #expect(table.cells[1].map(\.isBest) == [true, false, false])
  #expect(table.bestLegend == "lowest in each row")
}

@Test func aSingleRowHasNothingToCompareWith() {
  let condition = Condition("loss", .oneOf([.text("esm")]))
  let table = Table(ExampleTrials.specification(conditions: [condition]), of: ExampleTrials.trials)
  #expect(table.cells.joined().filter(\.isBest).isEmpty)
}

@Test func footnotesAreLetteredPastTheAlphabet() {
  #expect(Table.letter(0) == "a")
  #expect(Table.letter(25) == "z")
  #expect(Table.letter(26) == "aa")
}
