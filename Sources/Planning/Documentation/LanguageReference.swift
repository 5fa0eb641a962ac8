/// What the reference says of the keys of an experiment file, each with an example.
enum LanguageReference {
  /// A key at the top of a file; the texts are Markdown.
  struct Key: Sendable {
    let name: String
    let value: String
    let absent: String
    let meaning: String

    init(_ name: String, _ value: String, absent: String, _ meaning: String) {
      self.name = name
      self.value = value
      self.absent = absent
      self.meaning = meaning
    }
  }

  /// A section about some keys.
  struct Section: Sendable {
    let title: String
    let text: String
    /// Members of an experiment file.
    let example: String
    /// What follows the example.
    var notes: String?
  }

  static let topKeys = [
    Key("$schema", "text", absent: "", "a file of the JSON Schema, for editors; not read"),
    Key("name", "a word", absent: "must be said", "the results file is `results/NAME.h5`"),
    Key("title", "text", absent: "the name", "stands over tables"),
    Key("seed", "a whole number from 0", absent: "0", "all random draws follow from it"),
    Key(
      "include", "a path, or a list", absent: "",
      "files whose settings hold where this one is silent"),
    Key(
      "base", "an object", absent: "defaults",
      "settings of every trial, unless an axis says otherwise"),
    Key("grid", "an object", absent: "", "axes; every combination of their values is a trial"),
    Key("zip", "an object", absent: "", "axes that vary together"),
    Key("for", "a list", absent: "", "further axes and settings for some of the combinations"),
    Key("exclude", "a list", absent: "", "combinations to leave out"),
    Key("also", "a list", absent: "", "further grids; trials that are there already count once"),
    Key(
      "metrics", "a list", absent: "nothing is measured",
      "what is measured at the end of each trial"),
    Key("tables", "a list", absent: "a standard table", "what `scoresweep table` prints"),
  ]

  static let sections = [
    names, include, base, grid, repeats, zip, conditional, exclude, conditions, also, metrics,
    tables, commandLine,
  ]

  private static let names = Section(
    title: "`$schema`, `name`, `title`, `seed`",
    text: """
      `name` is 1 to 100 letters, digits, `-`, `_` and `.`, and begins with none of `-` and `.`. It is the only key that must
      be said, beside at least one of `grid`, `zip` and `also`. Neither `name` nor `title` is part of a trial's identity; the seed is.
      """,
    example: """
      "$schema": "experiment.schema.json",   // scoresweep schema > experiment.schema.json
      "name": "noise-scales",
      "title": "Denoising at six noise scales",
      "seed": 2019
      """)

  private static let include = Section(
    title: "`include`",
    text: """
      The path of another experiment file, or a list of paths, relative to this file and never absolute. `base`, `seed` and
      `metrics` of those files hold where this one says nothing: `base` key by key, and of several files the last that says it.
      Their grids, excludes and tables are not taken. A file that is only included needs no `name` and no `grid`, and may
      include others. A results file keeps the included files beside the experiment.
      """,
    example: """
      "include": "common.json",
      "base": { "training": { "steps": 5000 } },   // the rest of training is as common.json has it
      "grid": { "loss": ["ism", "dsm"] }
      """)

  private static let base = Section(
    title: "`base`",
    text: """
      Settings of every trial, as nested objects. An axis of the same setting, or of one inside it, goes over it, key by key:
      where it names another kind (`"training.optimizer": ["adam", "sgd"]` over Adam with a learning rate), that kind keeps what
      `base` says and both have, here the learning rate. What is not said has the default that [Settings](#settings) lists;
      `plan --explain` shows where each value comes from.
      """,
    example: """
      "base": {
        "data": { "type": "gaussian-mixture", "components": 8 },
        "dimension": 4,
        "training": { "steps": 2000, "optimizer": { "type": "adam", "learning_rate": 2e-3 } }
      }
      """)

  private static let grid = Section(
    title: "`grid`",
    text: """
      An axis is a setting's path with its values: one value, a list, or for numbers a generator, which may also be an element
      of a list. The trials are all combinations; an axis that does not apply to a combination does not multiply it, and
      `scoresweep plan` says how many fell together and why. A value that is listed twice counts once.
      """,
    example: """
      "grid": {
        "loss": ["ism", "ssm-vr", "dsm"],
        "sigma": [0.05, { "geometric": [0.1, 0.4, 3] }],      // applies to dsm only
        "training.optimizer.learning_rate": { "powers": [10, -4, -2] },
        "model.hidden": [[64, 64], [128, 128]]
      }
      """,
    notes: """
      \(generators)

      Generated values are rounded to 12 significant digits, so that they are the numbers one would write, and to whole
      numbers where the setting takes no others: `{"geometric": [2, 20, 4]}` of a dimension is 2, 4, 9, 20.
      """)

  private static let repeats = Section(
    title: "`repeat`",
    text: """
      The last axis of a grid: how often each combination is run, from 1 to 1000000, each time with other data, initial
      weights and minibatches. The trials of one repetition share their draws across losses, noise scales and slices. More
      repeats add trials and change none.
      """,
    example: """
      "grid": { "loss": ["ism", "dsm"], "repeat": 5 }   // repeat is 0, 1, 2, 3 and 4 in the trials
      """)

  private static let zip = Section(
    title: "`zip`",
    text: """
      Axes that vary together. Each has a name of its own, like an experiment's, and holds at least two axes with equally many
      values; it counts as one factor of the product.
      """,
    example: """
      "grid": { "loss": ["ism", "dsm"] },
      "zip": {
        "size": { "dimension": [2, 8, 32], "training.steps": [1000, 2000, 4000] }   // 3 pairs, not 9
      }
      """)

  private static let conditional = Section(
    title: "`for`",
    text: """
      Further axes (`grid`, `zip`) and settings (`base`) for those combinations that meet the [conditions](#where) of `where`,
      judged on complete settings, defaults included. A `for` inside a `for` sees the axes around it. `repeat` is the same for
      all combinations and has its place in `grid` alone. A setting must not be varied in two places that meet in a trial, nor
      set in `base` here where it is an axis of the grid around: that is a mistake. Of several entries that hold, the `base` of
      the later one lies over that of the earlier one, and their axes over both.
      """,
    example: """
      "grid": { "loss": ["ism", "ssm-vr", "dsm"], "dimension": [2, 8] },
      "for": [
        { "where": { "loss": "dsm" },
          "base": { "training": { "steps": 2000 } },
          "grid": { "weighting": ["sigma^0", "sigma^2"] } }
      ]
      """)

  private static let exclude = Section(
    title: "`exclude`",
    text: """
      Combinations to leave out: those that meet all conditions of `where`. `because` is the reason that `scoresweep plan`
      prints beside their number. At the top of the file it holds for `also` too.
      """,
    example: """
      "grid": { "loss": ["ism", "dsm"], "dimension": [2, 8, 32] },
      "exclude": [
        { "where": { "loss": "ism", "dimension": { "above": 16 } }, "because": "shown for small dimensions only" }
      ]
      """)
}
