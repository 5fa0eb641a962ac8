import Testing

@testable import Randomness

#if canImport(Glibc)
  import Glibc
#endif

// Statistical tests with fixed seeds: they either always pass or always fail. Tolerances are in
// standard errors of the statistic under the law. Seen to fail: -1 instead of -2 times the
// logarithm, angles that cover only half of each quarter.

private let count = 1 << 20

/// Mean of f over the draws, in standard errors from `expected`, the standard deviation of f
/// being given by the law.
private func deviation(
  _ x: [Double], expected: Double, deviation: Double, _ f: (Double) -> Double
) -> Double {
  (x.reduce(0) { $0 + f($1) } / Double(x.count) - expected)
    / (deviation / Double(x.count).squareRoot())
}

private func bothPrecisions(_ law: RandomLaw) -> [[Double]] {
  [floats(count, law, key: 2024).map(Double.init), doubles(count, law, key: 2025)]
}

@Test func normalDrawsHaveTheMomentsOfTheNormalLaw() {
  for z in bothPrecisions(.normal) {
    #expect(abs(deviation(z, expected: 0, deviation: 1) { $0 }) < 4)
    #expect(abs(deviation(z, expected: 1, deviation: 2.0.squareRoot()) { $0 * $0 }) < 4)
    #expect(abs(deviation(z, expected: 0, deviation: 15.0.squareRoot()) { $0 * $0 * $0 }) < 4)
    #expect(abs(deviation(z, expected: 3, deviation: 96.0.squareRoot()) { pow($0, 4) }) < 4)
    #expect(abs(deviation(z, expected: 15, deviation: 10170.0.squareRoot()) { pow($0, 6) }) < 4)
    // The tail beyond 4 has probability 6.33e-5.
    let tail = erfc(4 / 2.0.squareRoot())
    #expect(
      abs(deviation(z, expected: tail, deviation: tail.squareRoot()) { abs($0) > 4 ? 1 : 0 }) < 4)
  }
}

@Test func uniformDrawsHaveTheMomentsOfTheUniformLaw() {
  for u in bothPrecisions(.uniform) {
    #expect(abs(deviation(u, expected: 0.5, deviation: (1 / 12.0).squareRoot()) { $0 }) < 4)
    #expect(
      abs(deviation(u, expected: 1 / 3.0, deviation: (4 / 45.0).squareRoot()) { $0 * $0 }) < 4)
  }
}

@Test func signsAreFairAndNeighboursDoNotCorrelate() {
  for v in bothPrecisions(.rademacher) {
    #expect(v.allSatisfy { abs($0) == 1 })
    #expect(abs(deviation(v, expected: 0, deviation: 1) { $0 }) < 4)
    for lag in [1, 2, 3, 4, 8, 16, 32, 64, 256, 1024] {
      #expect(abs(correlation(v, v, lag: lag)) < 4)
    }
  }
}

/// Kolmogorov's statistic √n sup |F_n - F|; beyond 1.95 it has probability 0.001.
private func kolmogorov(_ x: [Double], _ distribution: (Double) -> Double) -> Double {
  let n = Double(x.count)
  var largest = 0.0
  for (i, value) in x.sorted().enumerated() {
    let f = distribution(value)
    largest = max(largest, max(f - Double(i) / n, Double(i + 1) / n - f))
  }
  return largest * n.squareRoot()
}

@Test func drawsFollowTheirDistributionFunction() {
  for z in bothPrecisions(.normal) {
    #expect(kolmogorov(z) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 1.95)
  }
  for u in bothPrecisions(.uniform) { #expect(kolmogorov(u) { $0 } < 1.95) }
}

/// The correlation at a lag, in standard errors, of two sequences of mean 0 and variance 1.
private func correlation(_ x: [Double], _ y: [Double], lag: Int = 0) -> Double {
  let n = x.count - lag
  var sum = 0.0
  for i in 0..<n { sum += x[i] * y[i + lag] }
  return sum / Double(n).squareRoot()
}

@Test(arguments: [RandomLaw.normal, .rademacher])
func projectionsHaveTheIdentityAsSecondMoment(law: RandomLaw) {
  let d = 8
  let rows = count / d
  for v in bothPrecisions(law) {
    for i in 0..<d {
      for j in 0...i {
        var sum = 0.0
        for row in 0..<rows { sum += v[row * d + i] * v[row * d + j] }
        let mean = sum / Double(rows)
        if i == j && law == .rademacher {
          #expect(mean == 1)
        } else {
          let deviation = i == j ? 2.0.squareRoot() : 1
          #expect(
            abs(mean - (i == j ? 1 : 0)) < 4 * deviation / Double(rows).squareRoot(), "\(i) \(j)")
        }
      }
    }
  }
}

@Test func differentStreamsAndDifferentDrawsAreUncorrelated() {
  for law in [RandomLaw.normal, .rademacher] {
    let base = floats(count, law, key: 1, draw: 0).map(Double.init)
    for (key, draw) in [(UInt64(1), UInt64(1)), (1, 2), (2, 0), (3, 0), (1 << 32 | 1, 0), (0, 1)] {
      let other = floats(count, law, key: key, draw: draw).map(Double.init)
      for lag in [0, 1, 8, 32] {
        #expect(abs(correlation(base, other, lag: lag)) < 4, "\(law) \(key) \(draw) \(lag)")
      }
    }
    for lag in [1, 7, 8, 9, 16, 24, 32, 1000] {
      #expect(abs(correlation(base, base, lag: lag)) < 4)
    }
  }
}
