/// What the multiply-add units of one core deliver, in 10⁹ operations a second.
public struct PeakRate: Sendable, Equatable {
  /// In Float.
  public let float32: Double
  /// In Double.
  public let float64: Double
}

/// Measures the rate of fused multiply-adds from registers alone, the ceiling of every product.
///
/// Twelve independent chains, as in the matrix product's micro-kernel, of two operations an
/// element each. The best of many short runs is returned: the clock of a shared machine drifts.
///
/// - Parameter seconds: how long to measure, half for each precision.
public func peakFMA(seconds: Double) -> PeakRate {
  PeakRate(
    float32: bestRate(SIMD8<Float>.self, seconds: seconds / 2),
    float64: bestRate(SIMD4<Double>.self, seconds: seconds / 2))
}

private func bestRate<Vector: SIMD>(_ type: Vector.Type, seconds: Double) -> Double
where Vector.Scalar: KernelScalar {
  let clock = ContinuousClock()
  let start = clock.now
  let steps = 20_000
  var best = 0.0
  var seed: Vector.Scalar = 0.5
  repeat {
    let begin = clock.now
    let result = chains(Vector(repeating: seed), steps: steps)
    let elapsed = (clock.now - begin) / .seconds(1)
    // Feeding the result back keeps the optimiser from dropping or hoisting the work.
    seed = result < 1 ? 0.5 : 0.25
    best = max(best, Double(2 * 12 * Vector.scalarCount * steps) / elapsed / 1e9)
  } while (clock.now - start) / .seconds(1) < seconds
  return best
}

@inline(never)
private func chains<Vector: SIMD>(_ seed: Vector, steps: Int) -> Vector.Scalar
where Vector.Scalar: KernelScalar {
  let factor = Vector(repeating: 0.999)
  var c0 = seed, c1 = seed + 1, c2 = seed + 2, c3 = seed + 3
  var c4 = seed + 4, c5 = seed + 5, c6 = seed + 6, c7 = seed + 7
  var c8 = seed + 8, c9 = seed + 9, c10 = seed + 10, c11 = seed + 11
  for _ in 0..<steps {
    c0 = seed.addingProduct(c0, factor)
    c1 = seed.addingProduct(c1, factor)
    c2 = seed.addingProduct(c2, factor)
    c3 = seed.addingProduct(c3, factor)
    c4 = seed.addingProduct(c4, factor)
    c5 = seed.addingProduct(c5, factor)
    c6 = seed.addingProduct(c6, factor)
    c7 = seed.addingProduct(c7, factor)
    c8 = seed.addingProduct(c8, factor)
    c9 = seed.addingProduct(c9, factor)
    c10 = seed.addingProduct(c10, factor)
    c11 = seed.addingProduct(c11, factor)
  }
  return (c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11).sum()
}
