// Seen to fail with one of the units for all.
import Testing

@testable import Results

@Suite struct MetricTests {
  @Test func trialsHaveAUnitInCommonOrNone() {
    let (nat, one) = (Metric("a", 1, unit: "nat"), Metric("a", 2))
    #expect(Metric.commonUnit(of: [nat, nat]) == "nat")
    #expect(Metric.commonUnit(of: [nat, one, nat]).isEmpty)
    #expect(Metric.commonUnit(of: []).isEmpty)
  }
}
