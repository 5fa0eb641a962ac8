import Expressions

/// Sums of a function of the distance over pairs of points.
///
/// For every row of one set the sum over all rows of another, in blocks of few rows against all:
/// O(n m d) in compiled products, and never a whole Gram matrix in memory.
enum PairSums {
  /// Rows of one set that stand against all of the other at a time.
  private static let blockLimit = 32

  /// The simulation whose variable `sum` is Σ_j f(‖x_i - y_j‖²) for each i.
  ///
  /// - Parameters:
  ///   - x: points, row-major [n, d].
  ///   - y: points, row-major [m, d].
  ///   - scalars: scalar inputs of f.
  ///   - f: a function of squared distances.
  static func simulation(
    of x: [Double], with y: [Double], dimension d: Int, scalars: [ScalarValue] = [],
    _ f: @escaping (Tensor) -> Tensor
  ) -> Simulation {
    let others = Simulation.Constant("points", [y.count / d, d], y)
    return Simulation(
      count: x.count / d,
      [Simulation.Variable("x", [d], initial: .rows(x)), Simulation.Variable("sum")],
      constants: [others], blockLimit: blockLimit,
      [
        Simulation.Stage(scalars: { _ in scalars }) { chains in
          let (x, y) = (chains["x"], others.tensor)
          let squares = dot(x, x).expanded(at: 1) + dot(y, y) - 2 * einsum("nd,md->nm", x, y)
          // Rounding takes the distance of a point to itself below 0.
          return [Assignment("sum", sum(f(maximum(squares, 0)), axes: [1]))]
        }
      ])
  }

  /// The three sums of a two-sample statistic: x with x, y with y, x with y.
  ///
  /// Points are moved so that the mean of y is 0: less is lost to rounding.
  static func simulations(
    of x: [Double], and y: [Double], dimension d: Int, scalars: [ScalarValue] = [],
    _ f: @escaping (Tensor) -> Tensor
  ) -> [Simulation] {
    let centre = Moments.mean(of: y, dimension: d)
    let (x, y) = (Moments.shifted(x, by: centre), Moments.shifted(y, by: centre))
    return [(x, x), (y, y), (x, y)].map {
      simulation(of: $0, with: $1, dimension: d, scalars: scalars, f)
    }
  }

  /// The means over pairs of different points within each set and over all pairs between them: the
  /// parts of a U-statistic.
  ///
  /// - Parameters:
  ///   - results: what ``simulations(of:and:dimension:scalars:_:)`` ended with.
  ///   - diagonal: f(0).
  static func means(
    _ results: [SimulationResult], diagonal: Double
  ) -> (xx: Double, yy: Double, xy: Double) {
    let sums = results.map { $0.values("sum") }
    func within(_ sums: [Double]) -> Double {
      let n = Double(sums.count)
      return (sums.reduce(0, +) - n * diagonal) / (n * (n - 1))
    }
    let pairs = Double(sums[0].count) * Double(sums[1].count)
    return (within(sums[0]), within(sums[1]), sums[2].reduce(0, +) / pairs)
  }
}

/// Means of rows.
enum Moments {
  static func mean(of rows: [Double], dimension d: Int) -> [Double] {
    var mean = [Double](repeating: 0, count: d)
    for row in 0..<rows.count / d {
      for i in 0..<d { mean[i] += rows[row * d + i] }
    }
    let n = Double(max(rows.count / d, 1))
    return mean.map { $0 / n }
  }

  static func shifted(_ rows: [Double], by centre: [Double]) -> [Double] {
    var shifted = rows
    let d = centre.count
    for row in 0..<rows.count / d {
      for i in 0..<d { shifted[row * d + i] -= centre[i] }
    }
    return shifted
  }
}
