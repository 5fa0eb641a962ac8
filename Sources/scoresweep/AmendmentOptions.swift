import ArgumentParser
import Planning

/// The options that change an experiment from the command line.
struct AmendmentOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Set a setting, or an axis with several values: --set sigma=0.1,0.2. Can be repeated.",
      discussion: "Values are words or JSON, separated by commas.", valueName: "path=values"))
  var changes: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Keep only the trials that meet a test: --only loss=dsm. Can be repeated.",
      discussion: "A test is a value, several, or a condition as in \"where\".",
      valueName: "path=test"))
  var only: [String] = []

  /// What is changed.
  var amendments: Amendments { Amendments(set: changes, only: only) }
}
