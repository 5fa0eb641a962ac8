import Settings
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct MetricAbsenceTests {
  /// Why a trial cannot have a metric; nil where it can.
  static func absence(
    _ type: String, _ members: KeyValuePairs<String, SettingValue> = [:],
    in trial: KeyValuePairs<String, SettingValue>
  ) throws -> String? {
    let variant = try #require(Metrics.declarations.first { $0.name == type })
    let metric = completed(
      variant.settings, .object(members).setting("type", to: .text(type)))
    let settings = ScoreMatchingTests.trial(.object(trial))
    return ScoreMatchingSettings.availability.absence(settings)(metric)
  }

  static func data(
    _ type: String, _ members: KeyValuePairs<String, SettingValue> = [:]
  ) -> SettingValue {
    .object(members).setting("type", to: .text(type))
  }

  static let file = data("csv", ["path": .text("x.csv")])
  static let ula = SettingValue.object(["type": .text("ula"), "samples": .number(1)])

  @Test func whatTheDataLackIsSaid() throws {
    for type in ["fisher_divergence", "denoising_floor", "bayes_mse", "target_log_likelihood"] {
      let found = try Self.absence(type, in: ["data": Self.file, "loss": .text("dsm")])
      #expect(found == "data from a file have no exact density", "\(type)")
      #expect(
        try Self.absence(type, in: ["data": Self.data("gaussian"), "loss": .text("dsm")]) == nil)
    }
    #expect(
      try Self.absence("bayes_mse", in: ["data": Self.data("student-t"), "loss": .text("ism")])
        == "the density of the data, smoothed, has no closed form")
    let sampled: KeyValuePairs<String, SettingValue> = [
      "data": Self.file, "loss": .text("dsm"), "sampler": Self.ula,
    ]
    #expect(
      try Self.absence("mixture_weight_error", in: sampled)
        == "the data are no mixture of normals")
    #expect(
      try Self.absence(
        "mixture_weight_error",
        in: ["data": Self.data("eight-gaussians"), "loss": .text("exact"), "sampler": Self.ula])
        == nil)
  }

  @Test func whatTheTrialLacksIsSaid() throws {
    let gaussian = Self.data("gaussian")
    let expected = [
      ("denoising_loss", "the loss has no noise scale, and the metric is given no sigma"),
      ("mmd", "nothing is sampled; `sampler` says how"),
      ("coverage", "a closed-form fit alone has standard errors"),
      ("converged", "a full-batch fit alone has a tolerance"),
      ("log_likelihood", "the normaliser of the model is not known"),
      ("ais_log_likelihood", "a free-form score has no energy"),
      ("flow_error", "the score is known at one noise scale alone"),
      ("generalized_score_matching", "the data have no boundary"),
      ("weight_error", "the data are no mixture of normals"),
    ]
    for (type, reason) in expected {
      let model: SettingValue =
        type == "coverage" ? .text("exponential-family") : .object(["type": .text("score-mlp")])
      let found = try Self.absence(
        type, in: ["data": gaussian, "loss": .text("ism"), "model": model])
      #expect(found == reason, "\(type)")
    }
  }

  /// These would only be found out after training.
  @Test func tooFewRowsOrSamplesAreSeenInTheSettings() throws {
    func rows(_ count: Double, validation: Double = 500, train: Double = 100) -> SettingValue {
      Self.data(
        "gaussian",
        ["test": .number(count), "validation": .number(validation), "train": .number(train)])
    }
    func absent(
      _ type: String, _ data: SettingValue, samples: Double = 10,
      _ members: KeyValuePairs<String, SettingValue> = [:]
    ) throws -> String? {
      try Self.absence(
        type, members,
        in: [
          "data": data, "dimension": .number(8), "loss": .text("exact"),
          "sampler": Self.ula.setting("samples", to: .number(samples)),
        ])
    }
    for type in ["mmd", "energy_distance"] {
      #expect(
        try absent(type, rows(100), samples: 1)
          == "two samples make a pair, and sampler.samples is 1")
      #expect(
        try absent(type, rows(100, validation: 1))
          == "two held-out rows make a pair, and data.validation is 1")
      #expect(try absent(type, rows(2, validation: 2), samples: 2) == nil)
    }
    #expect(
      try absent("fisher_divergence_in_decile", rows(9), ["decile": .number(1)])
        == "decile 1 of 9 rows has none: data.test must be 10 or more")
    #expect(try absent("fisher_divergence_in_decile", rows(9), ["decile": .number(10)]) == nil)
    #expect(
      try absent("fisher_divergence_in_decile", rows(100, validation: 4))?
        .contains("data.validation") == true)
    for type in ["importance_log_likelihood", "ais_log_likelihood"] {
      #expect(
        try absent(type, rows(100, train: 8))?.hasSuffix(
          "8 rows have no covariance in 8 dimensions")
          == true)
      #expect(try absent(type, rows(100, train: 9)) == nil)
    }
    #expect(
      try absent("importance_log_likelihood", rows(100, train: 8), ["scale": .number(2)]) == nil)
  }

  @Test func aGaussianIsNotFittedToFewerRowsThanACovarianceNeeds() {
    func refusal(_ train: Double) -> [String]? {
      ScoreMatchingSettingsTests.refusal([
        "data": Self.data("gaussian", ["train": .number(train)]), "dimension": .number(4),
        "loss": .text("gaussian-fit"),
      ])?.settings
    }
    #expect(refusal(4) == ["data.train", "dimension"] && refusal(5) == nil)
    #expect(throws: DataError.noCovariance(rows: 2, dimension: 2)) {
      try GaussianFit.fit([1, 2, 3, 4], dimension: 2)
    }
  }

  /// What the rule ignores must decide nothing: else trials that differ in it would be judged by one.
  @Test func whatIsIgnoredDecidesNothing() throws {
    let ignored = ScoreMatchingSettings.availability.ignored
    #expect(ignored.contains("repeat"))
    for loss in ["dsm", "ssm", "ism", "ml"] {
      for variant in Metrics.declarations {
        func absences(_ scale: Double) throws -> String? {
          try Self.absence(
            variant.name,
            in: [
              "data": Self.data("gaussian"), "loss": .text(loss), "sigma": .number(scale),
              "slices": .number(scale < 1 ? 1 : 7),
              "model": .text(loss == "ml" ? "gaussian" : "score-mlp"),
              "training": .object([
                "steps": .number(scale < 1 ? 0 : 10), "batch": .number(scale < 1 ? 1 : 64),
              ]),
            ])
        }
        #expect(try absences(0.01) == absences(50), "\(variant.name) of \(loss)")
      }
    }
  }
}
