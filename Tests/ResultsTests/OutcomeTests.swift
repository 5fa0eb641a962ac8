// Words that stand in results files. Seen to fail: with a status renamed.
import Results
import Testing

@Suite struct OutcomeTests {
  @Test func theWordsOfAStatusAreFixed() {
    #expect(
      Status.allCases.map(\.rawValue) == [
        "completed", "diverged", "failed", "timed-out", "out-of-memory", "crashed",
      ])
  }
}
