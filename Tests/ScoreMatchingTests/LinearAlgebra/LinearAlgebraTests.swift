// Seen to fail with the inverse's sum begun one late, with its substitution begun at 1, and with
// the rotation's sign turned.
import Randomness
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct LinearAlgebraTests {
  static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    (0..<n * n).map { index in
      (0..<n).reduce(0) { $0 + a[index / n * n + $1] * b[$1 * n + index % n] }
    }
  }

  static func identity(_ n: Int) -> [Double] { (0..<n * n).map { $0 / n == $0 % n ? 1 : 0 } }

  @Test(arguments: [1, 2, 5, 12])
  func aCholeskyFactorGivesTheMatrixAndItsInverse(_ n: Int) throws {
    let matrix = randomCovariance(dimension: n, seed: UInt64(n))
    let factor = try #require(Cholesky(matrix, count: n))
    let transposed = (0..<n * n).map { factor.lower[$0 % n * n + $0 / n] }
    #expect(relativeDifference(Self.product(factor.lower, transposed, n), matrix) < 1e-14)
    #expect(
      relativeDifference(Self.product(factor.inverse, matrix, n), Self.identity(n)) < 1e-12)
  }

  @Test func matricesThatAreNotPositiveDefiniteHaveNoFactor() {
    #expect(Cholesky([1, 2, 2, 1], count: 2) == nil)
    #expect(Cholesky([0], count: 1) == nil)
    #expect(Cholesky([.nan], count: 1) == nil)
  }

  @Test(arguments: [1, 2, 5, 12])
  func eigenvectorsAreOrthonormalAndGiveTheMatrix(_ n: Int) {
    let matrix = randomCovariance(dimension: n, seed: 20 + UInt64(n))
    let eigen = SymmetricEigen(matrix, count: n)
    #expect(eigen.values == eigen.values.sorted(by: >))
    let basis = eigen.vectors.flatMap { $0 }
    #expect(relativeDifference(Orthogonal.conjugate(eigen.values, by: basis), matrix) < 1e-14)
    let transposed = (0..<n * n).map { basis[$0 % n * n + $0 / n] }
    #expect(relativeDifference(Self.product(basis, transposed, n), Self.identity(n)) < 1e-14)
  }

  @Test func smallEigenvaluesAreAccurateRelatively() {
    // diag(1, 1e-4) (1 ½; ½ 1) diag(1, 1e-4): the product of the eigenvalues is 0.75e-8.
    let eigen = SymmetricEigen([1, 0.5e-4, 0.5e-4, 1e-8], count: 2)
    #expect(relativeDifference([eigen.values[0] * eigen.values[1]], [0.75e-8]) < 1e-14)
  }

  @Test func aDiagonalMatrixIsSortedAsItIs() {
    let eigen = SymmetricEigen([1, 0, 0, 0, 3, 0, 0, 0, 2], count: 3)
    #expect(eigen.values == [3, 2, 1])
    #expect(eigen.vectors == [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
  }

  @Test func randomRotationsAreOrthogonal() {
    var generator = RandomGenerator(StreamKey(bits: 3))
    let basis = Orthogonal.random(9, using: &generator)
    let transposed = (0..<81).map { basis[$0 % 9 * 9 + $0 / 9] }
    #expect(relativeDifference(Self.product(basis, transposed, 9), Self.identity(9)) < 1e-14)
  }
}
