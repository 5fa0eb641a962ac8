import Testing

@testable import ScoreMatching

// Seen to fail with fourth powers, cubes or squares not looked at, with cubes looked at beside x⁴, with products
// not halved, and with the slope of x ignored or with its sign.
@Suite struct ExponentialFamilyNormaliserTests {
  typealias Case = (statistics: [Statistic], theta: [Double], word: String?)

  /// In two dimensions.
  private static let cases: [Case] = [
    ([.linear, .square], [1, -2, -0.5, -0.1], nil),
    ([.linear, .square], [1, -2, -0.5, 0.1], "x[1]^2"),
    ([.linear], [1, -2], "along x[0]"),
    ([.square, .cube], [-1, -1, 0, 1e-3], "x[1]^3"),
    ([.square, .cube], [-1, -1, 0, 0], nil),
    ([.square, .cube, .fourthPower], [3, 3, 9, -9, -1e-3, -1], nil),
    ([.square, .cube, .fourthPower], [-3, -3, 0, 0, -1e-3, 1e-9], "x[1]^4"),
    // x₀⁴ bounds x₀ alone.
    ([.cube, .fourthPower], [5, 1, -1, 0], "x[1]^3"),
    ([.products], [-1, 1.9, -1], nil),
    ([.products], [-1, 2.1, -1], "eigenvector"),
    ([.products, .fourthPower], [1, 7, 1, -1, -1], nil),
    ([.products, .fourthPower], [1, 7, -1, -1, 0], nil),
    ([.products, .fourthPower], [1, 7, 1, -1, 0], "eigenvector"),
    ([.linear, .logCosh], [0.5, -0.5, -1, -0.6], nil),
    ([.linear, .logCosh], [0.5, -0.5, -1, -0.4], "along x[1]"),
    ([.square, .logCosh], [-1, -1, 4, 4], nil),
    ([.logarithm, .linear], [1, 1, 1, 1], nil),
    ([.linear, .square], [.nan, 0, 1, 1], nil),
  ]

  @Test("What has no finite integral is told by its highest powers", arguments: cases.indices)
  func defects(_ index: Int) {
    let (statistics, theta, word) = Self.cases[index]
    let model = ExponentialFamily(statistics, dimension: 2)
    let found = model.normaliserDefect(at: [theta])
    guard let word else {
      #expect(found == nil, "\(statistics), \(theta)")
      return
    }
    #expect(found?.contains(word) == true, "\(statistics), \(theta): \(found ?? "nothing")")
  }
}
