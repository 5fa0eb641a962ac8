import Expressions
import Randomness

extension Metric {
  /// The sliced Wasserstein distance between samples and held-out rows.
  ///
  ///     (E_u W_q(u·x, u·y)^q)^(1/q),   u uniform on the sphere of radius 1
  ///
  /// W_q of two sets of numbers is the L_q distance of their quantile functions. Above 0 also where
  /// both come from one density, by about n^(-1/2).
  ///
  /// - Parameters:
  ///   - slices: random directions.
  ///   - order: q, 1 or 2.
  /// - Complexity: O(n d + n log n) for each direction.
  ///
  /// Reference: Bonneel et al., J. Mathematical Imaging and Vision 51 (2015), definition 7.
  static func slicedWasserstein(slices: Int, order: Int) -> Metric {
    Metric(
      unit: "data units",
      "sliced Wasserstein distance of samples, order \(order), \(slices) slices",
      .data(
        work: { extents in
          [extents.rowCount, extents.sampleCount].reduce(0) { total, count in
            let n = Double(count)
            return total + Double(slices)
              * (loopWork.number * n * Double(extents.dimension)
                + loopWork.comparison * n * Real.log(n + 1) / Real.log(2))
          }
        }
      ) { data in
        var generator = data.generator
        return try slicedWassersteinDistance(
          data.requiredSamples.points, data.heldOut, dimension: data.dimension, slices: slices,
          order: order, using: &generator, checkpoint: data.checkpoint)
      })
  }
}

/// The sliced Wasserstein distance of two sets of points, each row-major; `checkpoint` may throw before
/// each direction.
func slicedWassersteinDistance(
  _ x: [Double], _ y: [Double], dimension d: Int, slices: Int, order: Int,
  using generator: inout RandomGenerator, checkpoint: () throws -> Void = {}
) throws -> Double {
  guard !x.isEmpty, !y.isEmpty, x.allSatisfy(\.isFinite) else { return .nan }
  var total = 0.0
  for _ in 0..<slices {
    try checkpoint()
    let v = (0..<d).map { _ in generator.normal() }
    let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let direction = v.map { $0 / length }
    total += wassersteinPower(
      projected(x, on: direction).sorted(), projected(y, on: direction).sorted(), order: order)
  }
  let mean = total / Double(slices)
  return order == 1 ? mean : mean.squareRoot()
}

/// u·x for each row.
private func projected(_ rows: [Double], on direction: [Double]) -> [Double] {
  let d = direction.count
  return (0..<rows.count / d).map { row in
    var sum = 0.0
    for i in 0..<d { sum += rows[row * d + i] * direction[i] }
    return sum
  }
}

/// ∫ |F⁻¹(t) - G⁻¹(t)|^q dt for the step functions of two ascending sets of numbers of any sizes.
func wassersteinPower(_ x: [Double], _ y: [Double], order: Int) -> Double {
  let (n, m) = (x.count, y.count)
  var (i, j, at, sum) = (0, 0, 0.0, 0.0)
  while i < n, j < m {
    // The next step of either function: (i + 1)/n against (j + 1)/m without rounding.
    let (left, right) = ((i + 1) * m, (j + 1) * n)
    let next = Double(min(left, right)) / Double(n * m)
    let distance = (x[i] - y[j]).magnitude
    sum += (next - at) * (order == 1 ? distance : distance * distance)
    at = next
    if left <= right { i += 1 }
    if right <= left { j += 1 }
  }
  return sum
}
