import Expressions

/// Nodes and weights of Gauss-Legendre quadrature, exact for polynomials of degree 2n - 1.
///
/// Reference: Golub & Welsch, Mathematics of Computation 23 (1969), 221-230; the nodes here come
/// from Newton's method on the three-term recurrence.
struct GaussLegendre: Sendable {
  /// Nodes in (0, 1), ascending.
  let nodes: [Double]
  /// Weights, of sum 1.
  let weights: [Double]

  /// The rule with n nodes.
  init(_ n: Int) {
    var nodes: [Double] = []
    var weights: [Double] = []
    for index in (0..<n).reversed() {
      var x = Real.cosine(.pi * (Double(index) + 0.75) / (Double(n) + 0.5))
      var slope = 1.0
      for _ in 0..<8 {  // quadratic convergence: five steps from here suffice
        var (previous, value) = (1.0, x)
        for k in 2..<max(n + 1, 3) where k <= n {
          let k = Double(k)
          (previous, value) = (value, ((2 * k - 1) * x * value - (k - 1) * previous) / k)
        }
        slope = Double(n) * (x * value - previous) / (x * x - 1)
        x -= value / slope
      }
      nodes.append((1 + x) / 2)
      weights.append(1 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
  }
}
