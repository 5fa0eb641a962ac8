import ArgumentParser
import Foundation

/// `scoresweep init`: a file to start from.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a small experiment, with comments, to start from.",
    discussion: "It plans and runs as it is, in seconds. A file that exists is not overwritten.")

  @Argument(help: "The file to write; - prints it.", completion: .file(extensions: ["json"]))
  var file = "experiment.json"

  func run() throws {
    guard file != "-" else { return Output.write(Starter.text(named: "experiment")) }
    let text = Starter.text(named: Starter.name(for: file))
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .withoutOverwriting)
    } catch let error as CocoaError where error.code == .fileWriteFileExists {
      throw Failure.existingFile(file)
    } catch {
      throw Failure.unwritableFile(file, reason: error.localizedDescription)
    }
    Output.note(Words.wroteStarter(file))
  }
}
