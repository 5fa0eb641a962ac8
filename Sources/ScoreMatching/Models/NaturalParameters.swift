/// A density as a member of exponential families: the coefficients of its log density.
///
///     ln p(x) = Σᵢ aᵢ xᵢ + Σᵢ≤ⱼ bᵢⱼ xᵢ xⱼ + Σᵢ cᵢ ln xᵢ + constant
public struct NaturalParameters: Sendable, Hashable {
  /// The number of coordinates, d.
  public let dimension: Int
  /// a, of each coordinate.
  public let linear: [Double]
  /// b, of each pair i ≤ j, row by row.
  public let products: [Double]
  /// c, of each coordinate.
  public let logarithm: [Double]

  /// The coefficients at each coordinate and each pair, 0 where nothing is said.
  public init(
    dimension d: Int, linear: (Int) -> Double = { _ in 0 },
    logarithm: (Int) -> Double = { _ in 0 }, products: (Int, Int) -> Double = { _, _ in 0 }
  ) {
    dimension = d
    self.linear = (0..<d).map(linear)
    self.products = (0..<d).flatMap { i in (i..<d).map { products(i, $0) } }
    self.logarithm = (0..<d).map(logarithm)
  }
}
