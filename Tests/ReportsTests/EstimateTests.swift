import Testing

@testable import Reports

// Seen to fail: keeping one digit of the uncertainty breaks every line with one.

@Test(arguments: [
  // The uncertainty keeps two digits and the number ends where it does.
  (0.051234, 0.0034, "0.0512±0.0034"), (12.3456, 1.234, "12.3±1.2"), (1.0, 0.0996, "1.00±0.10"),
  (-5.5, 0.25, "-5.50±0.25"), (1.2, 340, "0±340"), (123_456, 1234, "123500±1200"),
  // Powers of ten where the number would be mostly zeros.
  (1.234e-7, 4.5e-8, "(1.23±0.45)e-7"), (2e6, 1e5, "(2.00±0.10)e6"),
  (0.00012, 0.00001, "0.000120±0.000010"),
  // A spread of nothing, or of rounding errors only.
  (0.25, 0, "0.2500±0.0000"), (1, 1e-16, "1.000000±0.000000"), (0, 0, "0±0"),
])
func theUncertaintyDecidesTheDigits(value: Double, uncertainty: Double, expected: String) {
  #expect(Estimate(value, uncertainty: uncertainty).text == expected)
}

@Test(arguments: [
  (0.0512345, "0.05123"), (1234.5, "1235"), (123_456, "123456"), (1e-9, "1.000e-9"), (0, "0"),
  (-7_654_321, "-7.654e6"),
])
func fourDigitsAreWrittenWhereTheUncertaintyIsUnknown(value: Double, expected: String) {
  #expect(Estimate(value, uncertainty: nil).text == expected)
}

@Test func anUncertaintyThatIsNotShownStillDecidesTheDigits() {
  #expect(Estimate(0.051234, uncertainty: 0.0034, isShown: false).text == "0.0512")
}

@Test func whatIsNotFiniteIsNamed() {
  #expect(Estimate(.infinity, uncertainty: 1).text == "inf")
  #expect(Estimate(-.infinity, uncertainty: nil).text == "-inf")
}
