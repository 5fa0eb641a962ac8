import Expressions
import TestSupport
import Testing

@testable import ScoreMatching

@Suite struct GaussHermiteTests {
  @Test("Moments of the normal law up to degree 2n - 1 are exact", arguments: [1, 2, 3, 8, 33])
  func moments(n: Int) {
    let rule = GaussHermite(n)
    var exact = 1.0
    for degree in stride(from: 0, to: 2 * n, by: 2) {
      if degree > 0 { exact *= Double(degree - 1) }
      let sum = zip(rule.nodes, rule.weights).reduce(0) { total, pair in
        total + pair.1 * (0..<degree).reduce(1) { power, _ in power * pair.0 }
      }
      #expect(abs(sum / exact - 1) < 1e-12, "degree \(degree): \(sum), \(exact)")
    }
  }

  @Test("Three nodes are 0 and plus or minus √3, of weights 2/3 and 1/6")
  func threeNodes() {
    let rule = GaussHermite(3)
    let root = (3 as Double).squareRoot()
    #expect(relativeDifference(rule.nodes, [-root, 0, root]) < 1e-14)
    #expect(relativeDifference(rule.weights, [1 / 6.0, 2 / 3.0, 1 / 6.0]) < 1e-14)
  }

  @Test("Nodes ascend, are symmetric, and E cos(t ε) = exp(-t²/2)", arguments: [24, 64, 101, 256])
  func characteristicFunction(n: Int) {
    let rule = GaussHermite(n)
    #expect(rule.nodes.count == n && rule.weights.allSatisfy { $0 > 0 })
    #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(rule.nodes, rule.nodes.reversed()).allSatisfy { $0 == -$1 })
    for t in [0.5, 1, 2] {
      let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * Real.cosine(t * $1.0) }
      #expect(abs(sum - Real.exp(-t * t / 2)) < 1e-14)
    }
  }
}
