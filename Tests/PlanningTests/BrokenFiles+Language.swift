import Planning

/// Experiment files with mistakes in zips, rules, unions, includes, conditions and the command line.
extension BrokenFiles {
  static let language = [
    grid(
      "zip-of-unequal-lengths", #""zip": {"pairs": {"sigma": [0.1, 0.2], "dimension": [2, 4, 8]}}"#),
    grid("zip-of-one-axis", #""zip": {"pairs": {"sigma": [0.1, 0.2]}, "none": {}}"#),
    grid("zip-without-name", #""zip": {"sigma": [0.1, 0.2], "dimension": [2, 4]}"#),
    grid("zip-as-a-list", #""zip": [{"sigma": [0.1, 0.2], "dimension": [2, 4]}]"#),
    grid("zip-with-repeat", #""zip": {"pairs": {"repeat": 2, "dimension": [2, 4]}}"#),
    grid(
      "zip-of-an-axis-of-the-grid",
      #""zip": {"pairs": {"loss": ["ism", "dsm"], "dimension": [2, 4]}}"#),
    grid("zip-with-a-bad-name", #""zip": {"a pair": {"sigma": [0.1], "dimension": [2]}}"#),
    grid(
      "zip-with-unknown-axes", #""zip": {"pairs": {"sgima": [0.1, 0.2], "dimenson": [2, 4]}}"#),
    grid("rule-without-where", #""for": [{"grid": {"dimension": [2, 4]}}]"#),
    grid("rule-that-says-nothing", #""for": [{"where": {"loss": "dsm"}}]"#),
    grid("rule-of-another-form", #""for": {"loss": "dsm", "sigma": [0.1]}"#),
    grid(
      "rule-that-never-holds",
      #""for": [{"where": {"loss": "ssm"}, "grid": {"dimension": [2, 4]}}]"#),
    grid(
      "rules-that-clash",
      """
      "for": [{"where": {"loss": "dsm"}, "grid": {"dimension": [2, 4]}},
               {"where": {"loss": ["dsm", "ism"]}, "grid": {"dimension": [8]}}]
      """),
    grid(
      "rule-for-an-axis-of-the-grid",
      #""for": [{"where": {"loss": "dsm"}, "grid": {"loss": ["ssm"]}}]"#),
    grid(
      "rule-whose-settings-an-axis-says",
      #""for": [{"where": {"loss": "dsm"}, "base": {"loss": "ssm"}}]"#),
    grid(
      "rule-with-repeat", #""for": [{"where": {"loss": "dsm"}, "grid": {"repeat": 5}}]"#),
    grid(
      "rule-about-no-axis",
      #""for": [{"where": {"dimension": 2}, "grid": {"training.steps": [1, 2]}}]"#),
    grid(
      "rule-whose-axis-does-not-apply",
      #""for": [{"where": {"loss": "ism"}, "grid": {"sigma": [0.1, 0.2]}}]"#),
    grid("union-of-nothing", #""also": []"#),
    grid(
      "grids-without-axes",
      #""for": [{"where": {"loss": "dsm"}, "grid": {}}], "also": [{"base": {"loss": "ssm"}, "grid": {}}]"#
    ),
    grid("union-with-an-empty-grid", #""also": [{"name": "more"}, {}]"#),
    grid("union-of-another-form", #""also": {"grid": {"loss": "ssm"}}"#),
    grid(
      "union-with-names-twice",
      #""also": [{"name": "a", "grid": {"loss": "ssm"}}, {"name": "a", "grid": {"loss": "esm"}}]"#),
    grid(
      "union-with-unknown-keys", #""also": [{"bsae": {}, "grid": {"loss": "ssm"}, "tables": []}]"#),
    grid(
      "union-whose-axis-does-not-apply", #""also": [{"grid": {"loss": ["esm"], "slices": [2, 4]}}]"#
    ),
    BrokenFile(
      "rules-without-a-grid",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "for": [{ "where": { "loss": "dsm" }, "grid": { "sigma": [0.1] } }],
        "also": [{ "grid": { "loss": ["dsm"] } }]
      }
      """),
    BrokenFile(
      "conditions-of-wrong-forms",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": { "loss": ["ism", "dsm"], "sigma": [0.1, 0.2] },
        "exclude": [
          { "where": { "loss": { "not": { "above": 2 } } } },
          { "where": { "sigma": { "above": "loss" } } },
          { "where": { "sigma": { "at_least": "dimenson" } } },
          { "where": { "sigma": { "over": 2 } } },
          { "where": { "sigma": { "at_least": 2, "at_most": 1 } } },
          { "where": { "sigma": { "not": { "above": 1 } }, "dimension": 2 } }
        ]
      }
      """),
    grid(
      "ranges-that-lead-nowhere",
      #""also": [{"grid": {"dimension": {"range": [2, 10, -1]}}}, {"grid": {"dimension": {"range": [2, 10, 0]}}}, {"grid": {"loss": "dsm", "sigma": [0.1, {"range": [0.1, 1e9, 1e-9]}]}}]"#
    ),
    grid(
      "a-thousand-million-trials",
      #""also": [{"grid": {"dimension": {"range": [1, 1000, 1]}, "training.steps": {"range": [1, 1000, 1]}, "repeat": 1000}}]"#
    ),
    BrokenFile(
      "includes-that-do-not-work",
      """
      {
        "name": "t", "include": ["missing.json", "/etc/passwd", 3, "circle.json", "broken.json", "wrong.json"],
        "grid": { "loss": ["ism"] }
      }
      """,
      files: [
        "circle.json": #"{"include": "deep/back.json"}"#,
        "deep/back.json": #"{"include": ["../circle.json"]}"#,
        "broken.json": "{\n  \"base\": { \"data\": \"gaussian\" \"dimension\": 3 }\n}",
        "wrong.json": "{\n  \"base\": { \"data\": \"gausian\", \"dimension\": 0 }, \"sede\": 1\n}",
      ]),
    BrokenFile(
      "changes-of-the-command-line",
      """
      {
        "name": "t", "base": { "data": "gaussian" },
        "grid": { "loss": ["ism", "dsm"] }, "zip": { "z": { "sigma": [0.1, 0.2], "dimension": [2, 4] } }
      }
      """,
      amendments: Amendments(
        set: [
          "sigma=0.3", "sgima=0.1", "training.steps", "training.steps=0,1", "model.hidden=[8",
          "precision=float16", "repeat=0",
        ],
        only: ["los=ism", "loss={\"not\": \"iism\"}", "sigma={\"abvoe\": 1}"])),
    BrokenFile(
      "nothing-selected",
      #"{ "name": "t", "base": { "data": "gaussian" }, "grid": { "loss": ["ism", "dsm"] } }"#,
      amendments: Amendments(only: ["loss=dsm", "loss=ism"])),
  ]

  /// A file with a sound grid and something else at the top.
  private static func grid(_ name: String, _ more: String) -> BrokenFile {
    BrokenFile(
      name,
      """
      {
        "name": "t",
        "base": { "data": "gaussian" },
        "grid": { "loss": ["ism", "dsm"], "repeat": 2 },
        \(more)
      }
      """)
  }
}
