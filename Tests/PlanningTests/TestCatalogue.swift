import Planning
import Settings
import Testing

/// A small catalogue shaped like the real one: data and model with variants, a loss with neighbours.
enum TestCatalogue {
  static let projection = Setting(
    "projection",
    .choice([Choice("rademacher", "random signs"), Choice("gaussian", "standard normal")]),
    default: .text("rademacher"), "the law of the projections")

  static func slices(_ range: ClosedRange<Int>) -> Setting {
    Setting("slices", .integer(range), default: .number(1), "how many projections a row has")
  }

  static let dimension = Setting(
    "dimension", .integer(1...1024), default: .number(2), "the dimension of the data")

  static let losses = [
    Variant("esm", "explicit score matching"),
    Variant("ism", "implicit score matching"),
    Variant("ssm", "sliced score matching", [slices(1...64), projection]),
    Variant("ssm-vr", "variance-reduced sliced score matching", [slices(2...64), projection]),
    Variant(
      "dsm", "denoising score matching",
      [
        Setting(
          "sigma", .real(.positive), default: .number(0.1), unit: "data units",
          "the noise of denoising score matching")
      ]),
  ]

  static let rows = [
    Setting("train", .integer(1...10_000_000), default: .number(10_000), "training rows"),
    Setting("test", .integer(1...10_000_000), default: .number(5_000), "test rows"),
  ]

  static let data = Setting(
    "data",
    .variant([
      Variant(
        "gaussian", "one Gaussian",
        rows + [
          Setting("correlation", .real(.unitInterval), default: .number(0), "between neighbours")
        ],
        neighbours: [dimension]),
      Variant(
        "gaussian-mixture", "a mixture of Gaussians",
        rows + [
          Setting("components", .integer(1...1000), default: .number(8), "how many Gaussians"),
          Setting("spread", .real(.positive), default: .number(3), "between the means"),
        ],
        neighbours: [dimension]),
      Variant(
        "table", "rows of a file",
        rows + [Setting("path", .text, "the file")]),
    ]),
    "what is sampled from")

  static let model = Setting(
    "model",
    .variant([
      Variant(
        "score-mlp", "a free score network",
        [
          Setting(
            "hidden", .list(of: .integer(1...4096), count: 1...8),
            default: .list([.number(64), .number(64)]), "the widths of the hidden layers"),
          Setting(
            "activation",
            .choice([Choice("softplus", "log(1 + e^x)"), Choice("relu", "max(x, 0)")]),
            default: .text("softplus"), "the nonlinearity"),
        ]),
      Variant("quadratic", "a quadratic energy"),
    ]),
    default: .text("score-mlp"), "what is learned")

  static let training = Setting(
    "training",
    .group([
      Setting("steps", .integer(1...10_000_000), default: .number(3000), "how many steps are made"),
      Setting(
        "optimizer",
        .variant([
          Variant(
            "adam", "Adam",
            [
              Setting("learning_rate", .real(.positive), default: .number(1e-3), "the step size"),
              Setting(
                "schedule", .choice([Choice("constant", ""), Choice("cosine", "")]),
                default: .text("constant"), "how the step size changes"),
            ]),
          Variant(
            "sgd", "gradient descent",
            [
              Setting("learning_rate", .real(.positive), default: .number(1e-2), "the step size"),
              Setting("momentum", .real(.unitInterval), default: .number(0), "the momentum"),
            ]),
        ]),
        default: .text("adam"), "how steps are made"),
      Setting(
        "early_stopping",
        .optional(
          .group([
            Setting("patience", .integer(1...1000), default: .number(10), "checks without gain")
          ])),
        default: .null, "when to stop before the last step"),
    ]),
    "how the model is fitted")

  static let metrics = [
    Variant("fisher_divergence", "half the mean squared difference of scores"),
    Variant("implicit_score_matching", "the implicit objective"),
    Variant(
      "tweedie_mse", "the error of the denoiser",
      [Setting("sigma", .real(.positive), default: .number(0.1), "the noise")]),
  ]

  static let catalogue = Catalogue(
    settings: [
      data, model,
      Setting("loss", .selector(losses), default: .text("ism"), "what is minimised"),
      training,
      Setting(
        "precision", .choice([Choice("float32", "single"), Choice("float64", "double")]),
        default: .text("float32"), "the precision of training"),
    ],
    metrics: metrics,
    rules: [
      { trial in
        guard trial.text("loss") == "esm", trial.text("data.type") == "table" else { return nil }
        return Refusal(
          ["loss", "data"], because: "the data have no exact score",
          remedy: "Choose another loss for data from files.")
      },
      { trial in
        guard trial.text("loss") == "ism", trial.has("model.activation"),
          trial.text("model.activation") == "relu"
        else { return nil }
        return Refusal(
          ["model.activation", "loss"],
          because: "the second derivative of relu is zero where it exists",
          remedy: "Choose softplus.")
      },
    ])
}

/// The plan of an experiment with a grid and a base, in JSON.
func plan(
  grid: String, base: String = #"{"data": "gaussian"}"#, more: String = "",
  catalogue: Catalogue = TestCatalogue.catalogue
) throws(InvalidExperiment) -> Plan {
  let text = #"{"name": "t", "seed": 7, "base": \#(base), "grid": \#(grid)\#(more)}"#
  return try Plan(reading: Array(text.utf8), named: "t.json", catalogue: catalogue)
}

/// The mistakes of an experiment file.
func mistakes(
  _ text: String, files: [String: String] = [:], amendments: Amendments = Amendments()
) -> InvalidExperiment? {
  do throws(InvalidExperiment) {
    _ = try Plan(
      reading: Array(text.utf8), named: "t.json", catalogue: TestCatalogue.catalogue,
      including: IncludableFiles { files[$0].map { Array($0.utf8) } }, amendments: amendments)
    return nil
  } catch {
    return error
  }
}
