import Foundation
import TestSupport
import Testing

// Seen to fail: exchanging the exit codes 2 and 64 in Words.swift.

@Suite struct RunCommandTests {
  @Test func aRunLeavesItsResultsAndSaysWhereOnStderrOnly() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      let run = try tool.run("run", "example.json")
      #expect(run.status == 0)
      #expect(run.output.isEmpty)
      #expect(run.words.contains("running 6 trials"))
      #expect(run.words.contains("6 of 6 trials completed"))
      #expect(run.words.contains("results in results/example.h5"))
      #expect(tool.exists("results/example.h5"))
      #expect(!run.words.contains("\u{1b}"))
    }
  }

  @Test func runningAgainRunsNothingAndAWiderGridOnlyWhatIsNew() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      #expect(try tool.run("run", "example.json").status == 0)
      #expect(try tool.run("run", "example.json").words.contains("all 6 trials are done"))
      let wider = Example.experiment().replacingOccurrences(of: "[0.1, 0.3]", with: "[0.1, 0.3, 1]")
      try tool.write(wider, to: "example.json")
      let run = try tool.run("run", "example.json")
      #expect(run.words.contains("running 2 trials; 6 are done already"))
    }
  }

  @Test func quietRunsSayNothing() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(), to: "example.json")
      let run = try tool.run("run", "example.json", "--quiet", "-o", "out.h5", "-j", "1")
      #expect(run.status == 0)
      #expect(run.output.isEmpty)
      #expect(run.words.isEmpty)
      #expect(tool.exists("out.h5"))
    }
  }

  @Test func failedTrialsAreToldAndEndTheRunWithOne() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(steps: 100_000), to: "example.json")
      let run = try tool.run("run", "example.json", "--timeout", "0.001")
      #expect(run.status == 1)
      #expect(run.words.contains("(loss ism, repeat 0) timed-out"))
      #expect(run.words.contains("0 of 6 trials completed, 6 failed"))
      #expect(try tool.run("table", "results/example.h5").output.contains("2 of 2 timed out"))
      #expect(try tool.run("run", "example.json", "--timeout", "0.001").words.contains("all 6"))
      let again = try tool.run(
        "run", "example.json", "--timeout", "0.001", "--retry-failed", "--fail-fast", "-j", "1")
      #expect(again.status == 1)
      #expect(again.words.contains("running 6 trials"))
    }
  }

  @Test func aMissingDataFileIsToldBeforeAnyTrialRuns() throws {
    try Tool.with { tool in
      let data = #"{ "type": "csv", "path": "nowhere.csv" }"#
      try tool.write(Example.experiment(data: data), to: "example.json")
      let run = try tool.run("run", "example.json")
      #expect(run.status == 2)
      #expect(run.words.contains("nowhere.csv"))
      #expect(run.words.contains("DATA_DIR"))
    }
  }

  @Test func anInvalidExperimentIsRefusedWithItsPlacesAndWritesNothing() throws {
    try Tool.with { tool in
      let text = Example.experiment().replacingOccurrences(of: "\"sigma\"", with: "\"sigmo\"")
      try tool.write(text, to: "example.json")
      let run = try tool.run("run", "example.json")
      #expect(run.status == 64)
      #expect(run.words.contains("example.json:9:"))
      #expect(run.words.contains("did you mean \"sigma\"?"))
      #expect(!tool.exists("results"))
    }
  }

  @Test func filesThatCannotBeReadOrWrittenEndWithTwo() throws {
    try Tool.with { tool in
      #expect(try tool.run("run", "nothing.json").status == 2)
      #expect(try tool.run("run", ".").status == 2)
      try tool.write(Example.experiment(), to: "example.json")
      let run = try tool.run("run", "example.json", "-o", "example.json/x.h5")
      #expect(run.status == 2)
      #expect(run.words.contains("example.json"))
    }
  }

  @Test func aRunThatIsKilledAgainAndAgainEndsWithTheSameNumbers() throws {
    try Tool.with { tool in
      try tool.write(Example.experiment(steps: 3000), to: "example.json")
      #expect(try tool.run("run", "example.json", "-o", "whole.h5").status == 0)
      for milliseconds in [30, 110, 70, 150, 90] {
        let running = try tool.start(["run", "example.json", "-o", "parts.h5", "-j", "1"])
        usleep(useconds_t(milliseconds * 1000))
        kill(running.process.processIdentifier, SIGKILL)
        running.process.waitUntilExit()
      }
      #expect(try tool.run("run", "example.json", "-o", "parts.h5").status == 0)
      #expect(!tool.exists("parts.h5.d"))
      let whole = try tool.run("table", "whole.h5", "--format", "csv").output
      let parts = try tool.run("table", "parts.h5", "--format", "csv").output
      #expect(whole == parts && whole.contains("dsm"))
    }
  }

  /// Thread Sanitizer keeps signals back until the run is over.
  @Test(.enabled(if: !isSanitized))
  func aStoppedRunEndsWithSeventyFiveAndGoesOnToTheSameNumbers() throws {
    try Tool.with { tool in
      let text = Example.experiment(steps: 3000)
      try tool.write(text, to: "example.json")
      #expect(try tool.run("run", "example.json", "-o", "whole.h5").status == 0)
      let running = try tool.start(["run", "example.json", "-o", "parts.h5", "-j", "1"])
      // The signal must find the run listening; its first words say that it is.
      while try running.wordsSoFar().isEmpty && running.process.isRunning { usleep(5000) }
      running.process.interrupt()
      running.process.waitUntilExit()
      let stopped = try running.result()
      #expect(stopped.status == 75)
      #expect(stopped.words.contains("the same command goes on"))
      #expect(try tool.run("run", "example.json", "-o", "parts.h5").status == 0)
      let whole = try tool.run("table", "whole.h5", "--format", "csv").output
      let parts = try tool.run("table", "parts.h5", "--format", "csv").output
      #expect(whole == parts)
    }
  }
}
