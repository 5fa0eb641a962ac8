import Testing

@testable import scoresweep

// Seen to fail: leaving the elapsed time out of the estimate.

@Test func theTimeLeftFollowsTheWorkAndNotTheCount() {
  // A quarter of the work took 10 s, so three quarters take 30 s.
  let progress = Progress(finished: 1, total: 100, failed: 0, fraction: 0.25, seconds: 10)
  #expect(progress.secondsLeft == 30)
  #expect(progress.line == "1/100, 10 s, about 30 s left")
}

@Test func beforeTheFirstTrialNoTimeIsPromised() {
  let progress = Progress(finished: 0, total: 4, failed: 0, fraction: 0, seconds: 2)
  #expect(progress.secondsLeft == nil)
  #expect(progress.line == "0/4, 2.0 s")
}

@Test func theBarFitsItsLineAndIsColoredOnlyWhereAsked() {
  let progress = Progress(finished: 2, total: 4, failed: 1, fraction: 0.5, seconds: 60)
  let bar = progress.bar(columns: 60, colored: false)
  #expect(bar.count < 60)
  #expect(bar.hasPrefix("[██"))
  #expect(bar.hasSuffix("] 2/4, 1 failed, 1 min 00 s, about 1 min 00 s left"))
  #expect(!bar.contains("\u{1b}"))
  #expect(progress.bar(columns: 60, colored: true).contains("\u{1b}[33m"))
  for columns in 0...20 {
    #expect(progress.bar(columns: columns, colored: false).count <= max(0, columns - 1))
  }
}

@Test(arguments: [
  (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
  (185, "3 min 05 s"), (3600, "1 h 00 min"), (7_810, "2 h 10 min"), (200_000, "2 days 7 h"),
  (.nan, "an unknown time"),
])
func durationsAreSaidAsPeopleDo(seconds: Double, words: String) {
  #expect(Words.duration(seconds) == words)
}
