import Planning
import Settings
import Testing

@Suite struct ConditionTests {
  @Test func conditionsHoldForTheirValuesOnly() {
    let large = Condition("dimension", .between(above: 4, below: 16))
    #expect([4, 5, 15, 16].map { large.matches(.number($0)) } == [false, true, true, false])
    #expect(!large.matches(nil))
    #expect(!large.matches(.text("5")))
    let some = Condition("loss", .oneOf([.text("ism"), .text("ssm")]))
    #expect(some.matches(.text("ssm")))
    #expect(!some.matches(.text("dsm")))
    #expect(!some.matches(nil))
  }

  @Test func aTextMatchesTheVariantOfThatType() {
    let value = SettingValue.object(["type": .text("adam"), "learning_rate": .number(0.1)])
    #expect(Condition("o", .oneOf([.text("adam")])).matches(value))
    #expect(!Condition("o", .oneOf([.text("sgd")])).matches(value))
    let part = SettingValue.object(["learning_rate": .number(0.1)])
    #expect(Condition("o", .oneOf([part])).matches(value))
    let other = SettingValue.object(["learning_rate": .number(0.2)])
    #expect(!Condition("o", .oneOf([other])).matches(value))
  }
}
