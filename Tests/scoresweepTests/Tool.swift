import Foundation
import Testing

/// The built program, run in a folder of its own as a user would.
struct Tool {
  /// What a run of the program left.
  struct Run {
    var status: Int32
    var output: String
    var words: String
  }

  let folder: URL

  /// A tool in a fresh folder, which `remove()` takes away.
  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scoresweep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() {
    do {
      try FileManager.default.removeItem(at: folder)
    } catch {
      Issue.record("\(folder.path) cannot be removed: \(error)")
    }
  }

  /// Does something with a tool and takes its folder away.
  static func with(_ body: (Tool) throws -> Void) throws {
    let tool = try Tool()
    defer { tool.remove() }
    try body(tool)
  }

  /// Writes a file of the folder.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  /// Runs the program to its end, by another program where one is given.
  func run(_ arguments: String..., under runner: [String] = []) throws -> Run {
    let running = try start(arguments, under: runner)
    running.process.waitUntilExit()
    return try running.result()
  }

  /// A program that was started; its channels go to files, so that it never waits for a reader.
  struct Running {
    let process: Process
    let output: URL
    let words: URL

    func wordsSoFar() throws -> String { try String(contentsOf: words, encoding: .utf8) }

    func result() throws -> Run {
      Run(
        status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
        words: try wordsSoFar())
    }
  }

  func start(_ arguments: [String], under runner: [String] = []) throws -> Running {
    let words = runner + [Self.program.path] + arguments
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let output = folder.appendingPathComponent("stdout-\(UUID().uuidString)")
    let notes = folder.appendingPathComponent("stderr-\(UUID().uuidString)")
    try Data().write(to: output)
    try Data().write(to: notes)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: notes)
    try process.run()
    return Running(process: process, output: output, words: notes)
  }

  /// The program stands beside the test's own executable.
  private static var program: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("scoresweep")
  }
}

/// Experiment files that take no time.
enum Example {
  /// Two losses, two noise scales for one of them, two repeats: six trials.
  static func experiment(steps: Int = 20, data: String = #"{ "type": "gaussian" }"#) -> String {
    """
    {
      "name": "example",
      "title": "Two losses",
      "base": {
        "data": \(data),
        "model": { "type": "score-mlp", "hidden": [8] },
        "training": { "steps": \(steps), "batch": 16 }
      },
      "grid": { "loss": ["ism", "dsm"], "sigma": [0.1, 0.3], "repeat": 2 },
      "metrics": ["implicit_score_matching"],
      "tables": [
        { "name": "main", "rows": "loss", "columns": "sigma", "value": "implicit_score_matching" }
      ]
    }
    """
  }
}
