import Settings

/// What the reference says of mistakes as programs read them.
enum DiagnosticReference {
  /// The section.
  static var section: String {
    let kinds = Diagnostic.Kind.allCases.map { [Markdown.code($0.word), meaning(of: $0)] }
    let parts = [
      "## Mistakes", opening, Markdown.table(["key", "meaning"], keys),
      "The kinds:", Markdown.table(["`kind`", "what is wrong"], kinds),
    ]
    return parts.joined(separator: "\n\n")
  }

  private static let opening = """
    `scoresweep validate FILE` says all mistakes of a file in words, and `scoresweep validate FILE --json` prints them for
    programs: an object with the list `diagnostics`. Where the file is sound, the list is empty and `trials` says how many it
    has; otherwise the exit code is 64. `scoresweep plan FILE --json` prints the same where it cannot print a plan.
    """

  private static let keys = [
    ["`kind`", "one of those below"],
    [
      "`file`",
      "the file, as it was named; an included one; `--set` and `--only` for the command line",
    ],
    ["`line`, `column`", "where it begins, from 1; columns count characters"],
    ["`width`", "how many characters of the line it covers"],
    ["`path`", "where it is in the file: `grid.sigma[2]`; empty for the whole"],
    ["`message`", "what is wrong"],
    ["`expected`", "what would be right, or null"],
    ["`nearest`", "the known name that was probably meant, or null"],
    ["`remedy`", "what to do, or null"],
  ]

  private static func meaning(of kind: Diagnostic.Kind) -> String {
    switch kind {
    case .syntax: "the text is not JSON"
    case .depth: "lists and objects stand in each other too deep"
    case .duplicateKey: "an object says a key twice, or two things have one name"
    case .unrepresentableNumber: "a number is too large or too small for a double"
    case .unknownName: "a key, setting, axis, metric or kind that does not exist"
    case .missing: "something that must be said is not"
    case .wrongType: "a value of another type than the setting takes"
    case .outOfRange: "a value outside the range or the choices of its setting"
    case .unused: "something that says nothing about any trial"
    case .conflict: "two parts that contradict each other"
    case .refused: "a combination of settings that has no meaning"
    case .gridSize: "a grid without trials, or with too many"
    }
  }
}
