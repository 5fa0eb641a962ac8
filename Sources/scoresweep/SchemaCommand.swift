import ArgumentParser
import Experiments
import Planning
import Settings

/// `scoresweep schema`: what an experiment file may say.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of experiment files.",
    discussion: "Editors complete and check files that name it in \"$schema\".")

  func run() {
    Output.write(Schema.json(for: .scoreSweep))
  }
}
