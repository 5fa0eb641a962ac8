import Testing

@testable import Reports

// Seen to fail: rounding up from 6 instead of 5 breaks the halves.

@Test(arguments: [
  (0.15, -1, "0.2"), (0.25, -1, "0.3"), (0.05, -1, "0.1"), (0.04, -1, "0.0"), (2.5, 0, "3"),
  (-2.5, 0, "-3"), (-0.4, 0, "0"), (9.96, -1, "10.0"), (0.996, -2, "1.00"), (1234.5, 2, "1200"),
  (951, 3, "1000"), (499, 3, "0"), (0, -3, "0.000"), (1e-7, -8, "0.00000010"), (3, -2, "3.00"),
  (1e22, 21, "10000000000000000000000"), (1e-300, 0, "0"),
])
func numbersAreRoundedAsOnPaper(number: Double, place: Int, expected: String) throws {
  let digits = try #require(DecimalDigits(number))
  #expect(digits.rounded(to: place).written(to: place) == expected)
}

@Test(arguments: [
  (123_456, 2, 5, "1.235"), (0.000012345, -7, -5, "1.23"), (9.999e-6, -7, -5, "1.00"),
  (1.5e9, 9, 9, "2"), (4e4, 5, 6, "0.0"),
])
func numbersAreWrittenOverAPowerOfTen(
  number: Double, place: Int, exponent: Int, expected: String
) throws {
  let digits = try #require(DecimalDigits(number))
  #expect(digits.rounded(to: place).written(to: place, exponent: exponent) == expected)
}

@Test func significantDigitsAreCountedFromTheFirst() throws {
  let digits = try #require(DecimalDigits(0.0996))
  #expect(digits.rounded(significant: 2).written(to: -3) == "0.100")
}

@Test func whatIsNotFiniteHasNoDigits() {
  #expect(DecimalDigits(.nan) == nil)
  #expect(DecimalDigits(.infinity) == nil)
}
