// Seen to fail with the factor 2 of the variance left out.
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct GaussianPolynomialTests {
  /// E z = 0, E z² = 1, E z⁴ = 3: the moments of (2z - w + 1)(z + 3w - 2) worked out by hand.
  @Test func momentsAreThoseOfIndependentNormalNumbers() {
    let p = GaussianPolynomial(linear: [2, -1], constant: 1)
    let q = GaussianPolynomial(linear: [1, 3], constant: -2)
    let product = p * q  // 2z² + 5zw - 3w² - 3z + 5w - 2
    #expect(product.mean == -3)
    #expect(product.variance == 85)  // 2·4 + 25 + 2·9 + 9 + 25
    #expect(product.secondMoment == product.variance + 9)
    let sum = product + 2 * p
    #expect(sum.mean == -1 && sum.variance == 61)  // z once, w three times
    #expect(GaussianPolynomial(constant: 4, variables: 2).variance == 0)
  }
}
