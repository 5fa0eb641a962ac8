import Expressions
import Randomness
import TestSupport
import Testing

@testable import ScoreMatching

// Seen to fail with the bandwidth left out of the constant or of the draws, with one scale for all coordinates,
// and with coordinates of one row drawn together.
@Suite struct MarginalProductTests {
  /// Dependent coordinates of different scales and shapes.
  private func rows(_ n: Int) -> [Double] {
    var numbers = TestNumbers(seed: 4)
    return (0..<n).flatMap { _ -> [Double] in
      let z = numbers.normals(2)
      return [3 * z[0] + 1, Real.exp(0.5 * z[0]) + 0.1 * z[1]]
    }
  }

  @Test func theDensityIntegratesToOne() throws {
    let line = try MarginalProduct(
      rows(40).enumerated().filter { $0.offset % 2 == 0 }.map(\.element), dimension: 1)
    #expect(
      (integral(line.logDensity, dimension: 1, from: -40, to: 40, step: 0.1) - 1).magnitude < 1e-9)
    let plane = try MarginalProduct(rows(12), dimension: 2)
    #expect(
      (integral(plane.logDensity, dimension: 2, from: -15, to: 15, step: 0.1) - 1).magnitude < 1e-6)
  }

  @Test func itIsTheProductOfTheKernelEstimates() throws {
    let data = rows(30)
    let target = try MarginalProduct(data, dimension: 2)
    let point = [0.7, 1.4]
    var expected = 0.0
    for i in 0..<2 {
      let values = stride(from: i, to: 60, by: 2).map { data[$0] }
      let mean = values.reduce(0, +) / 30
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30
      let h = 1.06 * variance.squareRoot() * Real.power(30, -0.2)
      let density = values.reduce(0) { sum, value in
        let u = (point[i] - value) / h
        return sum + Real.exp(-u * u / 2) / (30 * h * (2 * Double.pi).squareRoot())
      }
      expected += Real.log(density)
    }
    let found = evaluate(target.logDensity(.literal(point, [1, 2])))
    #expect(found.count == 1 && (found[0] - expected).magnitude < 1e-12)
    let stacked = target.logDensity(.literal(point + point, [2, 1, 2]))
    #expect(stacked.shape == [2, 1])
  }

  @Test func drawsHaveTheMarginalsAndNoDependence() throws {
    let data = rows(5000)
    let target = try MarginalProduct(data, dimension: 2)
    var generator = RandomGenerator(StreamKey(bits: 2))
    let draws = target.sample(20_000, using: &generator)
    let (x, y) = (
      stride(from: 0, to: 40_000, by: 2).map { draws[$0] },
      stride(from: 1, to: 40_000, by: 2).map { draws[$0] }
    )
    let cross = estimate(zip(x, y).map { ($0 - 1) * ($1 - 1.13) })
    #expect(cross.mean.magnitude < 4 * cross.error + 0.02, "\(cross)")
    // The variance of the kernel estimate: that of its 1000 rows, times 1 + h²/s².
    let chosen = (0..<1000).map { data[2 * (5 * $0)] }
    let mean = chosen.reduce(0, +) / 1000
    let variance = chosen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000
    let widening = 1 + 1.06 * 1.06 * Real.power(1000, -0.4)
    let found = estimate(x.map { ($0 - mean) * ($0 - mean) })
    #expect((found.mean - variance * widening).magnitude < 4 * found.error, "\(found)")
  }

  @Test func aConstantCoordinateHasNoEstimate() {
    #expect(throws: DataError.self) {
      try MarginalProduct([1, 2, 1, 3, 1, 4], dimension: 2)
    }
    #expect(throws: DataError.self) { try MarginalProduct([1, 2], dimension: 2) }
  }
}
