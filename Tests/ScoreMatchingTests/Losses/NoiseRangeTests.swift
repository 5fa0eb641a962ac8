// Seen to fail with the last distance for the largest, ten times the smallest scale left out, a lower end that
// nothing is below, and a start around 0.
import Settings
import Testing

@testable import ScoreMatching

@Suite struct NoiseRangeTests {
  static func trial(
    _ loss: String, _ sampler: KeyValuePairs<String, SettingValue>, model: SettingValue? = nil
  ) -> SettingValue {
    let given = SettingValue.object([
      "data": .object(["type": .text("gaussian")]), "loss": .text(loss),
      "sampler": .object(sampler).setting("type", to: .text("probability-flow")),
    ])
    return ScoreMatchingTests.trial(model.map { given.setting("model", to: $0) } ?? given)
  }

  @Test func theLargestDistanceIsTakenOverAllPairs() {
    #expect(NoiseRange.largestDistance(between: [0, 0, 3, 4, 1, 1], dimension: 2) == 5)
    #expect(NoiseRange.largestDistance(between: [1, 1, 0, 0, -3, -4], dimension: 2).rounded() == 6)
    #expect(NoiseRange.largestDistance(between: [5, 2, 9, 4], dimension: 1) == 7)
    #expect(NoiseRange.largestDistance(between: [5, 2], dimension: 2) == 0)
    let far = [Double](repeating: 0, count: 1000) + [50]
    #expect(NoiseRange.largestDistance(between: far, dimension: 1) == 0)  // the first 1000 rows
  }

  @Test func whatASamplerLeavesOutIsTheTrainedRange() throws {
    for loss in ["ncsn", "dsm-ve", "dsm-vp", "dsm-subvp"] {
      let trial = Self.trial(loss, [:])
      let trained = try #require(Losses.noiseRange(of: trial))
      #expect(Samplers.scales(trial) == trained)
      let sampler = try #require(Samplers.make(trial) as? ProbabilityFlowSampler)
      #expect(sampler.path.start == trained.largest && sampler.path.end == trained.smallest)
      #expect(sampler.chains.start == .noisyData(scale: trained.largest))
      let half = Self.trial(loss, ["sigma_min": .number(0.5)])
      #expect(Samplers.scales(half) == NoiseRange(smallest: 0.5, largest: trained.largest))
      #expect(Samplers.refusal(trial) == nil && Samplers.refusal(half) == nil)
    }
  }

  @Test func whereNothingIsTrainedItIsThatOfTheRows() {
    let trial = Self.trial("exact", [:])
    let rows = [0.0, 0, 30, 40]
    #expect(
      Samplers.scales(trial, rows: rows, dimension: 2) == NoiseRange(smallest: 0.1, largest: 50))
    let wide = Self.trial("exact", ["sigma_min": .number(20)])
    #expect(
      Samplers.scales(wide, rows: rows, dimension: 2) == NoiseRange(smallest: 20, largest: 200))
  }

  @Test func samplersBeyondTheTrainedRangeAreRefused() {
    for (end, value) in [("sigma_max", 10.1), ("sigma_min", 0.09)] {
      let trial = Self.trial("ncsn", [:]).setting("sampler." + end, to: .number(value))
      #expect(Samplers.refusal(trial)?.settings.last == "loss", "\(end)")
    }
    let rising = Self.trial("ncsn", ["sigma_min": .number(12)])
    #expect(Samplers.refusal(rising)?.settings == ["sampler.sigma_min", "sampler.sigma_max"])
    // A mixture has its score at every scale in closed form.
    let mixture = SettingValue.object(["type": .text("mixture"), "components": .number(2)])
    #expect(
      Samplers.refusal(Self.trial("ncsn", ["sigma_max": .number(50)], model: mixture)) == nil)
  }
}
