import Planning

/// The experiment that `scoresweep init` writes.
enum Starter {
  /// The experiment's name in a file: the file's own where it can be one.
  static func name(for path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? ""
    let stem = file.hasSuffix(".json") ? String(file.dropLast(5)) : file
    return Experiment.isName(stem) ? stem : "experiment"
  }

  /// The file, with a comment on each part.
  static func text(named name: String) -> String {
    """
    // A ScoreSweep experiment to start from: three ways to learn a score, two dimensions, a few seconds.
    //
    //     scoresweep plan FILE                     what it would run, and why combinations are left out
    //     scoresweep run FILE                      runs it; the same command goes on where it was stopped
    //     scoresweep table results/\(name).h5
    //
    // `scoresweep schema --markdown` explains every key.
    {
      // Editors complete and check keys by it: scoresweep schema > experiment.schema.json
      "$schema": "experiment.schema.json",

      // The results go to results/\(name).h5; the title stands over the tables.
      "name": "\(name)",
      "title": "Three losses on a Gaussian mixture",

      // All random draws follow from the seed: the same file gives the same numbers.
      "seed": 1,

      // What every trial has. What is not said has its default.
      "base": {
        "data": { "type": "gaussian-mixture", "components": 4, "train": 5000, "validation": 500, "test": 2000 },
        "model": { "type": "score-mlp", "hidden": [32, 32], "activation": "softplus" },
        "training": {
          "steps": 2000, "batch": 128,
          "optimizer": { "type": "adam", "learning_rate": 1e-2, "schedule": "cosine" }
        }
      },

      // What varies: each combination is a trial. Any setting can stand here, a nested one by its path:
      // "training.optimizer.learning_rate": [1e-3, 1e-2].
      "grid": {
        "loss": ["ism", "ssm-vr", "dsm"],

        // Only dsm has a noise scale (a standard deviation): this multiplies its trials and no others. The
        // values are a range, three from 0.1 to 0.4 in equal ratios; "linear" has equal steps.
        "sigma": { "geometric": [0.1, 0.4, 3] },

        "dimension": [2, 8],

        // Each combination three times, with other data, weights and batches: tables then show a spread.
        "repeat": 3
      },

      // A further axis where a condition holds: in the higher dimension, dsm is tried with two step sizes.
      "for": [
        {
          "where": { "loss": "dsm", "dimension": { "above": 4 } },
          "grid": { "training.optimizer.learning_rate": [3e-3, 1e-2] }
        }
      ],

      // Combinations to leave out; `plan` counts them and says the reason.
      "exclude": [
        {
          "where": { "sigma": { "below": 0.2 }, "dimension": { "above": 4 } },
          "because": "so little noise needs more points in so many coordinates"
        }
      ],

      // What is measured on held-out data at the end of each trial.
      "metrics": ["fisher_divergence", "implicit_score_matching"],

      // What `scoresweep table` prints. Before it averages over repeats, each cell takes the sigma and the step
      // size that did best on validation data, not on the test data it reports.
      "tables": [
        {
          "name": "main", "rows": "loss", "columns": "dimension",
          "value": "fisher_divergence", "statistic": "mean±sd",
          "select": {
            "over": ["sigma", "training.optimizer.learning_rate"], "by": "validation_fisher_divergence"
          },
          "best": "lowest"
        }
      ]
    }

    """
  }
}
