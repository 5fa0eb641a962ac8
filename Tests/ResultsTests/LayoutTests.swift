// Names and orders of the file format. Seen to fail: with a new name appended at the end instead of
// after its predecessor.
import Testing

@testable import Results

@Suite struct LayoutTests {
  @Test func mergedListsKeepTheirOrder() {
    #expect(mergedOrder([["a", "b"], ["a", "b"]]) == ["a", "b"])
    #expect(mergedOrder([["b"], ["a", "b"]]) == ["a", "b"])
    #expect(
      mergedOrder([["a", "d"], ["a", "b", "c", "d"], ["d", "e"]]) == ["a", "b", "c", "d", "e"])
    #expect(mergedOrder([["a", "b"], ["b", "a"]]) == ["a", "b"])
    #expect(mergedOrder([[String]]()) == [])
  }

  @Test func columnsDoNotCollide() {
    #expect(Layout.axisColumn("loss") == "loss")
    #expect(Layout.axisColumn("seed") == "axis.seed")
    #expect(Layout.metricColumn("fisher", axes: ["loss"]) == "fisher")
    #expect(Layout.metricColumn("steps", axes: []) == "metric.steps")
    #expect(Layout.metricColumn("loss", axes: ["loss"]) == "metric.loss")
  }

  @Test func anAbsentNumberIsANaNOfItsOwn() {
    #expect(Double.absent.isNaN)
    #expect(Double.absent.isAbsent)
    #expect(!Double.nan.isAbsent)
    #expect(!(-Double.nan).isAbsent)
    #expect(Double.absent.bitPattern & 0xFFFF_FFFF == 1954)  // by which R knows its NA
  }

  @Test func rowsFallIntoRunsOfNeighbours() {
    #expect(contiguousRuns([0, 1, 2, 5, 6, 9], atMost: 10) == [0..<3, 5..<7, 9..<10])
    #expect(contiguousRuns([0, 1, 2, 3, 4], atMost: 2) == [0..<2, 2..<4, 4..<5])
    #expect(contiguousRuns([], atMost: 2) == [])
  }
}
