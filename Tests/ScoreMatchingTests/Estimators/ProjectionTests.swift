// Seen to fail with √d left out of the sphere and with the unit sphere given radius √d.
import Expressions
import Testing

@testable import ScoreMatching

@Suite struct ProjectionTests {
  @Test(arguments: Projection.allCases)
  func theSecondMomentIsTheIdentityOverTheSquaredScale(_ projection: Projection) {
    let (d, count) = (3, 30_000)
    let v = projection.draw(rows: 1, dimension: d, slices: count, stream: "projection")
    #expect(v.shape == [count, 1, d])
    let values = evaluate(v, seed: 7)
    let scale = projection == .unitSphere ? 1 / Double(d) : 1
    for i in 0..<d {
      for j in 0...i {
        let products = (0..<count).map { values[$0 * d + i] * values[$0 * d + j] }
        let (mean, error) = estimate(products)
        let expected = i == j ? scale : 0
        #expect((mean - expected).magnitude <= 4 * error + 1e-12)
      }
    }
  }

  @Test func theSphereHasRadiusRootDAndTheUnitSphereOne() {
    for (projection, squaredRadius) in [(Projection.sphere, 5.0), (.unitSphere, 1.0)] {
      let v = projection.draw(rows: 4, dimension: 5, slices: 2, stream: "projection")
      for square in evaluate(dot(v, v)) { #expect((square - squaredRadius).magnitude < 1e-12) }
    }
  }

  @Test func theRowAxisIsTheSecond() {
    let v = Projection.gaussian.draw(rows: 4, dimension: 5, slices: 2, stream: "projection")
    guard case .random(let leaf) = v.primitive else {
      Issue.record("not a random leaf: \(v)")
      return
    }
    #expect(leaf.rowAxis == 1)
  }
}
