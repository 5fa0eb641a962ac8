extension LanguageReference {
  static let conditions = Section(
    title: "`where`",
    text: """
      Conditions are an object: the path of an axis, or of what else tells trials apart, with a test of its value. All must
      hold. A setting that a trial does not have meets no test, not even `not`.
      """,
    example: """
      "grid": { "loss": ["ism", "ssm", "dsm"], "slices": [1, 4], "dimension": [2, 8], "sigma": [0.1, 0.3] },
      "exclude": [
        { "where": { "slices": { "above": "dimension" } }, "because": "more directions than coordinates" },
        { "where": { "loss": { "not": ["ism", "ssm"] }, "sigma": { "at_least": 0.2, "below": 1 } } }
      ]
      """,
    notes: """
      | test | is met by |
      | --- | --- |
      | a value | that value; a type meets every object with it |
      | a list of values | each of them |
      | an object | objects that have all its members; `{}` is met by all but null |
      \(bounds)
      | `{ "not": value }`, `{ "not": [values] }` | everything else |

      Bounds may stand together in one object. `x` is a number, or the path of another setting that is one.
      """)

  static let also = Section(
    title: "`also`",
    text: """
      Further grids, each with any of `name`, `base`, `grid`, `zip`, `for` and `exclude`. Its `base` goes over that of the
      experiment. The axes of the main grid vary in it only where it names them again; `repeat` is that of the main grid
      unless the further one says its own. A trial that is there already counts once.
      """,
    example: """
      "grid": { "loss": ["ism", "dsm"], "dimension": [2, 8], "repeat": 2 },
      "also": [
        { "name": "wide", "base": { "model": { "hidden": [256, 256] } }, "grid": { "loss": "dsm" } }
      ]
      """)

  static let metrics = Section(
    title: "`metrics`",
    text: """
      Names from [Metrics](#metrics-1), or objects with the name as their `type` and the metric's settings. A metric whose settings
      differ from their defaults is called by them: `tweedie_mse_sigma_0.3`. Each is measured on test data, and on validation data
      under its name with `validation_` before it. One that a trial cannot have, such as the Fisher divergence of data without an
      exact score, is absent from it.
      """,
    example: """
      "grid": { "loss": ["ism", "dsm"] },
      "metrics": ["fisher_divergence", { "type": "tweedie_mse", "sigma": 0.3 }]
      """)

  static let tables = Section(
    title: "`tables`",
    text: """
      A table has one axis down, one across, and in each cell a statistic over the trials that are left, which are the repeats:
      every other axis with several values must be in `select` or settled by `where`.
      """,
    example: """
      "grid": { "loss": ["ism", "dsm"], "sigma": [0.1, 0.3], "dimension": [2, 8], "repeat": 3 },
      "metrics": ["fisher_divergence"],
      "tables": [
        { "name": "main", "rows": "loss", "columns": "dimension", "value": "fisher_divergence",
          "select": { "over": ["sigma"], "by": "validation_fisher_divergence" }, "best": "lowest" }
      ]
      """,
    notes: """
      | key | value | where it is not said | meaning |
      | --- | --- | --- | --- |
      | `name` | a word | must be said | tells tables apart |
      | `title` | text | the name | the caption |
      | `rows` | an axis | must be said | runs down |
      | `columns` | an axis | must be said | runs across |
      | `value` | a metric, or what is recorded | must be said | what the cells show |
      | `statistic` | \(Markdown.codes(TableSpecification.Statistic.allCases.map(\.rawValue))) | `mean±sd` | what a cell says: the standard deviation (sd) or the standard error (se) beside the mean |
      | `select` | an object | nothing is selected | picks hyper-parameters before anything is averaged |
      | `select.over` | an axis, or a list | must be said | the axes whose best value is taken, for each cell |
      | `select.by` | a metric | must be said | what decides: `validation_` and a metric's name, so that no test data is used |
      | `select.best` | `lowest`, `highest` | `lowest` | which end of it is best |
      | `best` | `lowest`, `highest` | nothing is marked | marks the best cell of each column |
      | `where` | [conditions](#where) | all trials | the trials that the table is about |
      """)

  static let commandLine = Section(
    title: "`--set` and `--only`",
    text: """
      The command line goes over the file, with `plan`, `validate`, `run` and `status`. `--set PATH=VALUES` sets a setting, or
      an axis where the file has one or the values are several; they are JSON, or words with commas in between.
      `--only PATH=TEST` keeps the trials that meet a test of [`where`](#where). Both may be repeated. What such a change
      leaves without use, an axis, an exclude or a table, is no mistake. After

          scoresweep run FILE --set sigma=0.1,0.2 --set training.steps=500 --only loss=dsm

      on a file with the losses `ism` and `dsm`, the trials are those that `dsm` has in
      """,
    example: """
      "base": { "training": { "steps": 500 } },
      "grid": { "loss": ["ism", "dsm"], "sigma": [0.1, 0.2] }
      """)
}
