/// Experiment files with mistakes, each kind of mistake once.
enum BrokenFiles {
  static let syntax = [
    BrokenFile(
      "trailing-commas",
      """
      {
        "name": "t",
        "base": { "data": "gaussian", },
        "grid": { "dimension": [2, 4,], },
      }
      """),
    BrokenFile(
      "missing-commas-and-colons",
      """
      {
        "name": "t"
        "base" { "data": "gaussian" },
        "grid": { "dimension": [2 4] }
      }
      """),
    BrokenFile(
      "unclosed-bracket",
      """
      {
        "name": "t",
        "base": { "data": "gaussian" },
        "grid": { "dimension": [2, 4 }
      }
      """),
    BrokenFile(
      "unclosed-file", "{\n  \"name\": \"t\",\n  \"grid\": {\n    \"loss\": [\"ism\""),
    BrokenFile(
      "unclosed-text",
      """
      {
        "name": "t,
        "base": { "data": "gaussian" },
        "grid": { "loss": ["ism"] }
      }
      """),
    BrokenFile(
      "bad-escapes",
      #"""
      {
        "name": "t", "title": "a\qb C:\data \u12g4 \ud83d alone	tab",
        "base": { "data": "gaussian" },
        "grid": { "loss": ["ism"] }
      }
      """#),
    BrokenFile(
      "numbers",
      """
      {
        "name": "t", "seed": 1e400,
        "base": { "data": "gaussian" },
        "grid": { "loss": "dsm", "sigma": [.5, 1., +2, 01, 0x10, 1_000, NaN, 1e-400, -Infinity] }
      }
      """),
    BrokenFile(
      "words-and-quotes",
      """
      {
        name: 't',
        "title": “typographic”,
        # a comment of another language
        /* and another */
        "base": { "data": gaussian, "training": { "early_stopping": None } },
        "grid": { "loss" = ["ism"] }
      }
      """),
    BrokenFile(
      "duplicate-keys",
      """
      {
        "name": "t",
        "base": { "data": "gaussian", "data": "table" },
        "grid": { "sigma": [0.1], "loss": ["dsm"], "sigma": [0.2] }
      }
      """),
    BrokenFile("empty", ""),
    BrokenFile("only-a-comment", "// nothing yet\n"),
    BrokenFile("not-an-object", "[1, 2]"),
    BrokenFile("text-after-the-end", "{\"name\": \"t\", \"grid\": {\"repeat\": 1}}\n}\n"),
    BrokenFile(
      "too-deep",
      "{\"name\": \"t\", \"grid\": " + String(repeating: "[", count: 100_000)),
    BrokenFile(
      "characters-not-bytes", "{\"title\": \"é😀ü\", \"nmae\": \"t\", \"grid\": {\"repeat\": 1}}"),
  ]

  static let settings = [
    BrokenFile(
      "unknown-keys",
      """
      {
        "nmae": "t", "name": "t",
        "base": {
          "data": { "type": "gaussian-mixture", "componets": 8, "path": "x" },
          "traning": { "steps": 10 },
          "training": { "optimizer": { "type": "adam", "momentum": 0.9, "lr": 1 } }
        },
        "grid": { "loss": ["ism"] }
      }
      """),
    BrokenFile(
      "wrong-types",
      """
      {
        "name": 3, "title": ["x"], "seed": "2019",
        "base": {
          "data": ["gaussian"],
          "model": { "type": "score-mlp", "hidden": 64, "activation": true },
          "training": { "steps": "3000", "optimizer": 1, "early_stopping": false },
          "precision": 32
        },
        "grid": { "loss": ["ism"] }
      }
      """),
    BrokenFile(
      "out-of-range",
      """
      {
        "name": "my experiment", "seed": -1,
        "base": {
          "data": { "type": "gaussian", "correlation": 1.5, "train": 2.5 },
          "model": { "type": "score-mpl", "hidden": [] },
          "training": { "steps": 0, "optimizer": { "learning_rate": 0 } },
          "precision": "float23"
        },
        "grid": { "loss": ["imm", "ISM"], "sigma": [0.05, 0.1, -0.3], "slices": [1.5] }
      }
      """),
    BrokenFile(
      "missing-parts", "{ \"title\": \"nothing else\" }"),
    BrokenFile(
      "missing-settings",
      """
      {
        "name": "t",
        "base": { "model": "score-mlp" },
        "grid": { "loss": ["ism"], "data": ["gaussian", "table"] }
      }
      """),
    BrokenFile(
      "settings-nothing-uses",
      """
      {
        "name": "t",
        "base": { "data": "table", "sigma": 0.1, "dimension": 3 },
        "grid": { "loss": ["ism", "ssm"], "data.path": ["a.csv"] }
      }
      """),
  ]

  static let grid = [
    BrokenFile(
      "unknown-axes",
      """
      {
        "name": "t",
        "base": { "data": "gaussian" },
        "grid": { "sgima": [0.1], "learning_rate": [0.1], "training.optimiser.momentum": [1] }
      }
      """),
    BrokenFile(
      "empty-grid", "{ \"name\": \"t\", \"base\": { \"data\": \"gaussian\" }, \"grid\": {} }"),
    BrokenFile(
      "empty-axis",
      """
      { "name": "t", "base": { "data": "gaussian" }, "grid": { "loss": [], "repeat": 0 } }
      """),
    BrokenFile(
      "generators",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": {
          "loss": ["dsm", "ssm"],
          "sigma": { "geometrc": [0.01, 1, 5] },
          "slices": { "linear": [1, 4] },
          "dimension": { "geometric": [-2, 32, 5] },
          "training.steps": { "powers": [10, 2, 9] },
          "data.correlation": { "linear": [0, 1, 1] }
        }
      }
      """),
    BrokenFile(
      "list-of-lists",
      """
      { "name": "t", "base": { "data": "gaussian" }, "grid": { "model.hidden": [64, 64] } }
      """),
    BrokenFile(
      "axis-nothing-uses",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": {
          "loss": ["ism", "ssm"],
          "sigma": [0.1, 0.2],
          "training.optimizer.momentum": [0, 0.9],
          "training.early_stopping.patience": [5]
        }
      }
      """),
    BrokenFile(
      "two-axes-for-one-thing",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": {
          "training.optimizer": ["adam", { "type": "sgd", "learning_rate": 0.1 }],
          "training.optimizer.learning_rate": [0.01, 0.1]
        }
      }
      """),
    BrokenFile(
      "value-of-another-variant",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": { "loss": ["ssm", "ssm-vr"], "slices": [1, 4] }
      }
      """),
    BrokenFile(
      "refused",
      """
      {
        "name": "t",
        "base": { "model": { "activation": "relu" }, "data": { "path": "x.csv" } },
        "grid": {
          "loss": ["esm", "ism", "ssm"],
          "data": ["gaussian", "table"],
          "repeat": 4
        }
      }
      """),
    BrokenFile(
      "too-many",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": {
          "loss": ["ism", "ssm"], "dimension": { "linear": [1, 1000, 1000] },
          "training.steps": { "linear": [1, 1000, 1000] }, "repeat": 1000
        }
      }
      """),
    BrokenFile(
      "excludes",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": { "loss": ["ism", "dsm"], "sigma": [0.1, 0.2], "dimension": [2, 4] },
        "exclude": [
          { "when": { "loss": "ism" } },
          { "where": {} },
          { "where": { "los": "ism", "dimension": { "over": 3 } } },
          { "where": { "loss": "imm", "precision": "float64" }, "because": 3 },
          { "where": { "dimension": { "above": 4, "below": 2 } } }
        ]
      }
      """),
    BrokenFile(
      "everything-excluded",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": { "loss": ["ism", "dsm"] },
        "exclude": [{ "where": { "loss": ["ism", "dsm"] }, "because": "a test" }]
      }
      """),
  ]

  static let tables = [
    BrokenFile(
      "metrics",
      """
      {
        "name": "t", "base": { "data": "gaussian" }, "grid": { "loss": ["ism"] },
        "metrics": ["fisher_divergance", { "type": "tweedie_mse", "sgima": 1 }, { "sigma": 1 },
                    "implicit_score_matching", "implicit_score_matching", 7]
      }
      """),
    BrokenFile(
      "tables",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": { "loss": ["ism", "dsm"], "sigma": [0.1, 0.2], "dimension": [2, 4], "repeat": 2 },
        "metrics": ["fisher_divergence"],
        "tables": [
          { "name": "main", "rows": "loss", "columns": "dimension", "value": "fisher_divergence" },
          { "name": "main", "rows": "los", "columns": "dimension", "value": "tweedie_mse",
            "statistic": "average", "best": "low", "select": { "over": ["sgima"], "by": "seconds" } },
          { "rows": "loss", "columns": "loss", "value": "validation_fisher_divergnce",
            "select": { "above": 1 } },
          { "name": "a/b", "rows": "loss", "columns": "dimension", "value": "seconds",
            "where": { "sigma": 0.1 } }
        ]
      }
      """),
  ]
}
