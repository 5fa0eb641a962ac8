import ArgumentParser
import Experiments
import Foundation
import Planning
import Results

/// How the program ends; scripts rely on the numbers.
enum ExitStatus: Int32 {
  /// All is done.
  case done = 0
  /// The run went through and some trials failed.
  case someTrialsFailed = 1
  /// Files cannot be read or written, or the program itself has a mistake.
  case inputOutput = 2
  /// The command line or the experiment file is wrong.
  case usage = 64
  /// A signal stopped the run; the same command goes on.
  case stopped = 75
}

/// Why a command could not do what it was asked.
enum Failure: Error, Equatable {
  /// The mistakes are on stdout.
  case invalidExperiment
  case noFile(String)
  case existingFile(String)
  case unwritableFile(String, reason: String)
  case unreadableFile(String)
  case noResults(String)
  case experimentForResults(String)
  case unknownTrial(String, file: String)
  case unknownTable(String, known: [String])
  case stopped(done: Int, planned: Int)
  case someTrialsFailed
  case outputClosed
  case unmerged(String, isConflicting: Bool)
  case invalidResults
  case noPlan(String)
}

/// All words of the program that are not data, and the exit codes that go with them.
enum Words {
  /// Says why the program ends, on stderr, and ends it.
  static func exit(_ error: any Error) -> Never {
    let (words, status) = ending(error)
    guard let status else { ScoreSweep.exit(withError: error) }  // usage, help and version
    if let words { Output.note(words) }
    Foundation.exit(status.rawValue)
  }

  /// What is said at the end and the exit code; no code where the argument parser has its own.
  private static func ending(_ error: any Error) -> (words: String?, status: ExitStatus?) {
    switch error {
    case let failure as Failure: (words(for: failure), status(of: failure))
    case let invalid as InvalidExperiment: (invalid.text(Terminal.style), .usage)
    case let refusal as PartsRefusal: (words(for: refusal), status(of: refusal))
    case let results as ResultsError: ("scoresweep: \(results)", .inputOutput)
    case is ExitCode, is ValidationError, is CleanExit: (nil, nil)
    case let error where ScoreSweep.exitCode(for: error) != .failure: (nil, nil)
    case let error: ("scoresweep: \(error)", .inputOutput)
    }
  }

  /// Says that the program needs a newer CPU, with nothing that the linker could take from SIMD code.
  static func sayOldCPU(_ missing: String) {
    func say(_ words: String) { write(STDERR_FILENO, words, strlen(words)) }
    say("scoresweep: this CPU lacks what the program was built for: ")
    say(missing)
    say("\nBuild it for this machine: MARCH=native make build\n")
  }

  private static func status(of failure: Failure) -> ExitStatus {
    switch failure {
    case .noFile, .existingFile, .unwritableFile, .unreadableFile, .noResults,
      .experimentForResults, .outputClosed, .invalidResults, .noPlan:
      .inputOutput
    case .invalidExperiment, .unknownTrial, .unknownTable: .usage
    case .stopped: .stopped
    case .someTrialsFailed, .unmerged: .someTrialsFailed
    }
  }

  private static func status(of refusal: PartsRefusal) -> ExitStatus {
    if case .noResults = refusal { .inputOutput } else { .usage }
  }

  private static func words(for failure: Failure) -> String? {
    switch failure {
    case .noFile(let path): "scoresweep: \(path): there is no such file"
    case .unreadableFile(let path):
      "scoresweep: \(path): cannot be read; is it a file, and may you read it?"
    case .existingFile(let path):
      "scoresweep: \(path): there is such a file already; name another one, or `-` for stdout"
    case .unwritableFile(let path, let reason):
      "scoresweep: \(path): cannot be written: \(reason)"
    case .noResults(let path):
      "scoresweep: \(path): no results there; `scoresweep run FILE -o \(path)` makes them"
    case .experimentForResults(let path):
      "scoresweep: \(path) is an experiment; give its results file, results/NAME.h5 where `run` was not "
        + "told otherwise"
    case .unknownTrial(let id, let file):
      "scoresweep: no single trial has an id that begins with \"\(id)\"; "
        + "`scoresweep plan \(file) --list` prints all ids"
    case .unknownTable(let name, let known):
      "scoresweep: there is no table \"\(name)\"; known: \(known.joined(separator: ", "))"
    case .stopped(let done, let planned):
      "scoresweep: stopped with \(done) of \(planned) trials done; the same command goes on from there"
    case .unmerged(let path, let isConflicting):
      isConflicting
        ? "scoresweep: \(path) is not written: leave the part out whose trials are wrong, or run them again"
        : "scoresweep: \(path) is not written: run what is missing, or say --allow-missing"
    case .noPlan(let path):
      "scoresweep: \(path): the run that makes it has not ended, so that it says no plan yet"
    case .invalidExperiment, .someTrialsFailed, .outputClosed, .invalidResults: nil
    }
  }

  static func wroteStarter(_ path: String) -> String {
    "wrote \(path); `scoresweep plan \(path)` shows what it would run"
  }

  static func checkpointNotKept(_ reason: String) -> String {
    "warning: \(reason); trials go on, and one that is interrupted begins again from its last checkpoint"
  }

  static func checkpointNotUsed(_ id: String, _ reason: String) -> String {
    "trial \(id) begins again: it was interrupted, and what it left cannot be used: \(reason)"
  }

  static func corruptSegment(_ path: String, reason: String) -> String {
    "scoresweep: \(path) is damaged (\(reason)); its trials count as not done"
  }

  static func omittedTable(_ name: String, reason: String) -> String {
    "scoresweep: the table \(name) is left out: it \(reason)"
  }

  static func noPlanYet(_ path: String) -> String {
    "scoresweep: \(path): the run is not finished, so the file does not hold its tables yet; "
      + "--experiment FILE gives them"
  }

  static func unreadableExperiment(_ path: String, mistakes: String) -> String {
    "\(mistakes)scoresweep: \(path): this version cannot read the experiment in the file; "
      + "here is the standard table"
  }
}
