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

private func bestRate<Vector: KernelVector>(_ type: Vector.Type, seconds: Double) -> Double {
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
private func chains<Vector: KernelVector>(_ seed: Vector, steps: Int) -> Vector.Scalar {
  let factor = Vector(repeating: 0.999)
  var (c0, c1, c2, c3) = (seed, seed + 1, seed + 2, seed + 3)
  var (c4, c5, c6, c7) = (seed + 4, seed + 5, seed + 6, seed + 7)
  var (c8, c9, c10, c11) = (seed + 8, seed + 9, seed + 10, seed + 11)
  for _ in 0..<steps {
    c0 = seed.plus(c0, times: factor)
    c1 = seed.plus(c1, times: factor)
    c2 = seed.plus(c2, times: factor)
    c3 = seed.plus(c3, times: factor)
    c4 = seed.plus(c4, times: factor)
    c5 = seed.plus(c5, times: factor)
    c6 = seed.plus(c6, times: factor)
    c7 = seed.plus(c7, times: factor)
    c8 = seed.plus(c8, times: factor)
    c9 = seed.plus(c9, times: factor)
    c10 = seed.plus(c10, times: factor)
    c11 = seed.plus(c11, times: factor)
  }
  return (c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11).sum()
}
