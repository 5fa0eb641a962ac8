import Settings
import TestSupport
import Testing

@Suite struct CanonicalJSONTests {
  @Test func numbersAreShortestAndWholeOnesHaveNoPoint() {
    let words: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (8, "8"), (-3, "-3"), (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"),
      (1e-12, "1e-12"), (9_007_199_254_740_991, "9007199254740991"), (1e16, "1e+16"),
      (0x1p53, "9007199254740992.0"), (0x1p53 + 2, "9.007199254740994e+15"), (1e-4, "0.0001"),
      (1.25e-5, "1.25e-05"), (-1.5e16, "-1.5e+16"),
      (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"), (.infinity, "null"), (.nan, "null"),
    ]
    for (number, word) in words {
      let written = SettingValue.canonicalNumber(number)
      #expect(written == word)
    }
  }

  @Test func numbersReadBackTheSame() {
    var random = TestNumbers(seed: 1)
    for _ in 0..<10_000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      #expect(Double(SettingValue.canonicalNumber(number)) == number)
    }
  }

  @Test func textsAreEscapedAsJSONDemands() {
    #expect(SettingValue.quoted("a\"b\\c/é😀") == #""a\"b\\c/é😀""#)
    #expect(SettingValue.quoted("\n\t\r\u{1}\u{1f}") == #""\n\t\r\u0001\u001f""#)
  }

  @Test func membersAreSorted() {
    let value = SettingValue.object([
      "b": .list([.null, .boolean(true)]), "a": .object(["d": .text("")]),
    ])
    #expect(value.canonicalJSON == #"{"a":{"d":""},"b":[null,true]}"#)
  }
}
