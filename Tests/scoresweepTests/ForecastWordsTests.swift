import Testing

@testable import Experiments
@testable import scoresweep

struct ForecastWordsTests {
  private func forecast(
    _ counts: Forecast.Counts, jobs: Int = 2, mayStopEarly: Bool = false, measured: Int = 0,
    unknown: Int = 0, measuringPart: Double = 0.5, bound: MemoryBound? = nil
  ) -> Forecast {
    Forecast(
      counts: counts, jobs: jobs, expected: Forecast.Time(core: 62, wall: 31),
      atMost: Forecast.Time(core: 92, wall: 46), measuringPart: measuringPart,
      mayStopEarly: mayStopEarly, measuredTrials: measured,
      unreadable: unknown == 0 ? [] : [.init(reason: "x.csv: empty", trialCount: unknown)],
      sampledKinds: 1, kinds: 1,
      bytes: 12_000_000,
      largestTrialBytes: 7_000_000, memoryBound: bound)
  }

  @Test func aNewSweepIsSaidInThreeLines() {
    #expect(
      Words.forecast(forecast(Forecast.Counts(new: 180)), results: "results/a.h5") == """
        results    none in results/a.h5: all 180 are new
        predicted  about 31 s, 2 at a time; 1 min 02 s of one core
        memory     12 MB for 2 of the largest trials at once, 7.0 MB for one

        """)
  }

  @Test func whatIsDoneWhatFailedAndWhatIsStaleAreCounted() {
    let counts = Forecast.Counts(done: 60, failed: 2, new: 118, stale: 4)
    let text = Words.forecast(
      forecast(counts, mayStopEarly: true, measured: 60, unknown: 3), results: "a.h5")
    #expect(
      text.hasPrefix(
        """
        results     60 done, 2 failed, 118 new, 4 stale (no longer in the grid) in a.h5
        predicted   about 31 s, 2 at a time, and at most 46 s: trials may stop early; 1 min 02 s of one \
        core; by 60 finished trials; without 3 whose data cannot be read
        """))
    #expect(text.hasSuffix("\nunreadable  3 trials: x.csv: empty\n"))
  }

  @Test func metricsThatTakeMostOfTheTimeAreNamed() {
    let counts = Forecast.Counts(new: 2)
    #expect(
      Words.forecast(forecast(counts, measuringPart: 0.834), results: "a.h5")
        .contains("about 31 s, 2 at a time, of which sampling and metrics take 83 %; "))
    #expect(!Words.forecast(forecast(counts), results: "a.h5").contains("metrics"))
  }

  @Test func aFinishedSweepTakesNoTime() {
    let counts = Forecast.Counts(done: 6)
    #expect(
      Words.forecast(forecast(counts), results: "a.h5") == "results  6 done, 0 new in a.h5\n")
  }

  @Test func memoryThatIsTooSmallIsSaid() throws {
    let bound = try #require(MemoryBound([9, 9], budget: 10, jobs: 2))
    let text = Words.forecast(forecast(Forecast.Counts(new: 2), bound: bound), results: "a.h5")
    #expect(text.contains("memory bounds the run"))
    let one = Words.forecast(forecast(Forecast.Counts(new: 1), jobs: 1), results: "a.h5")
    #expect(one.contains("about 31 s, one at a time\n"))
    #expect(one.contains("7.0 MB for the largest trial\n"))
  }
}
