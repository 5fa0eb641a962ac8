import ArgumentParser
import Experiments
import Planning
import Settings

/// `scoresweep schema`: what an experiment file may say.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of experiment files, or their reference.",
    discussion: "Editors complete and check files that name the schema in \"$schema\".")

  @Flag(help: "Print the reference of all keys and settings, as Markdown.")
  var markdown = false

  @Flag(help: "Print the frozen defaults that trials' identities leave out, as JSON.")
  var defaults = false

  func validate() throws {
    guard !markdown || !defaults else {
      throw ValidationError("--markdown and --defaults exclude each other; give one of them")
    }
  }

  func run() {
    Output.write(
      markdown
        ? Reference.markdown(for: .scoreSweep)
        : defaults ? DefaultsTable(.scoreSweep).json : Schema.json(for: .scoreSweep))
  }
}
