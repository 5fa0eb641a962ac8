// Seen to fail with a default outside its choices and with rules that never refuse.
import Settings
import Testing

@testable import ScoreMatching

@Suite struct ScoreMatchingSettingsTests {
  static func refusal(_ members: KeyValuePairs<String, SettingValue>) -> Refusal? {
    let settings = trial(.object(members))
    return ScoreMatchingSettings.rules.lazy.compactMap { $0(settings) }.first
  }

  static let mixture = SettingValue.object(["type": .text("gaussian-mixture")])

  @Test func combinationsWithoutMeaningAreRefused() {
    let csv = SettingValue.object(["type": .text("csv"), "path": .text("x.csv")])
    #expect(Self.refusal(["data": csv, "loss": .text("esm")])?.settings.first == "loss")
    #expect(Self.refusal(["data": csv, "loss": .text("ism")]) == nil)
    let relu = SettingValue.object(["type": .text("score-mlp"), "activation": .text("relu")])
    let energy = relu.setting("type", to: .text("energy-mlp"))
    for loss in ["ism", "ssm", "ssm-vr", "fd-ssm-vr"] {
      let found = Self.refusal(["data": Self.mixture, "loss": .text(loss), "model": relu])
      #expect(found?.settings == ["model.activation", "loss"])
    }
    #expect(Self.refusal(["data": Self.mixture, "loss": .text("dsm"), "model": relu]) == nil)
    #expect(Self.refusal(["data": Self.mixture, "loss": .text("dsm"), "model": energy]) != nil)
    let sliced = [
      ("ssm", false), ("ssm-vr", true), ("fd-ssm", true), ("fd-ssm-vr", true), ("fd-dsm", true),
      ("cp", true),
    ]
    for (loss, isRefused) in sliced {
      let found = Self.refusal([
        "data": Self.mixture, "loss": .text(loss), "projection": .text("unit-sphere"),
      ])
      #expect((found != nil) == isRefused)
    }
    let stopping = SettingValue.object([
      "early_stopping": .object(["metric": .text("validation_fisher_divergence")])
    ])
    #expect(Self.refusal(["data": csv, "loss": .text("ism"), "training": stopping]) != nil)
    #expect(
      Self.refusal(["data": Self.mixture, "loss": .text("ism"), "training": stopping]) == nil)
  }

  @Test func differencesOfEnergiesNeedAnEnergy() {
    let energy = SettingValue.object(["type": .text("energy-mlp")])
    for (loss, isRefused) in [("fd-ssm", true), ("fd-ssm-vr", false), ("fd-dsm", true)] {
      let found = Self.refusal(["data": Self.mixture, "loss": .text(loss)])
      #expect(found?.settings == (isRefused ? ["model.type", "loss"] : nil))
      #expect(
        Self.refusal(["data": Self.mixture, "loss": .text(loss), "model": energy]) == nil)
    }
  }

  @Test func curvatureLayerByLayerNeedsLayers() {
    let energy = SettingValue.object(["type": .text("energy-mlp")])
    for loss in ["cp", "approx-bp"] {
      let found = Self.refusal(["data": Self.mixture, "loss": .text(loss)])
      #expect(found?.settings == ["model.type", "loss"])
      #expect(Self.refusal(["data": Self.mixture, "loss": .text(loss), "model": energy]) == nil)
      let residual = energy.setting("residual", to: .boolean(true))
      #expect(
        Self.refusal(["data": Self.mixture, "loss": .text(loss), "model": residual])?.settings
          == ["model.residual", "loss"])
    }
  }

  @Test func rotationsInHundredsOfDimensionsAreRefused() {
    let data = SettingValue.object([
      "type": .text("gaussian"), "covariance": .object(["type": .text("random-spectrum")]),
    ])
    let members: KeyValuePairs<String, SettingValue> = [
      "data": data, "loss": .text("ism"), "dimension": .number(513),
    ]
    #expect(Self.refusal(members)?.settings.first == "dimension")
    #expect(Self.refusal(["data": data, "loss": .text("ism"), "dimension": .number(512)]) == nil)
  }

  @Test func meansAndWeightsThatDoNotFitAreRefused() {
    let means = SettingValue.list([.list([.number(1), .number(2)])])
    let data = Self.mixture.setting("means", to: means)
    #expect(Self.refusal(["data": data, "loss": .text("ism")]) == nil)
    #expect(
      Self.refusal(["data": data, "loss": .text("ism"), "dimension": .number(3)])?.settings
        == ["data.means", "dimension"])
    let weighted = data.setting("weights", to: .list([.number(1), .number(1)]))
    #expect(
      Self.refusal(["data": weighted, "loss": .text("ism")])?.settings.first == "data.weights")
  }

  @Test func everyDataLossModelAndOptimiserIsBuiltFromItsDefaults() {
    let files = TableData.declarations.map(\.name)
    for data in Targets.declarations where !files.contains(data.name) {
      let settings = trial(.object(["data": .object(["type": .text(data.name)])]))
      #expect(Targets.make(settings) != nil, "\(data.name)")
    }
    for loss in Losses.declarations {
      let settings = trial(.object(["data": Self.mixture, "loss": .text(loss.name)]))
      #expect((TrainingLoss(settings) == nil) == ["gaussian-fit", "exact"].contains(loss.name))
    }
    for model in Models.declarations {
      let given = SettingValue.object(["type": .text(model.name)])
      #expect(Models.make(completed(model.settings, given), dimension: 2).dimension == 2)
    }
  }

  /// What is wrong with a value of this kind, nil where nothing is.
  static func fault(_ kind: SettingKind, _ value: SettingValue) -> String? {
    switch (kind, value) {
    case (.optional, .null), (.boolean, .boolean), (.text, .text): return nil
    case (.optional(let inner), _): return fault(inner, value)
    case (.integer(let range), .number(let number)):
      return Int(exactly: number).map(range.contains) == true ? nil : "\(number)"
    case (.real(let range), .number(let number)): return range.contains(number) ? nil : "\(number)"
    case (.choice(let choices), .text(let name)):
      return choices.contains { $0.name == name } ? nil : name
    case (.selector(let variants), .text(let name)):
      return variants.contains { $0.name == name } ? nil : name
    case (.list(let inner, let count), .list(let values)):
      guard count.contains(values.count) else { return "\(values.count) values" }
      return values.lazy.compactMap { fault(inner, $0) }.first
    case (.group(let settings), .object(let members)):
      for member in members {
        guard let setting = settings.first(where: { $0.name == member.name }) else {
          return member.name
        }
        if let fault = fault(setting.kind, member.value) { return "\(member.name): \(fault)" }
      }
      return nil
    case (.variant(let variants), .object):
      guard let variant = variants.first(where: { .text($0.name) == value["type"] }) else {
        return value.canonicalJSON
      }
      let type = Setting("type", .text, "")
      return fault(.group([type] + variant.settings), value)
    default: return value.canonicalJSON
    }
  }

  @Test func everyDefaultIsAllowedByItsOwnDeclaration() {
    for data in Targets.declarations + Simulators.declarations {
      for loss in Losses.declarations + LikelihoodAscent.losses {
        let settings = trial(
          .object([
            "data": .object([
              "type": .text(data.name), "path": .text("x"), "dataset": .text("x"),
            ]),
            "loss": .text(loss.name),
          ]))
        for declared in data.neighbours + loss.settings + loss.neighbours {
          let value = settings[declared.name] ?? .null
          #expect(Self.fault(declared.kind, value) == nil, "\(declared.name)")
        }
        for declared in data.settings {
          let value = settings["data.\(declared.name)"] ?? .null
          #expect(Self.fault(declared.kind, value) == nil, "data.\(declared.name)")
        }
      }
    }
    for variant in Models.declarations + Optimizers.declarations + Metrics.declarations
      + FisherScoreEstimator.declarations
    {
      let filled = completed(variant.settings, .object(["type": .text(variant.name)]))
      #expect(Self.fault(.variant([variant]), filled) == nil, "\(variant.name)")
    }
  }

  @Test func namesAreUniqueAndEverySummaryIsSaid() {
    for variants in [
      Targets.declarations + Simulators.declarations,
      Losses.declarations + LikelihoodAscent.losses, Models.declarations,
      Optimizers.declarations, Metrics.declarations, Schedule.declarations,
    ] {
      #expect(Set(variants.map(\.name)).count == variants.count)
      for variant in variants {
        #expect(!variant.summary.isEmpty)
        #expect(Set(variant.settings.map(\.name)).count == variant.settings.count)
        for setting in variant.settings { #expect(!setting.summary.isEmpty) }
      }
    }
  }
}
