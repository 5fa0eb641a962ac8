import Foundation
import Glibc

/// Another process of this program, which reads files from elsewhere in place of this one.
public struct ChildReader: Sendable {
  /// The program.
  public var program: String
  /// Its arguments in front of the file's path and of what is asked.
  public var arguments: [String]

  /// A program and its arguments: it must call ``FileFromElsewhere/limitThisProcess(readingFileOf:)``
  /// and write what ``FileFromElsewhere/answer(reading:asked:)`` gives to stdout.
  public init(program: String, arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// The rows of a file, and what it says about its experiment.
  func rows(of path: String) throws -> (rows: [RecordRow], experiment: StoredExperiment?) {
    try ask(path, .rows) { reader throws(BadAnswer) in
      let rows = try reader.rows()
      return (rows, try reader.optional { reader throws(BadAnswer) in try reader.experiment() })
    }
  }

  /// The records of some rows of a file with heavy parts.
  func records(
    _ contents: RecordContents, of rows: [RecordRow], in path: String
  ) throws -> [TrialRecord] {
    // What the system passes as one argument is bounded.
    let runs = contiguousRuns(rows.map(\.place.row), atMost: .max)
    let largest = 4000
    var records: [TrialRecord] = []
    for start in stride(from: 0, to: runs.count, by: largest) {
      let asked = Array(runs[start..<min(start + largest, runs.count)])
      let count = asked.reduce(0) { $0 + $1.count }
      let part = rows[records.count..<(records.count + count)].map(\.record)
      records += try ask(path, .records(contents, rows: asked)) { reader throws(BadAnswer) in
        try reader.parts(into: part)
      }
    }
    return records
  }

  /// What a file breaks of the format's rules.
  func problems(of path: String) throws -> [String] {
    try ask(path, .problems) { reader throws(BadAnswer) in
      try reader.list { reader throws(BadAnswer) in try reader.text() }
    }
  }

  private func ask<Value>(
    _ path: String, _ request: FileFromElsewhere.Request,
    _ read: (inout AnswerReader) throws(BadAnswer) -> Value
  ) throws -> Value {
    let bytes = try answer(path, request)
    do {
      var reader = try AnswerReader(bytes)
      let kind = try reader.integer()
      guard kind == FileFromElsewhere.Kind.done.rawValue else {
        throw Self.error(kind, try reader.text(), path)
      }
      let value = try read(&reader)
      try reader.finish()
      return value
    } catch is BadAnswer {
      throw ResultsError.corrupt(
        path: path, reason: "the process that read it gave an answer without sense")
    }
  }

  private static func error(_ kind: Int, _ words: String, _ path: String) -> ResultsError {
    switch FileFromElsewhere.Kind(rawValue: kind) {
    case .unknownFormat: .unknownFormat(path: path, found: words)
    case .unreadable: .unreadable(path: path, reason: words)
    default: .corrupt(path: path, reason: words)
    }
  }

  /// Starts the child and takes what it writes.
  private func answer(
    _ path: String, _ request: FileFromElsewhere.Request
  ) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments + [path] + request.words
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = "enable=no"
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw ResultsError.unreadable(
        path: path, reason: "no process could be started to read it: \(error)")
    }
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw ResultsError.corrupt(path: path, reason: Self.death(of: process))
    }
    return bytes
  }

  private static func death(of process: Process) -> String {
    guard process.terminationReason == .uncaughtSignal else {
      return "the process that read it ended with the code \(process.terminationStatus)"
    }
    return switch process.terminationStatus {
    case SIGXCPU, SIGALRM: "reading it took too long"
    case let signal: "reading it ended the process that tried (signal \(signal))"
    }
  }
}
