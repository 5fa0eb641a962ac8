// Counts are by hand. Seen to fail: the rows of a zip taken in another order for its second axis, the conditions of
// `for` ignored, excludes at the top held for the first grid only.

import Planning
import Settings
import Testing

@Suite struct LanguageTests {
  private func plan(
    _ text: String, files: [String: String] = [:], set: [String] = [], only: [String] = []
  ) throws(InvalidExperiment) -> Plan {
    try Plan(
      reading: Array(("{\"name\": \"t\", " + text + "}").utf8), named: "t.json",
      catalogue: TestCatalogue.catalogue,
      including: IncludableFiles { files[$0].map { Array($0.utf8) } },
      amendments: Amendments(set: set, only: only))
  }

  @Test func zippedAxesVaryTogetherInsideAProduct() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian", "loss": "dsm"},
      "grid": {"dimension": [2, 4], "repeat": 2},
      "zip": {"annealing": {"sigma": [0.1, 0.2, 0.4], "training.steps": [100, 200, 400]}}
      """)
    #expect(plan.trials.count == 2 * 3 * 2)
    let pairs = Set(
      plan.trials.map { [$0.settings.real("sigma"), $0.settings.real("training.steps")] })
    #expect(pairs == [[0.1, 100], [0.2, 200], [0.4, 400]])
    #expect(plan.axes.map(\.name) == ["dimension", "sigma", "training.steps", "repeat"])
    #expect(plan.grids[0].factors.map(\.name) == ["dimension", "annealing", "repeat"])
  }

  @Test func rowsOfAZipThatAgreeInWhatAppliesAreOneTrial() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"]},
      "zip": {"pairs": {"sigma": [0.1, 0.2, 0.4], "training.steps": [100, 100, 400]}}
      """)
    // dsm has three rows; for ism, which has no sigma, the first two are the same.
    #expect(plan.trials.count == 3 + 2)
    #expect(plan.reductions.map(\.reason) == ["sigma applies only to loss dsm"])
    #expect(plan.reductions.map(\.count) == [1])
  }

  @Test func rulesAddAxesAndSettingsWhereTheyHold() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"},
      "grid": {"training.optimizer.type": ["adam", "sgd"], "dimension": [2, 4, 8], "repeat": 2},
      "for": [
        {"where": {"training.optimizer.type": "adam"},
         "grid": {"training.optimizer.learning_rate": {"geometric": [1e-4, 1e-2, 3]}},
         "for": [{"where": {"training.optimizer.learning_rate": {"at_least": 1e-2}},
                  "grid": {"training.optimizer.schedule": ["constant", "cosine"]}}]},
        {"where": {"dimension": {"above": 4}}, "base": {"training": {"steps": 50}}}
      ]
      """)
    // adam: three rates, the last with two schedules; each for 3 dimensions and 2 repeats; sgd 3 * 2.
    #expect(plan.trials.count == (2 + 2) * 3 * 2 + 3 * 2)
    #expect(plan.grids[0].productCount == 12)
    #expect(plan.combinationCount == 30)
    for trial in plan.trials {
      let settings = trial.settings
      #expect((settings.real("training.steps") == 50) == (settings.real("dimension") > 4))
    }
    #expect(
      plan.axes.map(\.name) == [
        "training.optimizer.type", "dimension", "training.optimizer.learning_rate",
        "training.optimizer.schedule", "training.steps", "repeat",
      ])
  }

  @Test func rulesMayAskAboutRepeat() throws {
    let plan = try plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": ["dsm", "ism"], "sigma": [0.1, 0.2], "repeat": 3},
      "for": [{"where": {"repeat": 0}, "base": {"dimension": 3}}],
      "exclude": [{"where": {"sigma": 0.2, "repeat": {"above": 0}}}]
      """)
    // dsm has two sigmas, the second for repeat 0 alone.
    #expect(plan.trials.count == 2 * 3 - 2 + 3)
    for trial in plan.trials {
      let settings = trial.settings
      #expect((settings.integer("repeat") == 0) == (settings.integer("dimension") == 3))
    }
    let alone = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": ["dsm", "ism"], "repeat": 3},
      "for": [{"where": {"repeat": 0}, "base": {"dimension": 3}}]
      """)
    #expect(alone.trials.map { $0.settings.integer("dimension") } == [3, 2, 2, 3, 2, 2])
  }

  @Test func unionsTakeRepeatsAndBaseFromTheExperimentAndCountTrialsOnce() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian", "dimension": 4}, "grid": {"loss": ["ism", "dsm"], "repeat": 3},
      "also": [
        {"name": "energies", "base": {"model": "quadratic"}, "grid": {"loss": ["ism", "ssm"]}},
        {"grid": {"loss": ["dsm", "ssm"], "repeat": 5}}
      ]
      """)
    // 2 * 3, then 2 * 3 with another model, then dsm 5 of which 3 are there, ssm 5.
    #expect(plan.grids.map(\.trialCount) == [6, 6, 7])
    #expect(plan.grids.map(\.name) == ["", "energies", "also[1]"])
    #expect(plan.trials.count == 19)
    #expect(plan.axes.map(\.name) == ["loss", "model.type", "repeat"])
    #expect(plan.trials[6].axisValues == [.text("ism"), .text("quadratic"), .number(0)])
    #expect(plan.trials[0].axisValues == [.text("ism"), .text("score-mlp"), .number(0)])
    let cells = try #require(PlanCells(plan))
    // loss ssm (third value), a quadratic model: repeats 0 to 2 only.
    let quadratic = try #require(plan.axes[1].values.firstIndex(of: .text("quadratic")))
    #expect(
      (0..<5).map { cells.trial(at: [2, quadratic, $0]) != nil } == [
        true, true, true, false, false,
      ])
  }

  @Test func excludesAtTheTopHoldForAllGridsAndThoseBelowForTheirOwn() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"}, "grid": {"loss": ["ism", "ssm"], "dimension": [2, 4]},
      "exclude": [{"where": {"loss": "ism", "dimension": 4}}],
      "also": [{"base": {"model": "quadratic"}, "grid": {"loss": ["ism", "ssm"], "dimension": [2, 4]},
                "exclude": [{"where": {"loss": "ssm"}}]}]
      """)
    #expect(plan.grids.map(\.trialCount) == [3, 1])
  }

  @Test func boundsMayBeOtherSettingsAndTestsMayBeNegated() throws {
    func count(_ conditions: String) throws -> Int {
      try plan(
        """
        "base": {"data": "gaussian", "loss": "ssm"},
        "grid": {"slices": [1, 2, 4, 8], "dimension": [2, 4]},
        "exclude": [{"where": \(conditions)}]
        """
      ).trials.count
    }
    #expect(try count(#"{"slices": {"above": "dimension"}}"#) == 8 - 3)  // 4 and 8 over 2, 8 over 4
    #expect(try count(#"{"slices": {"at_least": "dimension"}}"#) == 8 - 5)
    #expect(try count(#"{"slices": {"at_most": 2, "above": 1}}"#) == 8 - 2)
    #expect(try count(#"{"slices": {"not": [1, 8]}}"#) == 8 - 4)
    #expect(try count(#"{"slices": {"not": 1}, "dimension": {"not": 2}}"#) == 8 - 3)
  }

  @Test func listsMayHoldGeneratorsAndRangesHaveSteps() throws {
    let plan = try self.plan(
      """
      "base": {"data": "gaussian"},
      "grid": {"dimension": [1, {"powers": [2, 1, 4]}, {"range": [20, 31, 5]}],
               "training.optimizer.learning_rate": {"range": [0.1, 0.3, 0.1]}}
      """)
    #expect(plan.axes[0].values == [1, 2, 4, 8, 16, 20, 25, 30].map { .number($0) })
    #expect(plan.axes[1].values == [0.1, 0.2, 0.3].map { .number($0) })
  }

  @Test func includedFilesLieUnderTheFile() throws {
    let files = [
      "lab/common.json": """
      // what the group agreed on
      {"include": "../site.json", "seed": 3,
       "base": {"data": {"type": "gaussian", "train": 500}, "training": {"steps": 10}}}
      """,
      "site.json":
        #"{"seed": 9, "metrics": ["fisher_divergence"], "base": {"training": {"steps": 99}, "dimension": 8}}"#,
    ]
    let plan = try self.plan(
      #""include": "lab/common.json", "base": {"data": {"train": 700}}, "grid": {"repeat": 1}"#,
      files: files)
    let settings = plan.trials[0].settings
    #expect(settings.integer("data.train") == 700)
    #expect(settings.integer("training.steps") == 10)
    #expect(settings.integer("dimension") == 8)
    #expect(plan.experiment.seed == 3)
    #expect(plan.experiment.metrics.map(\.name) == ["fisher_divergence"])
    #expect(plan.experiment.includedFiles.map(\.path) == ["lab/common.json", "site.json"])
    #expect(
      plan.experiment.includedFiles.map(\.source) == [files["lab/common.json"], files["site.json"]])
    // Recorded, they stand for the files.
    let again = try Plan(
      reading: Array(plan.experiment.source.utf8), named: "t.json",
      catalogue: TestCatalogue.catalogue,
      including: IncludableFiles(plan.experiment.includedFiles))
    #expect(again.digest == plan.digest)
  }

  @Test func laterIncludesLieOverEarlierOnes() throws {
    let plan = try self.plan(
      #""include": ["a.json", "b.json"], "grid": {"repeat": 1}"#,
      files: [
        "a.json": #"{"base": {"data": "gaussian", "dimension": 3, "training": {"steps": 1}}}"#,
        "b.json": #"{"base": {"dimension": 5}}"#,
      ])
    #expect(plan.trials[0].settings.integer("dimension") == 5)
    #expect(plan.trials[0].settings.integer("training.steps") == 1)
  }

  @Test func theCommandLineSetsAxesAndSettings() throws {
    let text = """
      "base": {"data": "gaussian", "dimension": 4},
      "grid": {"loss": ["ism", "dsm"], "sigma": [0.1, 0.2], "repeat": 2}
      """
    func trials(_ set: String...) throws -> Plan { try self.plan(text, set: set) }
    #expect(try trials().trials.count == (1 + 2) * 2)
    #expect(try trials("sigma=0.3,0.4,0.5").trials.count == (1 + 3) * 2)
    #expect(try trials("repeat=5").trials.count == 3 * 5)
    #expect(try trials("loss= ism , ssm").trials.count == 2 * 2)
    #expect(try trials("dimension=2,8").trials.count == 3 * 2 * 2)
    #expect(try trials(#"dimension={"powers": [2, 0, 3]}"#).trials.count == 3 * 4 * 2)
    // The file's sigma is then for nothing, and no mistake; one of the command line would be.
    #expect(try trials("loss=ism,ssm", "slices=1,2").trials.count == (1 + 2) * 2)
    #expect(throws: InvalidExperiment.self) { try trials("loss=ism,ssm", "sigma=0.1") }
    let plan = try trials("training.steps=7", "model.hidden=[8,8]", "seed=11")
    #expect(plan.trials.allSatisfy { $0.settings.integer("training.steps") == 7 })
    #expect(plan.trials.allSatisfy { $0.settings.integers("model.hidden") == [8, 8] })
    #expect(plan.experiment.seed == 11)
    #expect(plan.axes.map(\.name) == ["loss", "sigma", "repeat"])
    #expect(try trials("model.hidden=[8],[8,8]").trials.count == 3 * 2 * 2)
  }

  @Test func theCommandLineSelectsTrialsWithTheSameConditions() throws {
    let text = """
      "base": {"data": "gaussian"},
      "grid": {"loss": ["ism", "ssm", "dsm"], "dimension": [2, 4, 8], "repeat": 2}
      """
    #expect(try plan(text, only: ["loss=ism,dsm"]).trials.count == 2 * 3 * 2)
    #expect(try plan(text, only: [#"dimension={"above": 2}"#, "repeat=0"]).trials.count == 3 * 2)
    let chosen = try plan(text, only: [#"loss={"not": "dsm"}"#])
    let whole = try plan(text)
    #expect(Set(chosen.trials.map(\.id)).isSubset(of: Set(whole.trials.map(\.id))))
    #expect(chosen.reductions.map(\.kind) == [.unselected])
  }

  @Test func aPlanIsComparedWithTheOneBefore() throws {
    let old = try plan(
      #""base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"], "sigma": [0.1, 0.2], "repeat": 2}"#
    )
    let wider = try plan(
      #""base": {"data": "gaussian"}, "grid": {"loss": ["ism", "dsm"], "sigma": [0.2, 0.3], "repeat": 2}"#
    )
    let difference = PlanDifference(from: old, to: wider)
    #expect(
      difference.description == """
        sigma: 0.3 is new; 0.1 is gone
        trials: 4 kept, 2 new, 2 gone

        """)
    #expect(difference.listing.split(separator: "\n").map(\.first) == ["-", "-", "+", "+"])
    let longer = try plan(
      #""base": {"data": "gaussian", "training": {"steps": 10}}, "grid": {"loss": ["ism"], "repeat": 2}"#
    )
    #expect(
      PlanDifference(from: old, to: longer).description == """
        loss: dsm is gone
        sigma: is gone, with 0.1, 0.2
        training.steps: 3000 is now 10
        trials: 0 kept, 2 new, 6 gone

        """)
    #expect(PlanDifference(from: old, to: old).settings.isEmpty)
    #expect(SettingValue(json: difference.json)?.integer("kept") == 4)
  }
}
