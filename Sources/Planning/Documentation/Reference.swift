import Settings

/// The reference of experiment files, a page of Markdown made from the declarations.
public enum Reference {
  /// The page for the experiments that a catalogue allows.
  public static func markdown(for catalogue: Catalogue) -> String {
    let settings = SettingsReference(catalogue)
    let parts: [String] = [
      opening,
      "## The file",
      Markdown.table(
        ["key", "value", "where it is not said", "meaning"],
        LanguageReference.topKeys.map {
          [Markdown.code($0.name), $0.value, $0.absent, $0.meaning]
        }),
    ]
    let language = LanguageReference.sections.flatMap { section in
      [
        "### \(section.title)", section.text, Markdown.block(section.example), section.notes,
      ].compactMap { $0 }
    }
    let rest =
      ["## Settings", settingsOpening, settings.contents] + settings.sections
      + [settings.measurements, DiagnosticReference.section]
    return (parts + language + rest).joined(separator: "\n\n") + "\n"
  }

  private static let opening = """
    # Experiment files, key by key

    <!-- Made by `scoresweep schema --markdown` from the declarations; do not edit it by hand. -->

    An experiment file is JSON, in which `//` begins a comment. It names settings that all trials share (`base`), what
    varies (`grid`), what is measured and which tables are printed. `scoresweep init` writes one to start from,
    `scoresweep plan FILE` shows its trials, and `scoresweep validate FILE` says every mistake at once, with line and column.
    [examples](examples) has a file for each form of grid.

    - A setting inside another is named by its path: `training.optimizer.learning_rate`. In `base` it may be written as
      nested objects; in `grid` and in conditions its path is the key.
    - Where a setting has kinds, `{ "type": "adam" }` may be written `"adam"`, and the other keys of the object depend on the type.
    - `1`, `1.0` and `1e0` are the same number. What is not said has its default, and saying the default changes nothing.
    - A trial is identified by what is set in it, never by its place in the file: [identity.md](identity.md) has the rule.
    """

  private static let settingsOpening = """
    Every setting may stand in `base` (but for `repeat`), be an axis of `grid`, and be asked for in a condition. One that does
    not apply to a trial (`sigma` where the loss is not `dsm`) is absent from it. What applies to no trial is a mistake.
    """
}
