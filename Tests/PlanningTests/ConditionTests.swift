import Planning
import Settings
import Testing

@Suite struct ConditionTests {
  @Test func conditionsHoldForTheirValuesOnly() {
    let large = Condition(
      "dimension", .within([.init(.above, .number(4)), .init(.below, .number(16))]))
    #expect([4, 5, 15, 16].map { large.holds(for: .number($0)) } == [false, true, true, false])
    #expect(!large.holds(for: nil))
    #expect(!large.holds(for: .text("5")))
    let some = Condition("loss", .oneOf([.text("ism"), .text("ssm")]))
    #expect(some.holds(for: .text("ssm")))
    #expect(!some.holds(for: .text("dsm")))
    #expect(!some.holds(for: nil))
  }

  @Test func aTextMatchesTheVariantOfThatType() {
    let value = SettingValue.object(["type": .text("adam"), "learning_rate": .number(0.1)])
    #expect(Condition("o", .oneOf([.text("adam")])).holds(for: value))
    #expect(!Condition("o", .oneOf([.text("sgd")])).holds(for: value))
    let part = SettingValue.object(["learning_rate": .number(0.1)])
    #expect(Condition("o", .oneOf([part])).holds(for: value))
    let other = SettingValue.object(["learning_rate": .number(0.2)])
    #expect(!Condition("o", .oneOf([other])).holds(for: value))
  }

  @Test func anEmptyObjectMatchesWhatIsThere() {
    let present = Condition("e", .oneOf([.object([SettingValue.Member]())]))
    #expect(present.holds(for: .object(["patience": .number(5)])))
    #expect(present.holds(for: .text("cosine")))
    #expect(!present.holds(for: .null))
  }
}
