import Testing

@testable import Reports

// Seen to fail: dividing by n instead of n - 1 breaks the deviation of 1, 2, 3, 4.

@Test func meanAndDeviationOfFourNumbersAreThoseWorkedOutByHand() {
  let sample = Sample([4, 1, 3, 2])
  #expect(sample.count == 4)
  #expect(sample.mean == 2.5)
  // Σ(x - 2.5)² = 5, over n - 1 = 3.
  #expect(sample.deviation == (5.0 / 3).squareRoot())
  #expect(sample.standardError == (5.0 / 3).squareRoot() / 2)
  #expect(sample.median == 2.5)
}

@Test func anOddSampleHasItsMiddleValueAsMedian() {
  #expect(Sample([9, 1, 5]).median == 5)
}

@Test func oneMeasurementHasNoDeviation() {
  let sample = Sample([7])
  #expect(sample.mean == 7)
  #expect(sample.deviation == nil)
  #expect(sample.standardError == nil)
}

@Test func anEmptySampleSaysNothing() {
  #expect(Sample([]).mean == nil)
  #expect(Sample([]).median == nil)
}

@Test func absentMeasurementsAreLeftOut() {
  #expect(Sample([1, .nan, 3]) == Sample([3, 1]))
}

@Test func theOrderOfTrialsReachesNoBit() {
  let values = [0.1, 0.7, 1e-17, 3e5, 0.3]
  let one = Sample(values)
  let other = Sample(values.reversed())
  #expect(one.mean?.bitPattern == other.mean?.bitPattern)
  #expect(one.deviation?.bitPattern == other.deviation?.bitPattern)
}

@Test func aSpreadFarBelowTheMeanKeepsItsDigits() throws {
  let deviation = try #require(Sample([1e8, 1e8 + 1, 1e8 + 2]).deviation)
  #expect(abs(deviation - 1) < 1e-12)
}
