import Settings
import Testing

@testable import ScoreMatching

@Suite struct DensityRefusalsTests {
  private func refused(_ members: KeyValuePairs<String, SettingValue>) -> [String]? {
    ScoreMatchingSettingsTests.refusal(members)?.settings
  }

  private let line = SettingValue.object([
    "type": .text("gaussian-mixture"), "offset": .number(1),
  ])
  private let mixture = SettingValue.object(["type": .text("mixture")])

  @Test("Maximum likelihood is refused for networks, which are not normalised")
  func likelihoodNeedsANormaliser() {
    let data = ScoreMatchingSettingsTests.mixture
    for (model, isRefused) in [
      ("score-mlp", true), ("energy-mlp", true), ("gaussian", false), ("mixture", false),
    ] {
      let found = refused(["data": data, "loss": .text("ml"), "model": .text(model)])
      #expect(found == (isRefused ? ["loss", "model.type"] : nil), "\(model)")
    }
  }

  @Test("The model whose normaliser is not known is named")
  func theModelIsNamed() {
    let found = ScoreMatchingSettingsTests.refusal([
      "data": ScoreMatchingSettingsTests.mixture, "loss": .text("ml"),
      "model": .text("exponential-family"),
    ])
    #expect(found?.because == "the normalising constant of model exponential-family is not known")
  }

  @Test("A mixture is fitted by dsm and by a ladder of noise scales, not by energies of noisy data")
  func noisyMixtures() {
    let data = ScoreMatchingSettingsTests.mixture
    for (loss, isRefused) in [("dsm", false), ("ncsn", false), ("fd-dsm", true)] {
      let found = refused(["data": data, "loss": .text(loss), "model": mixture])
      #expect(found == (isRefused ? ["model.type", "loss"] : nil), "\(loss)")
    }
  }

  @Test("Quadrature over the noise is for one dimension, and for noise that is not controlled")
  func quadrature() {
    let rule = SettingValue.text("gauss-hermite")
    let one = SettingValue.number(1)
    func found(_ data: SettingValue, _ dimension: SettingValue, control: Bool = false) -> [String]?
    {
      refused([
        "data": data, "dimension": dimension, "loss": .text("dsm"), "noise_expectation": rule,
        "control_variate": .boolean(control), "model": mixture,
      ])
    }
    #expect(found(line, one) == nil)
    #expect(found(line, .number(2)) == ["dimension", "noise_expectation"])
    #expect(found(line, one, control: true) == ["control_variate", "noise_expectation"])
    for data in [
      SettingValue.object(["type": .text("two-moons")]),
      .object(["type": .text("csv"), "path": .text("x.csv")]),
    ] {
      #expect(
        refused(["data": data, "loss": .text("dsm"), "noise_expectation": rule])
          == ["data.type", "noise_expectation"])
    }
  }

  @Test("Known means have to be given, to fit the data and to be said once")
  func means() {
    func found(
      _ model: KeyValuePairs<String, SettingValue>, data: SettingValue? = nil
    ) -> [String]? {
      var settings = SettingValue.object(model)
      settings = settings.setting("type", to: .text("mixture"))
      return refused(["data": data ?? line, "loss": .text("ml"), "model": settings])
    }
    let points = SettingValue.list([.list([.number(1), .number(2)])])
    let learn = SettingValue.list([.text("weights")])
    #expect(found(["learn": learn]) == ["model.learn", "model.means"])
    #expect(found(["learn": learn, "offset": .number(1)]) == nil)
    #expect(found(["means": points]) == nil)
    #expect(
      found(["means": .list([.list([.number(1)])])]) == ["model.means", "dimension"])
    #expect(
      found(["means": points, "offset": .number(1)]) == ["model.offset", "model.means"])
    #expect(
      found(["offset": .number(1), "weights": .list([.number(1)])])
        == ["model.weights", "model.components"])
    #expect(found(["means": points, "learn": learn]) == ["model.learn", "model.components"])
    let csv = SettingValue.object(["type": .text("csv"), "path": .text("x.csv")])
    #expect(found(["means": points], data: csv) == ["model.means", "data.type"])
    let both = line.setting("means", to: points)
    #expect(refused(["data": both, "loss": .text("ism")]) == ["data.offset", "data.means"])
  }
}
