import Settings
import Testing

@Suite struct SettingKindDescriptionTests {
  @Test func rangesAreSaidInWords() {
    #expect(RealRange.any.words == "")
    #expect(RealRange.positive.words == "above 0")
    #expect(RealRange.nonNegative.words == "from 0")
    #expect(RealRange.unitInterval.words == "from 0 to 1")
    #expect(RealRange(from: 0, to: 1, includesLower: false).words == "above 0, at most 1")
    #expect(RealRange(from: 0, to: 1, includesUpper: false).words == "from 0, below 1")
    #expect(RealRange(to: 2).words == "at most 2")
  }

  @Test func rangesHoldTheirNumbersAndNothingElse() {
    #expect(RealRange.positive.contains(.leastNonzeroMagnitude))
    #expect(!RealRange.positive.contains(0))
    #expect(!RealRange.any.contains(.nan))
    #expect(!RealRange.any.contains(.infinity))
    #expect(RealRange.unitInterval.contains(1))
  }

  @Test func kindsAreSaidInWords() {
    let choice = SettingKind.choice([Choice("a", ""), Choice("b", ""), Choice("c", "")])
    #expect(choice.expectation == "one of a, b or c")
    #expect(SettingKind.optional(.real(.positive)).expectation == "a number above 0, or null")
    #expect(SettingKind.integer(1...Int.max).expectation == "a whole number, at least 1")
    #expect(SettingKind.integer(1...9).expectation == "a whole number from 1 to 9")
    #expect(
      SettingKind.list(of: .integer(1...9), count: 1...3).expectation
        == "a list of 1 to 3 values, each a whole number from 1 to 9")
    #expect(
      SettingKind.variant([Variant("adam", ""), Variant("sgd", "")]).expectation
        == "one of adam or sgd, or an object with that type")
  }
}
