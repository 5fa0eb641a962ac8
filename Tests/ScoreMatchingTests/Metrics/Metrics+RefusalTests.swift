// Seen to fail with the remedy of the other end, and with a lower end that nothing is below.
import Settings
import Testing

@testable import ScoreMatching

@Suite struct MetricsRefusalTests {
  static let losses = ["ncsn", "dsm-ve", "dsm-vp", "dsm-subvp"]

  static func refusal(
    _ type: String, _ metric: KeyValuePairs<String, SettingValue> = [:], loss: String,
    _ trial: KeyValuePairs<String, SettingValue> = [:]
  ) -> Refusal? {
    let variant = Metrics.declarations.first { $0.name == type }
    let settings = completed(
      variant?.settings ?? [], SettingValue.object(metric).setting("type", to: .text(type)))
    let given = SettingValue.object(trial).setting("loss", to: .text(loss))
      .setting("data", to: .object(["type": .text("gaussian")]))
    return Metrics.refusal(settings, ScoreMatchingTests.trial(given))
  }

  @Test func everyMetricAsItIsFitsEveryLossAsItIs() {
    for loss in Losses.declarations.map(\.name) {
      for metric in Metrics.declarations.map(\.name) {
        #expect(Self.refusal(metric, loss: loss) == nil, "\(metric) of \(loss)")
      }
    }
  }

  @Test(arguments: ["smoothed_fisher_divergence", "denoising_loss", "tweedie_mse"])
  func aNetworkIsNotMeasuredAtScalesThatItNeverSaw(_ type: String) throws {
    let trial: KeyValuePairs<String, SettingValue> = [
      "sigma_min": .number(0.2), "sigma_max": .number(4),
    ]
    for sigma in [0.2, 1, 4] {
      #expect(Self.refusal(type, ["sigma": .number(sigma)], loss: "ncsn", trial) == nil)
    }
    let low = try #require(Self.refusal(type, ["sigma": .number(0.1)], loss: "ncsn", trial))
    #expect(low.settings == ["loss", "sigma_min", "sigma_max"])
    #expect(low.because.contains("noise scale 0.1, and the loss trains those from 0.2 to 4 alone"))
    #expect(low.remedy.contains("another sigma, or lower the loss's sigma_min."))
    let high = try #require(Self.refusal(type, ["sigma": .number(5)], loss: "dsm-ve", trial))
    #expect(high.remedy.hasSuffix("or raise the loss's sigma_max."))
    // Losses of one scale and the exact score have no range.
    #expect(Self.refusal(type, ["sigma": .number(5)], loss: "dsm") == nil)
    #expect(Self.refusal(type, ["sigma": .number(500)], loss: "exact") == nil)
  }

  /// A number of the sentence is inside, so that it can be copied.
  @Test func rangesAreToldToDigitsThatLieInside() {
    let range = NoiseRange(smallest: 0.010485992786702987, largest: 152.16697028394637)
    #expect(range.words == "from 0.01049 to 152.1")
    #expect(NoiseRange(smallest: 0.1, largest: 10).words == "from 0.1 to 10")
    #expect(NoiseRange(smallest: 1e-4, largest: 123456).words == "from 0.0001 to 123400")
    #expect(NoiseRange(smallest: 0.3, largest: 1e9).words == "from 0.3 to 1000000000")
  }

  @Test func theRangeOfADiffusionFollowsFromItsTimes() throws {
    for loss in ["dsm-vp", "dsm-subvp"] {
      #expect(Self.refusal("tweedie_mse", ["sigma": .number(100)], loss: loss) == nil)
      let high = try #require(Self.refusal("tweedie_mse", ["sigma": .number(200)], loss: loss))
      #expect(high.settings == ["loss", "t_min", "beta_min", "beta_max"])
      #expect(high.remedy.hasSuffix("or raise beta_max."))
      let low = try #require(Self.refusal("tweedie_mse", ["sigma": .number(1e-5)], loss: loss))
      #expect(low.remedy.hasSuffix("or lower t_min."))
    }
    // A mixture has its score at every scale in closed form.
    let mixture = SettingValue.object(["type": .text("mixture"), "components": .number(2)])
    #expect(
      Self.refusal("tweedie_mse", ["sigma": .number(200)], loss: "dsm-vp", ["model": mixture])
        == nil)
  }

  @Test(arguments: ["flow_log_likelihood", "flow_error"])
  func aFlowStaysInsideAndRises(_ type: String) throws {
    let both = try #require(
      Self.refusal(
        type, ["sigma_min": .number(0.01), "sigma_max": .number(50)], loss: "ncsn"))
    #expect(both.because.contains("scales from 0.01 to 50, and the loss trains those from 0.1"))
    #expect(
      both.remedy
        == "Give the metric another sigma_min and sigma_max, or lower the loss's sigma_min "
        + "and raise the loss's sigma_max.")
    #expect(Self.refusal(type, ["sigma_min": .number(0.5)], loss: "ncsn") == nil)
    let falling = try #require(Self.refusal(type, ["sigma_min": .number(20)], loss: "ncsn"))
    #expect(falling.because.contains("begin at noise scale 20 and to end at 10,"))
    #expect(Self.refusal(type, ["sigma_min": .number(20)], loss: "exact") == nil)
  }
}
