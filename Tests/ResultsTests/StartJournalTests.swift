import Testing

@testable import Results

// Seen to fail: with a kill counted like a crash, and with every trial that ever started counted.
struct StartJournalTests {
  private func crashes(_ text: String, kills: Int? = nil) -> [String: StartJournal.Crash] {
    StartJournal.crashes(in: text, memoryKills: kills)
  }

  @Test func aCrashCountsForWhatWasUnderWay() {
    let found = crashes("run 0\nstart a\nstart b\nend a\nstart c\ncrash 11\n")
    #expect(
      found == [
        "b": StartJournal.Crash(count: 1, signal: 11),
        "c": StartJournal.Crash(count: 1, signal: 11),
      ])
  }

  @Test func aKillBlamesNobody() {
    #expect(crashes("run 0\nstart a\nrun 0\nstart a\nrun 0\nstart a\nsta", kills: 0).isEmpty)
  }

  @Test func crashesAreAddedUpOverRuns() {
    let found = crashes("crashed a 1 11\nrun 0\nstart a\ncrash 06\n")
    #expect(found == ["a": StartJournal.Crash(count: 2, signal: 6)])
  }

  @Test func aTrialThatEndsIsCleared() {
    #expect(crashes("crashed a 1 11\nrun 0\nstart a\nend a\ncrash 11\n").isEmpty)
  }

  @Test func aKillForWantOfMemoryIsACrash() {
    let text = "run 3\nstart a\n"
    #expect(crashes(text, kills: 4) == ["a": StartJournal.Crash(count: 1, signal: 9)])
    #expect(crashes(text, kills: 3).isEmpty && crashes(text).isEmpty)
  }

  @Test func aStoreKeepsItsJournalFromRunToRun() throws {
    try withFolder { folder in
      let path = folder + "/x.h5"
      do {
        let store = ResultsStore(path: path)
        let journal = try store.journal(memoryKills: 0)
        journal.began("a")
        #expect(journal.crashes.isEmpty)
        store.unlock()
      }
      let store = ResultsStore(path: path)
      let journal = try store.journal(memoryKills: 1)
      #expect(journal.crashes == ["a": StartJournal.Crash(count: 1, signal: 9)])
    }
  }
}
