// Seen to fail with the progress counted one step ahead and with the final fraction left out.
import Settings
import Testing

@testable import ScoreMatching

@Suite struct ScheduleTests {
  static func factors(_ members: KeyValuePairs<String, SettingValue>, _ steps: [Int]) -> [Double] {
    let given = SettingValue.object(members)
    let variant = Schedule.declarations.first { .text($0.name) == given["type"] }
    let schedule = Schedule(completed(variant?.settings ?? [], given))
    return steps.map { schedule.factor(at: $0, of: 100) }
  }

  @Test func theyFallFromOneToTheFinalFraction() {
    let steps = [1, 51, 101]
    #expect(Self.factors(["type": .text("constant")], steps) == [1, 1, 1])
    let cosine = Self.factors(["type": .text("cosine"), "final_fraction": .number(0.2)], steps)
    let linear = Self.factors(["type": .text("linear"), "final_fraction": .number(0.2)], steps)
    for (found, expected) in zip(cosine + linear, [1, 0.6, 0.2, 1, 0.6, 0.2]) {
      #expect((found - expected).magnitude < 1e-15)
    }
    let decay = Self.factors(
      ["type": .text("exponential"), "final_fraction": .number(0.04)], steps)
    for (found, expected) in zip(decay, [1, 0.2, 0.04]) {
      #expect((found - expected).magnitude < 1e-15)
    }
  }

  @Test func warmupRisesLinearly() {
    let factors = Self.factors(["type": .text("constant"), "warmup": .number(4)], [1, 2, 4, 5])
    #expect(factors == [0.25, 0.5, 1, 1])
  }
}
