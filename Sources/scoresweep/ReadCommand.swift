import ArgumentParser
import Foundation
import Results

/// `scoresweep read-elsewhere`: the process that reads a results file which may crash it.
struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-elsewhere",
    abstract: "Reads a results file for another process of this program.", shouldDisplay: false)

  @Argument(help: "The results file.")
  var path: String

  @Argument(help: "What is asked.")
  var request: [String]

  func run() throws {
    let facts = try FileManager.default.attributesOfItem(atPath: path)
    FileFromElsewhere.limitThisProcess(
      readingFileOf: (facts[.size] as? NSNumber)?.intValue ?? 0)
    guard let answer = FileFromElsewhere.answer(reading: path, asked: request) else {
      throw ValidationError("this is for other processes of the program")
    }
    try FileHandle.standardOutput.write(contentsOf: Data(answer))
    // At its end a process lets libhdf5 tidy up what the file left it with.
    _exit(ExitStatus.done.rawValue)
  }
}
