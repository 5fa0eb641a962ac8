import Testing

@testable import Experiments
@testable import scoresweep

@Test(arguments: [
  (0, "0 bytes"), (20, "0.0 kB"), (1_500, "1.5 kB"), (999_400, "999 kB"), (999_600, "1.0 MB"),
  (640_000_000, "640 MB"), (7_249_000_000, "7.2 GB"), (64_000_000_000, "64 GB"),
  (2_000_000_000_000, "2.0 TB"),
])
func bytesAreSaidAsPeopleDo(count: Int, words: String) {
  #expect(Words.bytes(count) == words)
}

@Test func theWordsForMemorySayHowManyTrialsItHolds() throws {
  let gigabyte = 1_000_000_000
  let several = try #require(
    MemoryBound([2 * gigabyte, 2 * gigabyte, 1], budget: 3 * gigabyte, jobs: 8))
  #expect(
    Words.memoryBound(several)
      == "memory bounds the run: the largest trials take about 2.0 GB each, and 3.0 GB are free "
      + "for 1 of them at once, not 3")
  let alone = try #require(MemoryBound([4 * gigabyte], budget: 3 * gigabyte, jobs: 8))
  #expect(Words.memoryBound(alone).contains("a tenth too large is not run"))
}
